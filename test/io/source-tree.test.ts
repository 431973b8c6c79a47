import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderProblem, sourceTree } from '../../generators/core/io/source-tree.ts';
import { tempFolder, withFiles } from '../support/folders.ts';
import { asUser, givenToUser } from '../support/unprivileged.ts';

const LATER = () => performance.now() + 60_000;

function pathsIn(folder: string): readonly string[] {
  return sourceTree(folder, LATER()).files.map(({ path }) => path);
}

describe('the files of a folder', () => {
  it('are those that its people wrote, the nearest first', () => {
    const folder = withFiles(tempFolder(), {
      'b.py': '',
      'a/deep/c.py': '',
      'a/d.py': '',
      '.github/workflows/ci.yml': '',
      '.git/config': '',
      'node_modules/x/index.js': '',
      'sub/node_modules/x.js': '',
      '.venv/lib/x.py': '',
      'myenv/pyvenv.cfg': '',
      'myenv/lib/x.py': '',
      'lib/site-packages/x.py': '',
      'other/.git/HEAD': '',
      'other/x.py': '',
    });
    expect(pathsIn(folder)).toEqual(['b.py', 'a/d.py', '.github/workflows/ci.yml', 'a/deep/c.py']);
  });

  it('are not those that a link leads to', () => {
    const elsewhere = withFiles(tempFolder(), { 'x.py': '', 'in/y.py': '' });
    const folder = withFiles(tempFolder(), { 'a.py': '' });
    symlinkSync(join(elsewhere, 'x.py'), join(folder, 'x.py'));
    symlinkSync(join(elsewhere, 'in'), join(folder, 'in'));
    symlinkSync(folder, join(folder, 'circle'));
    expect(pathsIn(folder)).toEqual(['a.py']);
  });

  it('have no text where they are a link by then, large, binary, a pipe, or gone', () => {
    const folder = withFiles(tempFolder(), {
      'link.py': 'a',
      'gone.py': 'a',
      'binary.py': 'a\0b',
      'ok.py': '\uFEFFa\r\nb',
    });
    writeFileSync(join(folder, 'huge.py'), '');
    truncateSync(join(folder, 'huge.py'), 20e9);
    writeFileSync(join(folder, 'pipe.py'), 'a');
    const tree = sourceTree(folder, LATER());
    rmSync(join(folder, 'link.py'));
    symlinkSync('/etc/hostname', join(folder, 'link.py'));
    rmSync(join(folder, 'gone.py'));
    rmSync(join(folder, 'pipe.py'));
    execFileSync('mkfifo', [join(folder, 'pipe.py')]);
    const texts = tree.files.map(({ path }) => [path, tree.text(path)]);
    expect(texts.filter(([, text]) => text !== undefined)).toEqual([['ok.py', 'a\nb']]);
    expect(tree.files).toContainEqual({ path: 'huge.py', size: 20e9 });
  });

  it('are left out, and said to be, where a folder may not be read', () => {
    const folder = givenToUser(withFiles(tempFolder(), { 'a.py': '', 'closed/b.py': '' }));
    chmodSync(join(folder, 'closed'), 0);
    const tree = asUser(() => sourceTree(folder, LATER()));
    chmodSync(join(folder, 'closed'), 0o755);
    expect(tree.files.map(({ path }) => path)).toEqual(['a.py']);
    expect(tree.unread()).toEqual(['1 folder was not readable']);
  });

  it('are those of the root alone when there is no time, and that is said', () => {
    const folder = withFiles(tempFolder(), { 'a.py': 'x', 'b/c.py': '', 'd/e.py': '' });
    const tree = sourceTree(folder, performance.now() - 1);
    expect(tree.files).toEqual([{ path: 'a.py', size: 1 }]);
    expect(tree.text('a.py')).toBeUndefined();
    expect(tree.unread()).toEqual([
      '2 folders were not reached',
      'the time for reading was over before the end',
    ]);
  });
});

it('leaves out a folder that went away, and says so', () => {
  const tree = sourceTree(join(tempFolder(), 'gone'), LATER());
  expect([tree.files, tree.unread()]).toEqual([[], ['1 folder was not readable']]);
});

describe('a folder that cannot be read', () => {
  it('is named with the reason', () => {
    const folder = withFiles(tempFolder(), { file: '' });
    mkdirSync(join(folder, 'fine'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    const problems = ['gone', 'file', 'link', 'fine'].map((name) => folderProblem(join(folder, name)));
    expect(problems).toEqual([
      'there is no such folder',
      'it is no folder',
      'there is no such folder',
      undefined,
    ]);
  });
});
