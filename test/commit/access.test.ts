import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { givenToUser } from '../support/unprivileged.ts';
import { runUnprivileged } from './fixtures/child.ts';
import { tempFolder } from './fixtures/folders.ts';
import { SCENARIOS } from './fixtures/scenarios.ts';
import { treeOf } from './fixtures/trees.ts';

/** A prepared project that belongs to the user who will write it. */
function ownProject(): string {
  const folder = tempFolder();
  const root = join(folder, 'project');
  SCENARIOS.update.prepare(root);
  return givenToUser(root);
}

function forbid(path: string): void {
  chmodSync(path, 0o555);
  onTestFinished(() => chmodSync(path, 0o755));
}

const OWN_MOUNTS = ['unshare', '--user', '--map-root-user', '--mount'];
const canMount = endOf([...OWN_MOUNTS, 'true']).status === 0;

function endOf([program = '', ...rest]: readonly string[]) {
  return spawnSync(program, rest, { encoding: 'utf8' });
}

interface Observed {
  readonly free: number;
  readonly code: string;
  readonly isOld: boolean;
  readonly isNew: boolean;
  readonly leftovers: readonly string[];
}

/** What runs do on a real disk that is nearly full, and on one that is read-only. */
function observeSmallDisk(): Observed[] {
  const program = fileURLToPath(new URL('fixtures/small-disk.ts', import.meta.url));
  const script = 'mount -t tmpfs -o size=256k tmpfs "$1" && exec "$2" "$3" "$1"';
  const command = [...OWN_MOUNTS, 'sh', '-c', script, 'sh', tempFolder(), process.execPath, program];
  const { stdout, stderr } = endOf(command);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe.runIf(canMount)('a real disk', () => {
  it('that is full or read-only leaves the tree as it was, until there is room for all', () => {
    const observed = observeSmallDisk();
    for (const { code, isOld, isNew, leftovers } of observed) {
      const isDone = code === 'done';
      expect({ isOld, isNew, leftovers }).toEqual({ isOld: !isDone, isNew: isDone, leftovers: [] });
    }
    const full = observed.filter(({ free }) => free >= 0).map(({ code }) => code);
    expect(new Set(full)).toEqual(new Set(['MLOPS_E_IO', 'done']));
    expect(observed.at(-1)).toMatchObject({ free: -1, code: 'MLOPS_E_IO' });
  });
});

describe('without permission', () => {
  it.each(['src', 'dropped/deep', '.mlops/base'])(
    'to write in %s, it says so before anything changes',
    (path) => {
      const root = ownProject();
      forbid(join(root, path));
      const before = treeOf(root);
      const { exit, stderr } = runUnprivileged(root, 'update');
      expect(stderr).toBe(
        `MLOPS_E_IO Cannot change ${path}: permission is denied (EACCES); nothing was changed.\n`,
      );
      expect(exit).toBe(7);
      expect(treeOf(root)).toEqual(before);
    },
  );

  it.each(['.', '.mlops'])('to write in %s, where the transaction would be, nothing changes', (path) => {
    const root = ownProject();
    forbid(join(root, path));
    const before = treeOf(root);
    const { exit, stderr } = runUnprivileged(root, 'update');
    expect(stderr).toMatch(
      /^MLOPS_E_IO Cannot change .*: permission is denied \(EACCES\); nothing was changed\./,
    );
    expect(exit).toBe(7);
    expect(treeOf(root)).toEqual(before);
  });

  it('to make the project, the place is named', () => {
    const folder = tempFolder();
    forbid(folder);
    const { exit, stderr } = runUnprivileged(join(folder, 'new/project'), 'create');
    expect(stderr).toContain(`Cannot change ${join(folder, 'new')}: permission is denied`);
    expect(exit).toBe(7);
  });

  it('to read a file that it would replace, nothing changes', () => {
    const root = ownProject();
    chmodSync(join(root, 'README.md'), 0o000);
    const { exit, stderr } = runUnprivileged(root, 'update');
    expect(stderr).toContain('README.md: permission is denied');
    expect(exit).toBe(7);
  });

  it('to write a file but not its folder, the file is replaced and stays read-only', () => {
    const root = ownProject();
    chmodSync(join(root, 'src/model.py'), 0o444);
    expect(runUnprivileged(root, 'update').exit).toBe(0);
    expect(readFileSync(join(root, 'src/model.py'), 'utf8')).toBe('new model\n');
  });

  it.runIf(process.getuid?.() === 0)('to link a file that others own, it is kept aside by renaming', () => {
    const root = ownProject();
    chownSync(join(root, 'src/model.py'), 0, 0);
    expect(runUnprivileged(root, 'update').exit).toBe(0);
    expect(readFileSync(join(root, 'src/model.py'), 'utf8')).toBe('new model\n');
  });
});
