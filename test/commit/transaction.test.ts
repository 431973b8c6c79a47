import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitChanges } from '../../generators/core/commit/transaction.ts';
import { unpackedBytes } from '../../generators/core/commit/written-bytes.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import type { Disk } from '../../generators/core/io/disk.ts';
import { relPath } from '../../generators/core/rel-path.ts';
import { tempFolder } from './fixtures/folders.ts';
import { type Call, failureOf, hookedDisk, unflushedDisk } from './fixtures/hooked-disk.ts';
import { remove, SCENARIOS, seen, write } from './fixtures/scenarios.ts';
import { leftoversIn, treeOf, writeTree } from './fixtures/trees.ts';

function projectWith(files: Readonly<Record<string, string>>): string {
  const root = join(tempFolder(), 'project');
  writeTree(root, files);
  return root;
}

function textOf(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The bytes that an undo entry has as the run's own, by path; of the generator's files it keeps none. */
function writtenBy(root: string, run: number): Readonly<Record<string, string>> {
  const { entries } = JSON.parse(textOf(root, `.mlops/undo/${run}/run.json`));
  const packed = unpackedBytes(readFileSync(join(root, `.mlops/undo/${run}/after`)));
  return Object.fromEntries(
    [...packed].map(([index, bytes]) => [entries[index].path, Buffer.from(bytes).toString('utf8')]),
  );
}

describe('a creation', () => {
  it('makes the root, its parents and all files, with the wanted modes', async () => {
    const root = join(tempFolder(), 'not/yet/there');
    await commitChanges(root, SCENARIOS.create.changes);
    expect(textOf(root, 'src/package/model.py')).toBe('model = 1\n');
    expect(lstatSync(join(root, 'bin/run.sh')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(root, 'mlops.yaml')).mode & 0o777).toBe(0o644);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('gives the same modes under any umask', async () => {
    const old = process.umask(0o077);
    const root = join(tempFolder(), 'project');
    await commitChanges(root, SCENARIOS.create.changes).finally(() => process.umask(old));
    expect(lstatSync(join(root, 'README.md')).mode & 0o777).toBe(0o644);
  });

  it('keeps no undo entry for a new project', async () => {
    const root = join(tempFolder(), 'project');
    const { undo } = await commitChanges(root, SCENARIOS.create.changes);
    expect(undo).toBeUndefined();
    expect(readdirSync(join(root, '.mlops')).sort()).toEqual(['base', 'base.lock']);
  });

  it('leaves no folder of its own where no state is written', async () => {
    const root = join(tempFolder(), 'project');
    await commitChanges(root, [write('mlops.yaml', 'x\n')]);
    expect(readdirSync(root)).toEqual(['mlops.yaml']);
  });

  it('leaves other files of an existing folder alone', async () => {
    const root = projectWith({ 'notes.txt': 'mine\n', 'src/own.py': 'mine\n' });
    const before = lstatSync(join(root, 'src/own.py')).mtimeMs;
    await commitChanges(root, SCENARIOS.create.changes);
    expect(textOf(root, 'src/own.py')).toBe('mine\n');
    expect(lstatSync(join(root, 'src/own.py')).mtimeMs).toBe(before);
    expect(textOf(root, 'src/package/model.py')).toBe('model = 1\n');
  });

  it('does nothing at all for no changes', async () => {
    const root = join(tempFolder(), 'project');
    await commitChanges(root, []);
    expect(existsSync(root)).toBe(false);
  });

  it('writes through a link to the root, as the user named it', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'alias'));
    await commitChanges(join(folder, 'alias'), SCENARIOS.create.changes);
    expect(textOf(join(folder, 'real'), 'README.md')).toBe('readme\n');
  });
});

