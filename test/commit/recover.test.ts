import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Direction } from '../../generators/core/commit/direction.ts';
import { pendingTransaction, recoverTransaction } from '../../generators/core/commit/recover.ts';
import { commitChanges } from '../../generators/core/commit/transaction.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import type { Disk } from '../../generators/core/io/disk.ts';
import { memoryFolder, tempFolder } from './fixtures/folders.ts';
import { type Call, failureOf, hookedDisk, unflushedDisk } from './fixtures/hooked-disk.ts';
import { endsOf, filesIn, projectTree } from './fixtures/outcomes.ts';
import { ABSENT, remove, SCENARIOS, seen, write } from './fixtures/scenarios.ts';
import { leftoversIn, treeOf } from './fixtures/trees.ts';

/** A disk that does nothing more from a call on, as after a kill: what ran until then stays as it is. */
function diskUntil(stop: (call: Call) => boolean): Disk {
  let stopped = false;
  return hookedDisk((call) => {
    stopped ||= stop(call);
    if (stopped) throw failureOf('EIO', call);
  }, unflushedDisk);
}

const RUN = [
  write('a.txt', 'new a\n', seen('old a\n')),
  write('b.txt', 'new b\n', seen('old b\n')),
  write('c.txt', 'new c\n'),
  remove('d.txt', seen('old d\n')),
  write('e/f.txt', 'new f\n', ABSENT, 0o755),
];

/** A run that stopped just before it put the given path in its place, the journal being there. */
async function stoppedBefore(path: string): Promise<string> {
  const root = join(memoryFolder(), 'project');
  mkdirSync(root);
  for (const name of ['a', 'b', 'd']) writeFileSync(join(root, `${name}.txt`), `old ${name}\n`);
  const disk = diskUntil(
    ({ name, paths }) => name !== 'see' && paths.at(-1) === join(root, path) && isPut(name),
  );
  await expect(commitChanges(root, RUN, { disk })).rejects.toMatchObject({ exit: 7 });
  return root;
}

function isPut(name: string): boolean {
  return name === 'rename' || name === 'link' || name === 'remove';
}

