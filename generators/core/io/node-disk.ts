import fs from 'node:fs';
import { type Disk, errnoOf, type OpenFile, type Seen } from './disk.ts';

const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW, W_OK, X_OK } = fs.constants;

// Some network and container file systems cannot sync a folder; nothing better is to be had there.
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

// libuv reads it when it starts its threads: with its usual four a disk that could group sixteen flushes does four.
process.env.UV_THREADPOOL_SIZE ??= '16';

/** The real disk. All but flushes are synchronous: for small files that costs a third of the CPU of the pool's. */
export const nodeDisk: Disk = {
  see: (path) => see(path),
  read: (path) => fs.readFileSync(path),
  readLink: (path) => fs.readlinkSync(path),
  namesIn: (folder) => fs.readdirSync(folder),
  realPath: (path) => fs.realpathSync(path),
  checkWritable: (folder) => fs.accessSync(folder, W_OK | X_OK),
  create: (path) => ({ fd: fs.openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600), path }),
  write: (file, bytes) => named(file, () => writeAll(file.fd, bytes)),
  setMode: (file, mode) => named(file, () => fs.fchmodSync(file.fd, mode)),
  sync: (file) => named(file, () => fs.fsyncSync(file.fd)),
  flush: (file) => flush(file),
  close: (file) => named(file, () => fs.closeSync(file.fd)),
  syncFolder: (folder) => syncFolder(folder),
  flushFolder: (folder) => flushFolder(folder),
  link: (from, to) => fs.linkSync(from, to),
  makeLink: (target, path) => fs.symlinkSync(target, path),
  rename: (from, to) => fs.renameSync(from, to),
  remove: (path) => fs.unlinkSync(path),
  makeFolder: (path, mode) => fs.mkdirSync(path, mode),
  removeFolder: (path) => fs.rmdirSync(path),
};

function see(path: string): Seen | undefined {
  try {
    const stats = fs.lstatSync(path, { throwIfNoEntry: false });
    return stats && seenFrom(stats);
  } catch (error) {
    // A file is where a folder of the path should be: then nothing is at the path.
    if (errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function seenFrom(stats: fs.Stats): Seen {
  const { size, dev, ino, mtimeMs } = stats;
  return { kind: kindOf(stats), mode: stats.mode & 0o777, size, dev, ino, mtimeMs };
}

function kindOf(stats: fs.Stats): Seen['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** A write may be short, for instance when the disk is about to be full. */
function writeAll(fd: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.byteLength) done += fs.writeSync(fd, bytes, done);
}

function flush(file: OpenFile): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(file.fd, (error) => (error === null ? resolve() : reject(naming(file, error))));
  });
}

function syncFolder(path: string): void {
  const file: OpenFile = { fd: fs.openSync(path, 'r'), path };
  try {
    named(file, () => fs.fsyncSync(file.fd));
  } catch (error) {
    refuseUnlessUnsyncable(error);
  } finally {
    fs.closeSync(file.fd);
  }
}

async function flushFolder(path: string): Promise<void> {
  const file: OpenFile = { fd: fs.openSync(path, 'r'), path };
  try {
    await flush(file);
  } catch (error) {
    refuseUnlessUnsyncable(error);
  } finally {
    fs.closeSync(file.fd);
  }
}

function refuseUnlessUnsyncable(error: unknown): void {
  if (!NO_FOLDER_SYNC.has(errnoOf(error) ?? '')) throw error;
}

/** Calls on a descriptor fail without saying on which file. */
function named(file: OpenFile, call: () => void): void {
  try {
    call();
  } catch (error) {
    throw naming(file, error);
  }
}

function naming(file: OpenFile, error: unknown): unknown {
  return error instanceof Error ? Object.assign(error, { path: file.path }) : error;
}
