import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lookAt, projectDisk } from '../../generators/core/io/on-disk.ts';
import { relPath } from '../../generators/core/rel-path.ts';

function projectFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-look-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/a.py'), 'first', { mode: 0o600 });
  symlinkSync('src', join(folder, 'link'));
  return folder;
}

describe('a project as a plan looks at it', () => {
  it('is what lookAt sees, in folders met before as well', () => {
    const root = projectFolder();
    const disk = projectDisk(root);
    const paths = [
      'src/a.py',
      'src/b.py',
      'src',
      'src/a.py/b',
      'src/a.py/c',
      'link',
      'link/a.py',
      'link/b.py',
    ];
    for (const path of [...paths, 'no/folder', 'no/other', 'src/no/file'].map(relPath)) {
      expect(disk.look(path), path).toEqual(lookAt(root, path));
    }
    expect(disk.look(relPath('src/a.py'))).toMatchObject({ kind: 'file', mode: 0o600 });
    expect(disk.look(relPath('link/b.py'))).toEqual({ kind: 'other', what: 'a link', at: 'link' });
    expect(disk.look(relPath('src/a.py/c'))).toEqual({ kind: 'other', what: 'a file', at: 'src/a.py' });
    expect(disk.look(relPath('no/other'))).toEqual({ kind: 'absent' });
  });

  it('stays as it was at the first look, so that a plan does not contradict itself', () => {
    const root = projectFolder();
    const [disk, path] = [projectDisk(root), relPath('src/a.py')];
    const first = disk.look(path);
    writeFileSync(join(root, 'src/a.py'), 'second');
    expect(disk.look(path)).toBe(first);
    expect(projectDisk(root).look(path)).toMatchObject({ bytes: Buffer.from('second') });
  });
});