describe('an update', () => {
  it('replaces, adds, deletes and prunes, and leaves the rest', async () => {
    const root = join(tempFolder(), 'project');
    SCENARIOS.update.prepare(root);
    const { undo } = await commitChanges(root, SCENARIOS.update.changes);
    expect(undo).toBe(1);
    expect(textOf(root, 'README.md')).toBe('new readme\n');
    expect(textOf(root, 'src/keep.py')).toBe('the user wrote this\n');
    expect(textOf(root, 'swapped/inside.txt')).toBe('now a folder\n');
    expect(lstatSync(join(root, 'run.sh')).mode & 0o111).toBe(0);
    expect(existsSync(join(root, 'dropped'))).toBe(false);
    expect(existsSync(join(root, '.mlops/base/dropped'))).toBe(false);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('keeps the old and the written bytes in the undo entry, with a list of both', async () => {
    const root = projectWith({ 'a.txt': 'old\n' });
    await commitChanges(root, [write('a.txt', 'new\n', seen('old\n')), write('b.txt', 'added\n')]);
    expect(textOf(root, '.mlops/undo/1/before/0')).toBe('old\n');
    expect(writtenBy(root, 1)).toEqual({ 'a.txt': 'new\n' });
    expect(JSON.parse(textOf(root, '.mlops/undo/1/run.json')).entries).toMatchObject([
      { path: 'a.txt', before: seen('old\n'), after: seen('new\n') },
      { path: 'b.txt', before: { kind: 'absent' }, after: seen('added\n') },
    ]);
  });

  it('does not let a later edit in place reach the undo entry', async () => {
    const root = projectWith({ 'a.txt': 'old\n' });
    await commitChanges(root, [write('a.txt', 'new\n', seen('old\n'))]);
    writeFileSync(join(root, 'a.txt'), 'edited\n');
    expect(textOf(root, '.mlops/undo/1/before/0')).toBe('old\n');
    expect(writtenBy(root, 1)).toEqual({ 'a.txt': 'new\n' });
  });

  it('keeps the five latest undo entries', async () => {
    const root = projectWith({ 'a.txt': '0\n' });
    for (let run = 1; run <= 7; run++) {
      const { undo } = await commitChanges(root, [write('a.txt', `${run}\n`, seen(`${run - 1}\n`))]);
      expect(undo).toBe(run);
    }
    expect(readdirSync(join(root, '.mlops/undo')).sort()).toEqual(['3', '4', '5', '6', '7']);
  });

  it('keeps a file private that the user made private', async () => {
    const root = projectWith({ 'a.txt': 'old\n' });
    chmodSync(join(root, 'a.txt'), 0o600);
    await commitChanges(root, [write('a.txt', 'new\n', seen('old\n', 0o600), 0o755)]);
    expect(lstatSync(join(root, 'a.txt')).mode & 0o777).toBe(0o700);
  });

  it('puts a file where a folder was that it empties', async () => {
    const root = projectWith({ 'a/b/c.txt': 'x\n' });
    await commitChanges(root, [remove('a/b/c.txt', seen('x\n')), write('a', 'a file\n')]);
    expect(textOf(root, 'a')).toBe('a file\n');
  });

  it('keeps a folder in which the user has something else', async () => {
    const root = projectWith({ 'a/b.txt': 'x\n', 'a/own.txt': 'mine\n' });
    await commitChanges(root, [remove('a/b.txt', seen('x\n'))]);
    expect(treeOf(root)).toMatchObject({ a: 'folder', 'a/own.txt': expect.anything() });
  });

  it('renames the base after the files, and the answers last', async () => {
    const root = join(tempFolder(), 'project');
    SCENARIOS.update.prepare(root);
    const placed: string[] = [];
    const disk = hookedDisk(({ name, paths }) => {
      const to = paths[1]?.slice(root.length + 1);
      if (/^(link|rename)$/.test(name) && to !== undefined && !/\.mlops\/(txn|undo|lock)/.test(to))
        placed.push(to);
    });
    await commitChanges(root, SCENARIOS.update.changes, { disk });
    const firstOwn = placed.findIndex((path) => path.startsWith('.mlops/'));
    expect(placed.slice(firstOwn)).toEqual(['.mlops/base.lock', '.mlops/base/README.md.base', 'mlops.yaml']);
  });

  it('syncs every staged file and every changed folder once', async () => {
    const root = join(tempFolder(), 'project');
    SCENARIOS.update.prepare(root);
    const synced: string[] = [];
    let files = 0;
    const disk = hookedDisk(({ name, paths }) => {
      if (name === 'sync' || name === 'flush') files += 1;
      if (name === 'syncFolder' || name === 'flushFolder') synced.push(String(paths[0]).slice(root.length));
    });
    await commitChanges(root, SCENARIOS.update.changes, { disk });
    const written = SCENARIOS.update.changes.filter(({ kind }) => kind === 'write').length;
    expect(files).toBe(written + 1);
    expect(synced.filter((folder) => folder.startsWith('/src') || folder.startsWith('/swapped'))).toEqual([
      '/src/added',
      '/src',
      '/swapped',
    ]);
  });
});

describe('what undo keeps of a run', () => {
  const merged = [
    write('a.txt', 'new\n', seen('old\n')),
    write('b.txt', 'new, and edited\n', seen('edited\n')),
    write('.mlops/base/a.txt.base', 'new\n', seen('old\n')),
    write('.mlops/base/b.txt.base', 'new too\n', seen('old\n')),
  ];
  const OLD = {
    'a.txt': 'old\n',
    'b.txt': 'edited\n',
    '.mlops/base/a.txt.base': 'old\n',
    '.mlops/base/b.txt.base': 'old\n',
  };

  it('is a file of its own: neither an edit in place nor one of the base reaches it', async () => {
    const root = projectWith(OLD);
    await commitChanges(root, merged);
    writeFileSync(join(root, 'a.txt'), 'edited in place\n');
    writeFileSync(join(root, 'b.txt'), 'edited in place\n');
    writeFileSync(join(root, '.mlops/base/b.txt.base'), 'edited in place\n');
    expect(writtenBy(root, 1)).toEqual({ 'a.txt': 'new\n', 'b.txt': 'new, and edited\n' });
    expect(textOf(root, '.mlops/base/a.txt.base')).toBe('new\n');
  });

  it('cannot be read by those who may not read one of the files', async () => {
    const root = projectWith(OLD);
    chmodSync(join(root, 'a.txt'), 0o600);
    await commitChanges(root, [write('a.txt', 'new\n', seen('old\n', 0o600)), ...merged.slice(1)]);
    expect(lstatSync(join(root, '.mlops/undo/1/after')).mode & 0o777).toBe(0o600);
  });

  it('outlives the base that the next run writes', async () => {
    const root = projectWith(OLD);
    await commitChanges(root, merged);
    await commitChanges(root, [
      write('a.txt', 'newer\n', seen('new\n')),
      write('.mlops/base/a.txt.base', 'newer\n', seen('new\n')),
    ]);
    expect(writtenBy(root, 1)).toEqual({ 'a.txt': 'new\n', 'b.txt': 'new, and edited\n' });
    expect(writtenBy(root, 2)).toEqual({ 'a.txt': 'newer\n' });
  });
});

describe('a stale plan', () => {
  const cases = [
    {
      what: 'a file that was changed',
      change: write('a.txt', 'new\n', seen('other\n')),
      says: 'it was changed',
    },
    { what: 'a file that was added', change: write('a.txt', 'new\n'), says: 'it was added' },
    { what: 'a file that is gone', change: write('b.txt', 'new\n', seen('x\n')), says: 'it is gone' },
    { what: 'a file made executable', change: write('run.sh', 'x\n', seen('old\n')), says: 'it was changed' },
    { what: 'a folder in its place', change: write('folder', 'new\n'), says: 'a folder is there' },
    { what: 'a file as its folder', change: write('a.txt/b', 'new\n'), says: 'a file is above it' },
    {
      what: 'a delete of what was changed',
      change: remove('a.txt', seen('other\n')),
      says: 'it was changed',
    },
  ];
  it.each(cases)('is refused for $what, with nothing written', async ({ change, says }) => {
    const root = projectWith({ 'a.txt': 'old\n', 'run.sh': 'old\n', 'folder/own.txt': 'mine\n' });
    const before = treeOf(root);
    const run = commitChanges(root, [write('fine.txt', 'fine\n'), change]);
    await expect(run).rejects.toMatchObject({
      code: 'MLOPS_E_STALE',
      exit: 5,
      details: [{ path: change.path, message: says }],
    });
    expect(treeOf(root)).toEqual(before);
    expect(existsSync(join(root, '.mlops'))).toBe(false);
  });

  it('names every path that differs', async () => {
    const root = projectWith({ 'a.txt': 'old\n', 'b.txt': 'old\n' });
    const run = commitChanges(root, [write('a.txt', 'new\n'), write('b.txt', 'new\n')]);
    await expect(run).rejects.toThrow('a.txt, b.txt');
  });

  it('is noticed as late as just before the rename, and all is brought back', async () => {
    for (const edited of ['a.txt', 'b.txt', 'new.txt', 'gone.txt']) {
      const root = projectWith({ 'a.txt': 'old a\n', 'b.txt': 'old b\n', 'gone.txt': 'old\n' });
      const before = treeOf(root);
      const disk = hookedDisk(({ name, paths }) => {
        if (name === 'syncFolder' && paths[0]?.endsWith('.mlops'))
          writeFileSync(join(root, edited), 'the edit\n');
      });
      const run = commitChanges(
        root,
        [
          write('a.txt', 'new\n', seen('old a\n')),
          write('b.txt', 'new\n', seen('old b\n')),
          write('new.txt', 'new\n'),
          remove('gone.txt', seen('old\n')),
        ],
        { disk },
      );
      await expect(run).rejects.toMatchObject({ code: 'MLOPS_E_STALE', details: [{ path: edited }] });
      expect(textOf(root, edited)).toBe('the edit\n');
      expect(treeOf(root)).toEqual({ ...before, [edited]: expect.stringMatching(/^file/) });
      expect(leftoversIn(root)).toEqual([]);
    }
  });
});

describe('a target that it must not touch', () => {
  it('is refused where a folder above is a link, even one that stays in the project', async () => {
    for (const [link, target] of [
      ['src', '../outside'],
      ['src', 'own'],
      ['src/package', '../../outside'],
    ] as const) {
      const folder = tempFolder();
      const root = join(folder, 'project');
      writeTree(root, { 'own/x.txt': 'mine\n' });
      writeTree(join(folder, 'outside'), { 'y.txt': 'theirs\n' });
      if (link !== 'src') mkdirSync(join(root, 'src'));
      symlinkSync(target, join(root, link));
      const before = treeOf(folder);
      const run = commitChanges(root, SCENARIOS.create.changes);
      await expect(run).rejects.toMatchObject({ code: 'MLOPS_E_UNSAFE_TARGET', exit: 5 });
      await expect(run).rejects.toThrow('src/package/model.py');
      expect(treeOf(folder)).toEqual(before);
    }
  });

  it.each(['.mlops', '.mlops/txn', '.mlops/undo', '.mlops/lock', '.mlops/base'])(
    'is refused where %s is a link',
    async (path) => {
      const folder = tempFolder();
      const root = join(folder, 'project');
      writeTree(join(folder, 'outside'), { 'y.txt': 'theirs\n' });
      mkdirSync(join(root, path, '..'), { recursive: true });
      symlinkSync(join(folder, 'outside'), join(root, path));
      const run = commitChanges(root, SCENARIOS.create.changes);
      await expect(run).rejects.toMatchObject({ code: 'MLOPS_E_UNSAFE_TARGET', exit: 5 });
      expect(treeOf(join(folder, 'outside'))).toEqual({ 'y.txt': expect.anything() });
      expect(existsSync(join(root, 'README.md'))).toBe(false);
    },
  );

  it('is noticed when the link is planted after the check', async () => {
    const folder = tempFolder();
    const root = join(folder, 'project');
    mkdirSync(join(folder, 'outside'));
    const disk = hookedDisk(({ name, paths }) => {
      const isPublished = name === 'syncFolder' && paths[0] === join(root, '.mlops');
      if (isPublished && !existsSync(join(root, 'src'))) symlinkSync('../outside', join(root, 'src'));
    });
    const run = commitChanges(root, SCENARIOS.create.changes, { disk });
    await expect(run).rejects.toMatchObject({ code: 'MLOPS_E_UNSAFE_TARGET' });
    expect(readdirSync(join(folder, 'outside'))).toEqual([]);
    expect(treeOf(root)).toEqual({ src: 'link to ../outside' });
  });

  it('replaces a link that stands where a file is deleted, never what it leads to', async () => {
    const folder = tempFolder();
    const root = join(folder, 'project');
    writeTree(folder, { 'outside.txt': 'theirs\n', 'project/own.txt': 'mine\n' });
    symlinkSync('../outside.txt', join(root, 'a.txt'));
    await commitChanges(root, [write('a.txt', 'new\n', { kind: 'link', target: '../outside.txt' })]);
    expect(textOf(root, 'a.txt')).toBe('new\n');
    expect(textOf(folder, 'outside.txt')).toBe('theirs\n');
  });

  it.each(['/etc/passwd', '../outside', 'sub/../../outside'])(
    'is refused for a link to %s',
    async (target) => {
      const root = projectWith({});
      const change = { kind: 'link', path: relPath('a'), target, expect: { kind: 'absent' } } as const;
      await expect(commitChanges(root, [change])).rejects.toMatchObject({ code: 'MLOPS_E_UNSAFE_TARGET' });
      expect(readdirSync(root)).toEqual([]);
    },
  );

  it.each(['.mlops/txn/x', '.mlops/undo/1/run.json', '.mlops/lock', '.MLOPS/lock', '.mlops/lock.new-1'])(
    'is refused for %s, which the transaction keeps for itself',
    async (path) => {
      const root = projectWith({});
      await expect(commitChanges(root, [write(path, 'x')])).rejects.toMatchObject({
        code: 'MLOPS_E_UNSAFE_TARGET',
      });
    },
  );
});

describe('a disk of few talents', () => {
  it.each(['create', 'update'] as const)('can do without hard links: %s', async (name) => {
    const scenario = SCENARIOS[name];
    const [plain, poor] = [join(tempFolder(), 'project'), join(tempFolder(), 'project')];
    scenario.prepare(plain);
    scenario.prepare(poor);
    await commitChanges(plain, scenario.changes);
    const disk = hookedDisk((call) => {
      if (call.name === 'link') throw failureOf('EPERM', call);
    });
    await commitChanges(poor, scenario.changes, { disk });
    expect(treeOf(poor)).toEqual(treeOf(plain));
    expect(leftoversIn(poor)).toEqual([]);
  });

  it.each(['create', 'update'] as const)('copies where a folder lies on another device: %s', async (name) => {
    const scenario = SCENARIOS[name];
    const [plain, mounted] = [join(tempFolder(), 'project'), join(tempFolder(), 'project')];
    scenario.prepare(plain);
    scenario.prepare(mounted);
    await commitChanges(plain, scenario.changes);
    const disk = hookedDisk((call) => {
      if (/^(link|rename)$/.test(call.name) && crossesOver(call)) throw failureOf('EXDEV', call);
    });
    await commitChanges(mounted, scenario.changes, { disk });
    expect(treeOf(mounted)).toEqual(treeOf(plain));
    expect(leftoversIn(mounted)).toEqual([]);
    if (scenario.keepsUndo) expect(textOf(mounted, '.mlops/undo/1/before/0')).toBe('goes away\n');
  });

  it('does not mistake a hard link of the user for a file of its own', async () => {
    const root = projectWith({ 'a.txt': 'old\n' });
    linkSync(join(root, 'a.txt'), join(root, 'twin.txt'));
    await commitChanges(root, [write('a.txt', 'new\n', seen('old\n'))]);
    expect(textOf(root, 'twin.txt')).toBe('old\n');
  });
});

describe('a disk that ignores case', () => {
  const rename = [
    remove('docs/Readme.md', seen('old\n')),
    write('docs/README.md', 'new\n'),
    write('src/Module.py', 'x\n'),
  ];

  it('lets a file change the case of its name', async () => {
    const root = projectWith({ 'docs/Readme.md': 'old\n', 'src/other.py': 'mine\n' });
    await commitChanges(root, rename, { disk: caseIgnoringDisk() });
    expect(readdirSync(join(root, 'docs'))).toEqual(['README.md']);
    expect(textOf(root, 'docs/README.md')).toBe('new\n');
  });

  it('gets the old name back, whichever call fails', async () => {
    let calls = 0;
    const counted = projectWith({ 'docs/Readme.md': 'old\n', 'src/other.py': 'mine\n' });
    await commitChanges(counted, rename, {
      disk: hookedDisk(({ number }) => {
        calls = number;
      }, caseIgnoringDisk()),
    });
    for (let at = 1; at <= calls; at++) {
      const root = projectWith({ 'docs/Readme.md': 'old\n', 'src/other.py': 'mine\n' });
      const before = treeOf(root);
      const disk = hookedDisk((call) => {
        if (call.number === at) throw failureOf('EIO', call);
      }, caseIgnoringDisk());
      const failure = await commitChanges(root, rename, { disk }).catch((error: unknown) => error);
      if (failure instanceof MlopsError) expect(treeOf(root), `call ${at}`).toEqual(before);
      else expect(readdirSync(join(root, 'docs'))).toEqual(['README.md']);
    }
  });

  it('still refuses a new file whose name is taken in another case', async () => {
    const root = projectWith({ 'Readme.md': 'mine\n' });
    const run = commitChanges(root, [write('README.md', 'new\n')], { disk: caseIgnoringDisk() });
    await expect(run).rejects.toMatchObject({ code: 'MLOPS_E_STALE' });
    expect(readdirSync(root)).toEqual(['Readme.md']);
  });
});

/** The real disk, each path replaced by the one that is there in another case, as macOS does. */
function caseIgnoringDisk(): Disk {
  const calls = Object.entries(unflushedDisk).map(([name, call]) => {
    const run: (...args: unknown[]) => unknown = call;
    return [
      name,
      (...args: unknown[]) => run(...args.map((arg) => (typeof arg === 'string' ? existing(arg) : arg))),
    ];
  });
  return Object.fromEntries(calls);
}

function existing(path: string): string {
  if (dirname(path) === path) return path;
  const folder = existing(dirname(path));
  const names = existsSync(folder) && lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  const same = names.find((name) => name.toLowerCase() === basename(path).toLowerCase());
  return join(folder, same ?? basename(path));
}

function crossesOver({ paths }: Call): boolean {
  const inside = paths.map((path) => path.includes('/.mlops/'));
  return inside[0] !== inside[1];
}
