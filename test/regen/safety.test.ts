import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { planRegeneration } from '../../generators/core/answers-regeneration.ts';
import { packageCatalog } from '../../generators/core/catalog/catalog.ts';
import { enterProject, leaveProject } from '../../generators/core/commit/project.ts';
import { writeChangeset } from '../../generators/core/commit/write-changeset.ts';
import { nodeDisk } from '../../generators/core/io/node-disk.ts';
import { readSavedProject } from '../../generators/core/saved-project.ts';
import { failureOf, hookedDisk, READS } from '../commit/fixtures/hooked-disk.ts';
import { contentsOf, tempFolder } from '../support/folders.ts';
import { MAIN, mlops } from '../support/mlops.ts';
import { kinds } from './fixtures/kinds.ts';
import { World } from './fixtures/world.ts';

const NEW = ['--archetype=small-data', '--yes', '--no-install'];
let made = '';

beforeAll(() => {
  const folder = tempFolder();
  expect(mlops(folder, 'new', 'churn', ...NEW).code).toBe(0);
  made = join(folder, 'churn');
});

function project(): string {
  const folder = join(tempFolder(), 'churn');
  cpSync(made, folder, { recursive: true });
  return folder;
}

/** All files but what the transaction keeps for itself. */
function treeIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contentsOf(folder)).filter(([path]) => !/^\.mlops\/(undo|txn|lock)/.test(path)),
  );
}

/** Runs `--ci=none` on a disk that fails for good once the first user's file is replaced. */
async function interrupt(folder: string): Promise<void> {
  const catalog = packageCatalog();
  const saved = readSavedProject(catalog, folder);
  if (saved.applied === undefined) throw new Error('the answers do not read');
  const choices = new Map([...saved.applied.choices, ['ci', 'none']]);
  const spec = { ...saved.applied, choices, page: () => '# Page\n' };
  const { changeset, state } = planRegeneration(catalog, folder, saved, spec, { conflict: 'markers' });
  let renames = 0;
  const disk = hookedDisk((call) => {
    if (call.name === 'rename') renames += 1;
    if (renames > 2 && !READS.has(call.name)) throw failureOf('EROFS', call);
  });
  await expect(writeChangeset(folder, changeset, state, { disk })).rejects.toMatchObject({ exit: 7 });
  // That disk did not even let the lock go, and this process is not dead.
  rmSync(join(folder, '.mlops/lock'));
}

describe('a run that was interrupted', () => {
  it.each([['back'], ['forward']])(
    'goes --recover=%s, and read-only commands only say that it is there',
    async (direction) => {
      const folder = project();
      const before = treeIn(folder);
      await interrupt(folder);
      const half = contentsOf(folder);
      for (const option of ['--plan', '--check']) {
        expect(mlops(folder, 'regenerate', option)).toMatchObject({
          code: 5,
          stderr: expect.stringMatching(/interrupted/),
        });
      }
      expect(contentsOf(folder)).toEqual(half);
      const ran = mlops(folder, 'regenerate', `--recover=${direction}`, '--json');
      expect([ran.code, JSON.parse(ran.stdout).status]).toEqual([0, 'written']);
      if (direction === 'back') expect(treeIn(folder)).toEqual(before);
      else expect(Object.keys(treeIn(folder)).filter((path) => path.startsWith('.github'))).toEqual([]);
      expect(mlops(folder, 'regenerate', '--recover=back').stdout).toMatch(/No run was interrupted/);
    },
  );

  it('is settled by the next one by itself', async () => {
    const folder = project();
    await interrupt(folder);
    expect(mlops(folder, 'regenerate', '--ci=none').code).toBe(0);
    expect(mlops(folder, 'regenerate', '--ci=github').code).toBe(0);
    expect(treeIn(folder)).toEqual(treeIn(made));
  });
});

describe('somebody else at work', () => {
  it('who edits a file between plan and writing is not overwritten (57)', async () => {
    const world = await World.create(kinds());
    const { changeset, state } = world.plan({ colour: 'red' });
    world.append('README.md', 'U_late\n');
    const before = world.tree();
    await expect(writeChangeset(world.root, changeset, state, {})).rejects.toMatchObject({
      code: 'MLOPS_E_STALE',
      exit: 5,
    });
    expect(world.tree()).toEqual(before);
  });

  it('who holds the lock is waited for: the second run ends with 6 (56)', async () => {
    const world = await World.create(kinds());
    const held = enterProject(nodeDisk, world.root);
    await expect(world.regenerate({ colour: 'red' })).rejects.toMatchObject({ exit: 6 });
    leaveProject(held, 0);
    await world.regenerate({ colour: 'red' });
  });
});

describe('other surroundings', () => {
  it('give the same bytes: time zone, locale, umask, folder (2)', () => {
    const env = { ...process.env, TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
    const folder = tempFolder();
    const script = `umask 077; "$0" "$1" new churn ${NEW.join(' ')} && cd churn && "$0" "$1" regenerate --ci=none && "$0" "$1" regenerate --ci=github`;
    const { status } = spawnSync('sh', ['-c', script, process.execPath, MAIN], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(treeIn(join(folder, 'churn'))).toEqual(treeIn(made));
  });

  const canUnshare = spawnSync('unshare', ['-rn', 'true']).status === 0;

  it.runIf(canUnshare)('without a network: create, regenerate, undo (39)', () => {
    const folder = tempFolder();
    const script = `"$0" "$1" new churn ${NEW.join(' ')} && cd churn && "$0" "$1" regenerate --ci=none && "$0" "$1" regenerate --undo`;
    const { status } = spawnSync('unshare', ['-rn', 'sh', '-c', script, process.execPath, MAIN], {
      cwd: folder,
    });
    expect(status).toBe(0);
    expect(treeIn(join(folder, 'churn'))).toEqual(treeIn(made));
  });

  it.each([
    ['a second work tree', (git: Git, top: string) => git('worktree', 'add', '-q', join(top, '../second'))],
    [
      'a shallow clone',
      (git: Git, top: string) => git('clone', '-q', '--depth=1', `file://${top}`, join(top, '../second')),
    ],
    [
      'a submodule',
      (_: Git, top: string) => {
        execFileSync('git', ['init', '-q', join(top, '../outer')]);
        const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', top, 'inner'];
        execFileSync('git', add, { cwd: join(top, '../outer') });
        execFileSync('ln', ['-s', join(top, '../outer/inner'), join(top, '../second')]);
      },
    ],
  ] as const)('%s is told of conflicts in its index (52)', async (_, prepare) => {
    const top = join(tempFolder(), 'first');
    const world = await World.create(kinds(), {}, {}, top);
    const git: Git = (...args) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: top,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    prepare(git, top);
    const second = World.open(kinds(), join(world.root, '../second'));
    second.edit('README.md', (text) => text.replace('It is blue.', 'It is U_blue.'));
    await second.regenerate({ colour: 'red' });
    const status = execFileSync('git', ['status', '--short', 'README.md'], {
      cwd: second.root,
      encoding: 'utf8',
    });
    expect(status).toBe('UU README.md\n');
  });
});

type Git = (...args: string[]) => string;