function textsOf(root: string): Record<string, string | undefined> {
  const paths = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e/f.txt'];
  return Object.fromEntries(
    paths
      .filter((path) => existsSync(join(root, path)))
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

const OLD = { 'a.txt': 'old a\n', 'b.txt': 'old b\n', 'd.txt': 'old d\n' };
const NEW = { 'a.txt': 'new a\n', 'b.txt': 'new b\n', 'c.txt': 'new c\n', 'e/f.txt': 'new f\n' };

describe('an interrupted run', () => {
  it('is reported to a command that only reads, which changes nothing', async () => {
    const root = await stoppedBefore('b.txt');
    const before = treeOf(root);
    expect(pendingTransaction(root)).toEqual({
      kind: 'interrupted',
      paths: ['d.txt', 'a.txt', 'b.txt', 'c.txt', 'e/f.txt'],
    });
    expect(treeOf(root)).toEqual(before);
  });

  it('is finished by itself', async () => {
    const root = await stoppedBefore('b.txt');
    expect(recoverTransaction(root, 'auto')).toMatchObject({ kind: 'finished', kept: [] });
    expect(textsOf(root)).toEqual(NEW);
    expect(leftoversIn(root)).toEqual([]);
    expect(pendingTransaction(root)).toEqual({ kind: 'none' });
    expect(readFileSync(join(root, '.mlops/undo/1/before/1'), 'utf8')).toBe('old a\n');
  });

  it('is undone on demand', async () => {
    const root = await stoppedBefore('e/f.txt');
    expect(recoverTransaction(root, 'back')).toMatchObject({ kind: 'rolled-back', kept: [] });
    expect(textsOf(root)).toEqual(OLD);
    expect(existsSync(join(root, 'e'))).toBe(false);
    expect(existsSync(join(root, '.mlops'))).toBe(false);
  });

  it('is settled by the next commit before that does its own work', async () => {
    const root = await stoppedBefore('b.txt');
    const { recovery, undo } = await commitChanges(root, [write('g.txt', 'g\n')]);
    expect(recovery).toMatchObject({ kind: 'finished' });
    expect(undo).toBe(2);
    expect(textsOf(root)).toEqual(NEW);
  });

  it('that made the project is undone with the folders made for it', async () => {
    const folder = memoryFolder();
    const root = join(folder, 'new/project');
    const disk = diskUntil(({ name, paths }) => name === 'link' && paths[1]?.endsWith('mlops.yaml') === true);
    await expect(commitChanges(root, SCENARIOS.create.changes, { disk })).rejects.toMatchObject({ exit: 7 });
    expect(existsSync(join(root, 'README.md'))).toBe(true);
    recoverTransaction(root, 'back');
    expect(treeOf(folder)).toEqual({});
  });
});

async function callsOfRecovery(way: Direction): Promise<number> {
  const root = await stoppedBefore('c.txt');
  let calls = 0;
  const disk = hookedDisk(({ number }) => {
    calls = number;
  });
  recoverTransaction(root, way, disk);
  return calls;
}

/** What fails in the tidying at the very end is not reported. */
function exitOf(run: () => unknown): number {
  try {
    run();
    return 0;
  } catch (error) {
    if (error instanceof MlopsError) return error.exit;
    throw error;
  }
}

describe('a recovery', () => {
  it('removes the folders made for the project also if the run had released its lock', async () => {
    const folder = memoryFolder();
    const root = join(folder, 'new/project');
    const disk = hookedDisk((call) => {
      const failing = call.name === 'link' && call.paths[1]?.endsWith('mlops.yaml');
      const cannotUndo = call.name === 'remove' && call.paths[0] === join(root, 'README.md');
      if (failing || cannotUndo) throw failureOf('EIO', call);
    });
    await expect(commitChanges(root, SCENARIOS.create.changes, { disk })).rejects.toThrow('next run');
    expect(existsSync(join(root, '.mlops/lock'))).toBe(false);
    expect(recoverTransaction(root, 'back').kind).toBe('rolled-back');
    expect(treeOf(folder)).toEqual({});
  });

  it.each(['forward', 'back', 'auto'] as const)(
    'can itself be cut off at any call and run again: %s',
    async (way) => {
      const calls = await callsOfRecovery(way);
      for (let at = 1; at <= calls; at++) {
        const root = await stoppedBefore('c.txt');
        const cutOff = diskUntil(({ number }) => number >= at);
        expect(
          exitOf(() => recoverTransaction(root, way, cutOff)),
          `call ${at}`,
        ).toBeOneOf([0, 7]);
        recoverTransaction(root, 'auto');
        expect([OLD, NEW], `call ${at}`).toContainEqual(textsOf(root));
        expect(leftoversIn(root), `call ${at}`).toEqual([]);
      }
    },
  );

  it('gives the same trees as an undisturbed run', async () => {
    const ends = await endsOf(SCENARIOS.update, memoryFolder());
    for (const [way, tree] of [
      ['forward', ends.wanted],
      ['back', ends.old],
    ] as const) {
      const folder = memoryFolder();
      const root = join(folder, SCENARIOS.update.root);
      SCENARIOS.update.prepare(root);
      const disk = diskUntil(({ name, paths }) => name === 'rename' && paths[1] === join(root, 'run.sh'));
      await expect(commitChanges(root, SCENARIOS.update.changes, { disk })).rejects.toThrow('next run');
      recoverTransaction(root, way);
      expect(filesIn(projectTree(folder, SCENARIOS.update))).toEqual(filesIn(tree));
      expect(leftoversIn(root)).toEqual([]);
    }
  });

  it('does nothing in a folder without a project', () => {
    const folder = tempFolder();
    expect(recoverTransaction(folder, 'auto')).toEqual({ kind: 'none' });
    expect(recoverTransaction(join(folder, 'missing'), 'auto')).toEqual({ kind: 'none' });
    expect(treeOf(folder)).toEqual({});
  });
});

describe('a file edited between the stop and the recovery', () => {
  const edits = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e/f.txt'];
  const ways = ['auto', 'back', 'forward'] as const;
  const cases = edits.flatMap((path) => ways.map((way) => ({ path, way })));

  it.each(cases)('is never overwritten: $path, $way', async ({ path, way }) => {
    for (const inPlace of [true, false]) {
      const root = await stoppedBefore('b.txt');
      mkdirSync(join(root, 'e'), { recursive: true });
      const at = join(root, path);
      if (inPlace) writeFileSync(at, 'the edit\n');
      else {
        writeFileSync(`${at}.tmp`, 'the edit\n');
        renameSync(`${at}.tmp`, at);
      }
      const recovery = recoverTransaction(root, way);
      expect(readFileSync(at, 'utf8')).toBe('the edit\n');
      expect(recovery).toMatchObject({ kept: [path] });
      const others = recovery.kind === 'finished' ? NEW : OLD;
      expect(textsOf(root)).toEqual({ ...others, [path]: 'the edit\n' });
      expect(leftoversIn(root)).toEqual([]);
    }
  });

  it('makes it go back where the old file was edited, so that the edit stays one on top of the old base', async () => {
    const root = await stoppedBefore('b.txt');
    writeFileSync(join(root, 'b.txt'), 'the edit\n');
    expect(recoverTransaction(root, 'auto').kind).toBe('rolled-back');
  });

  it('lets it finish where the new file was edited', async () => {
    const root = await stoppedBefore('b.txt');
    writeFileSync(join(root, 'a.txt'), 'the edit\n');
    expect(recoverTransaction(root, 'auto').kind).toBe('finished');
  });

  it('has its old content kept as an undo entry when all else goes back', async () => {
    const root = await stoppedBefore('b.txt');
    writeFileSync(join(root, 'a.txt'), 'the edit\n');
    recoverTransaction(root, 'back');
    expect(readFileSync(join(root, '.mlops/undo/1/before/1'), 'utf8')).toBe('old a\n');
    const { entries } = JSON.parse(readFileSync(join(root, '.mlops/undo/1/run.json'), 'utf8'));
    expect(entries[1]).toMatchObject({ path: 'a.txt', before: seen('old a\n'), after: seen('new a\n') });
    expect(entries[2].before).toEqual(entries[2].after);
  });

  it('stays deleted if it was deleted after it had been replaced', async () => {
    const root = await stoppedBefore('b.txt');
    rmSync(join(root, 'a.txt'));
    expect(recoverTransaction(root, 'forward')).toMatchObject({ kind: 'finished', kept: ['a.txt'] });
    expect(textsOf(root)).toEqual({ 'b.txt': 'new b\n', 'c.txt': 'new c\n', 'e/f.txt': 'new f\n' });
  });

  it('is left alone behind a link that appeared above it', async () => {
    const root = await stoppedBefore('e/f.txt');
    mkdirSync(join(root, '../outside'));
    rmSync(join(root, 'e'), { recursive: true, force: true });
    symlinkSync('../outside', join(root, 'e'));
    expect(recoverTransaction(root, 'forward')).toMatchObject({ kept: ['e/f.txt'] });
    expect(treeOf(join(root, '../outside'))).toEqual({});
  });
});

describe('a folder that became a link between the stop and the recovery', () => {
  it('is not followed to remove what lies behind it', async () => {
    const root = join(memoryFolder(), 'project');
    const target = join(root, 'made/deep/f.txt');
    const disk = diskUntil(({ name, paths }) => name === 'link' && paths[1] === target);
    const run = commitChanges(root, [write('a.txt', 'a\n'), write('made/deep/f.txt', 'f\n')], { disk });
    await expect(run).rejects.toThrow('next run');
    rmSync(join(root, 'made'), { recursive: true });
    mkdirSync(join(root, '../outside/deep'), { recursive: true });
    symlinkSync('../outside', join(root, 'made'));
    expect(recoverTransaction(root, 'back')).toMatchObject({
      kind: 'rolled-back',
      kept: ['made/deep/f.txt'],
    });
    expect(treeOf(root)).toEqual({ made: 'link to ../outside' });
    expect(existsSync(join(root, '../outside/deep'))).toBe(true);
  });
});

describe('a transaction that somebody has changed by hand', () => {
  it('is undone where new content is missing', async () => {
    const root = await stoppedBefore('b.txt');
    rmSync(join(root, '.mlops/txn/new'), { recursive: true });
    expect(recoverTransaction(root, 'auto').kind).toBe('rolled-back');
    expect(textsOf(root)).toEqual(OLD);
  });

  it('is finished where old content is missing', async () => {
    const root = await stoppedBefore('b.txt');
    rmSync(join(root, '.mlops/txn/undo/before/1'));
    expect(recoverTransaction(root, 'auto').kind).toBe('finished');
    expect(textsOf(root)).toEqual(NEW);
  });

  it('has the old content kept aside anew where something else lies in its place', async () => {
    const root = await stoppedBefore('b.txt');
    rmSync(join(root, '.mlops/txn/undo/before/2'));
    writeFileSync(join(root, '.mlops/txn/undo/before/2'), 'forged\n');
    recoverTransaction(root, 'forward');
    expect(textsOf(root)).toEqual(NEW);
    expect(readFileSync(join(root, '.mlops/undo/1/before/2'), 'utf8')).toBe('old b\n');
  });

  it('is left as it is where neither way can be gone, and the paths are named', async () => {
    const root = await stoppedBefore('b.txt');
    writeFileSync(join(root, '.mlops/txn/undo/before/1'), 'forged\n');
    writeFileSync(join(root, '.mlops/txn/new/3'), 'forged\n');
    const before = textsOf(root);
    expect(() => recoverTransaction(root, 'auto')).toThrow(expect.objectContaining({ exit: 5 }));
    expect(() => recoverTransaction(root, 'back')).toThrow(
      expect.objectContaining({
        code: 'MLOPS_E_RECOVERY',
        details: [expect.objectContaining({ path: 'a.txt' })],
      }),
    );
    expect(textsOf(root)).toEqual(before);
  });

  it.each([
    ['text', 'not JSON'],
    ['a path outside', JSON.stringify(journalFor('../outside.txt'))],
    ['a path in .git', JSON.stringify(journalFor('.git/config'))],
    ['a path of its own', JSON.stringify(journalFor('.mlops/lock'))],
    ['a later format', JSON.stringify({ ...journalFor('a.txt'), schema: 2 })],
  ])('is not acted on when its journal holds %s', async (_, text) => {
    const folder = memoryFolder();
    const root = join(folder, 'project');
    mkdirSync(join(root, '.mlops/txn/new'), { recursive: true });
    writeFileSync(join(root, '.mlops/txn/journal.json'), text);
    writeFileSync(join(root, '.mlops/txn/new/0'), 'forged\n');
    const before = treeOf(folder);
    expect(() => recoverTransaction(root, 'auto')).toThrow(
      expect.objectContaining({ code: 'MLOPS_E_RECOVERY' }),
    );
    await expect(commitChanges(root, [write('a.txt', 'a\n')])).rejects.toMatchObject({ exit: 5 });
    expect(treeOf(folder)).toEqual(before);
  });
});

function journalFor(path: string): object {
  const entries = [{ path, before: ABSENT, after: seen('forged\n') }];
  return { schema: 1, id: '00000000-0000', levels: 0, keepsUndo: false, made: [], emptied: [], entries };
}

describe('what a run left that was killed before its journal', () => {
  it('is removed by the next run', async () => {
    const root = memoryFolder();
    mkdirSync(join(root, '.mlops/txn/new'), { recursive: true });
    writeFileSync(join(root, '.mlops/txn/new/0'), 'half');
    writeFileSync(join(root, '.mlops/txn/journal.json.new'), '{');
    await commitChanges(root, [write('a.txt', 'a\n')]);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('is removed without following links in it', async () => {
    const folder = memoryFolder();
    const root = join(folder, 'project');
    mkdirSync(join(root, '.mlops/txn/new'), { recursive: true });
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/theirs.txt'), 'theirs\n');
    symlinkSync('../../../../outside', join(root, '.mlops/txn/new/0'));
    recoverTransaction(root, 'auto');
    expect(existsSync(join(folder, 'outside/theirs.txt'))).toBe(true);
    expect(existsSync(join(root, '.mlops'))).toBe(false);
  });
});
