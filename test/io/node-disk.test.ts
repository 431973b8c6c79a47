import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { errnoOf, pathOf } from '../../generators/core/io/disk.ts';
import {
  copyFile,
  flushFolders,
  removeTree,
  tolerate,
  writeFiles,
  writeManyFiles,
} from '../../generators/core/io/disk-files.ts';
import { nodeDisk } from '../../generators/core/io/node-disk.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'mlops-io-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function failureOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('the real disk', () => {
  it('tells files, folders, links and the rest apart, without following links', () => {
    writeFileSync(join(folder, 'file'), 'four', { mode: 0o640 });
    symlinkSync('missing', join(folder, 'link'));
    expect(nodeDisk.see(join(folder, 'file'))).toMatchObject({ kind: 'file', size: 4, mode: 0o640 });
    expect(nodeDisk.see(join(folder, 'link'))).toMatchObject({ kind: 'link' });
    expect(nodeDisk.see(folder)).toMatchObject({ kind: 'folder' });
    expect(nodeDisk.see('/dev/null')).toMatchObject({ kind: 'other' });
  });

  it('sees nothing where nothing is, also below a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(nodeDisk.see(join(folder, 'missing'))).toBeUndefined();
    expect(nodeDisk.see(join(folder, 'file/below'))).toBeUndefined();
  });

  it('creates no file over another, nor through a link', () => {
    writeFileSync(join(folder, 'there'), 'mine');
    symlinkSync('elsewhere', join(folder, 'link'));
    for (const name of ['there', 'link']) {
      expect(errnoOf(failureOf(() => nodeDisk.create(join(folder, name))))).toBe('EEXIST');
    }
  });

  it('names the file when a call on its descriptor fails', () => {
    const file = nodeDisk.create(join(folder, 'file'));
    nodeDisk.close(file);
    for (const call of [nodeDisk.sync, nodeDisk.close]) {
      const failure = failureOf(() => call(file));
      expect([errnoOf(failure), pathOf(failure)]).toEqual(['EBADF', file.path]);
    }
  });

  it.runIf(process.platform === 'linux')('names the file when the disk is full', () => {
    const file = { fd: openSync('/dev/full', 'w'), path: '/dev/full' };
    const failure = failureOf(() => nodeDisk.write(file, Buffer.from('x')));
    nodeDisk.close(file);
    expect([errnoOf(failure), pathOf(failure)]).toEqual(['ENOSPC', '/dev/full']);
  });

  it('syncs a folder, and says so if there is none', async () => {
    nodeDisk.syncFolder(folder);
    await nodeDisk.flushFolder(folder);
    const missing = join(folder, 'missing');
    expect(errnoOf(failureOf(() => nodeDisk.syncFolder(missing)))).toBe('ENOENT');
    await expect(nodeDisk.flushFolder(missing)).rejects.toMatchObject({ code: 'ENOENT', path: missing });
  });
});

describe('new files', () => {
  it('have their bytes and their mode, whatever the umask', () => {
    const old = process.umask(0o077);
    const bytes = Buffer.from([0, 255, 13, 10]);
    writeFiles(nodeDisk, [
      { path: join(folder, 'a'), bytes, mode: 0o755, durable: true },
      { path: join(folder, 'b'), bytes: Buffer.alloc(0), mode: 0o644, durable: false },
    ]);
    process.umask(old);
    expect(readFileSync(join(folder, 'a'))).toEqual(bytes);
    expect(lstatSync(join(folder, 'a')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(folder, 'b')).mode & 0o777).toBe(0o644);
  });

  it('are written completely where the system takes only some bytes at a time', () => {
    const bytes = Buffer.alloc(3 << 20, 'pattern ');
    writeFiles(nodeDisk, [{ path: join(folder, 'large'), bytes, mode: 0o644, durable: false }]);
    expect(readFileSync(join(folder, 'large')).equals(bytes)).toBe(true);
  });

  it('leave no descriptor open after a failure', () => {
    const opened: number[] = [];
    const closed: number[] = [];
    const disk = {
      ...nodeDisk,
      create: (path: string) => {
        const file = nodeDisk.create(path);
        opened.push(file.fd);
        return file;
      },
      close: (file: { fd: number; path: string }) => {
        closed.push(file.fd);
        nodeDisk.close(file);
      },
    };
    const file = { path: join(folder, 'a'), bytes: Buffer.from('x'), mode: 0o644, durable: true };
    failureOf(() => writeFiles(disk, [file, file]));
    expect(opened).toHaveLength(1);
    expect(closed).toEqual(opened);
  });
});

describe('many new files', () => {
  const many = () =>
    Array.from({ length: 300 }, (_, index) => ({
      path: join(folder, `${index}`),
      bytes: Buffer.from(`${index}`),
      mode: 0o644,
      durable: index % 3 > 0,
    }));

  /** The real disk, with a count of what is open and of what was flushed. */
  function countingDisk(flush: (path: string) => Promise<void>) {
    const open = new Set<string>();
    const counts = { open, most: 0, flushed: new Set<string>() };
    const disk = {
      ...nodeDisk,
      create: (path: string) => {
        open.add(path);
        counts.most = Math.max(counts.most, open.size);
        return nodeDisk.create(path);
      },
      flush: async (file: { fd: number; path: string }) => {
        await flush(file.path);
        expect(open).toContain(file.path);
        await nodeDisk.flush(file);
        counts.flushed.add(file.path);
      },
      close: (file: { fd: number; path: string }) => {
        open.delete(file.path);
        nodeDisk.close(file);
      },
    };
    return { disk, counts };
  }

  it('are all there and flushed at the end, with few descriptors open at a time', async () => {
    const { disk, counts } = countingDisk(() => setTimeout(1));
    await writeManyFiles(disk, many(), async () => {});
    expect(counts.flushed).toEqual(new Set(many().flatMap(({ path, durable }) => (durable ? [path] : []))));
    for (const { path, bytes } of many()) expect(readFileSync(path)).toEqual(bytes);
    expect(counts.open.size).toBe(0);
    expect(counts.most).toBeLessThanOrEqual(128);
  });

  it.each([1, 100, 299])('fail with the flush of number %i, and leave no descriptor open', async (number) => {
    const failing = join(folder, `${number}`);
    const failure = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: failing });
    const { disk, counts } = countingDisk(async (path) => {
      await setTimeout(1);
      if (path === failing) throw failure;
    });
    await expect(writeManyFiles(disk, many(), async () => {})).rejects.toBe(failure);
    expect(counts.open.size).toBe(0);
  });

  it('wait for what is being flushed before a failure of the next ones is told', async () => {
    writeFileSync(join(folder, '100'), 'in the way');
    const { disk, counts } = countingDisk(() => setTimeout(1));
    await expect(writeManyFiles(disk, many(), async () => {})).rejects.toMatchObject({ code: 'EEXIST' });
    expect(counts.flushed.size).toBe(42);
    expect(counts.open).toEqual(new Set([join(folder, '100')]));
  });

  it('name the file whose flush failed', async () => {
    const file = nodeDisk.create(join(folder, 'file'));
    nodeDisk.close(file);
    await expect(nodeDisk.flush(file)).rejects.toMatchObject({ code: 'EBADF', path: file.path });
  });
});

describe('many folders', () => {
  it('are all flushed, few at a time, and a failure is told when all have ended', async () => {
    const folders = Array.from({ length: 150 }, (_, index) => join(folder, `${index}`));
    for (const path of folders) mkdirSync(path);
    let [running, most] = [0, 0];
    const flushed: string[] = [];
    const flushFolder = async (path: string) => {
      running += 1;
      most = Math.max(most, running);
      await nodeDisk.flushFolder(path);
      running -= 1;
      flushed.push(path);
      if (path === folders[100]) throw new Error('it failed');
    };
    await flushFolders({ ...nodeDisk, flushFolder }, folders.slice(0, 100));
    expect(flushed.sort()).toEqual(folders.slice(0, 100).sort());
    await expect(flushFolders({ ...nodeDisk, flushFolder }, folders)).rejects.toThrow('it failed');
    expect(running).toBe(0);
    expect(most).toBeLessThanOrEqual(128);
  });
});

describe('a copy', () => {
  it('is complete or not there', () => {
    writeFileSync(join(folder, 'from'), 'text');
    const failing = {
      ...nodeDisk,
      sync: () => {
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      },
    };
    failureOf(() => copyFile(failing, join(folder, 'from'), join(folder, 'to'), 0o600));
    expect(nodeDisk.namesIn(folder)).toEqual(['from']);
    copyFile(nodeDisk, join(folder, 'from'), join(folder, 'to'), 0o600);
    expect(readFileSync(join(folder, 'to'), 'utf8')).toBe('text');
    expect(lstatSync(join(folder, 'to')).mode & 0o777).toBe(0o600);
  });
});

describe('removing a tree', () => {
  it('does not follow links and leaves other names of its files', () => {
    mkdirSync(join(folder, 'tree/deep'), { recursive: true });
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/kept'), 'kept');
    linkSync(join(folder, 'outside/kept'), join(folder, 'tree/deep/name'));
    symlinkSync('../outside', join(folder, 'tree/link'));
    removeTree(nodeDisk, join(folder, 'tree'));
    removeTree(nodeDisk, join(folder, 'tree'));
    expect(nodeDisk.namesIn(folder)).toEqual(['outside']);
    expect(readFileSync(join(folder, 'outside/kept'), 'utf8')).toBe('kept');
  });
});

describe('a tolerated failure', () => {
  it('is one that was named; others are thrown', () => {
    const remove = () => nodeDisk.remove(join(folder, 'missing'));
    expect(tolerate(['ENOENT'], remove)).toBe(false);
    expect(errnoOf(failureOf(() => tolerate(['EEXIST'], remove)))).toBe('ENOENT');
    expect(errnoOf(new Error('no call of the system'))).toBeUndefined();
    expect(errnoOf(Object.assign(new Error('of Node'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeUndefined();
  });
});
