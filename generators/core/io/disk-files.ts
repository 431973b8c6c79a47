import { type Disk, errnoOf, type OpenFile } from './disk.ts';

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  /** Whether the bytes are to survive a power cut. */
  readonly durable: boolean;
}

// One descriptor a file or folder is open at a time, and two batches at once; the smallest usual limit is 256.
const BATCH = 64;

/** Writes a few new files. */
export function writeFiles(disk: Disk, files: readonly NewFile[]): void {
  const open = openFiles(disk, files);
  try {
    for (const { file } of open.filter(isDurable)) disk.sync(file);
  } catch (error) {
    for (const { file } of open) ignoreFailure(() => disk.close(file));
    throw error;
  }
  for (const { file } of open) disk.close(file);
}

/**
 * Writes any number of new files. While the disk flushes some of them at once, which costs it little more than
 * one, the next ones are written. `pause` runs between batches and may throw.
 */
export async function writeManyFiles(
  disk: Disk,
  files: readonly NewFile[],
  pause: () => Promise<void>,
): Promise<void> {
  let flushed: Promise<readonly unknown[]> = Promise.resolve([]);
  try {
    for (let start = 0; start < files.length; start += BATCH) {
      const open = openFiles(disk, files.slice(start, start + BATCH));
      const before = flushed;
      flushed = failuresOfFlush(disk, open);
      for (const failure of await before) throw failure;
      await pause();
    }
  } finally {
    await flushed;
  }
  for (const failure of await flushed) throw failure;
}

interface Written extends NewFile {
  readonly file: OpenFile;
}

function isDurable({ durable }: Written): boolean {
  return durable;
}

/** All or none: after a failure no descriptor is left open. */
function openFiles(disk: Disk, files: readonly NewFile[]): Written[] {
  const open: Written[] = [];
  try {
    for (const one of files) {
      const file = disk.create(one.path);
      open.push({ ...one, file });
      disk.write(file, one.bytes);
      disk.setMode(file, one.mode);
    }
    return open;
  } catch (error) {
    for (const { file } of open) ignoreFailure(() => disk.close(file));
    throw error;
  }
}

/** Flushes and closes; never rejects, since nobody may be waiting yet. */
async function failuresOfFlush(disk: Disk, open: readonly Written[]): Promise<readonly unknown[]> {
  const flushes = open.filter(isDurable).map(async ({ file }) => disk.flush(file));
  const failed = (await Promise.allSettled(flushes)).flatMap((one) =>
    one.status === 'rejected' ? [one.reason] : [],
  );
  for (const { file } of open) {
    try {
      disk.close(file);
    } catch (error) {
      failed.push(error);
    }
  }
  return failed;
}

/** Makes the names in folders durable, many folders at once. */
export async function flushFolders(disk: Disk, folders: readonly string[]): Promise<void> {
  for (let start = 0; start < folders.length; start += BATCH) {
    const flushes = folders.slice(start, start + BATCH).map(async (folder) => disk.flushFolder(folder));
    for (const one of await Promise.allSettled(flushes)) if (one.status === 'rejected') throw one.reason;
  }
}

/** Copies a file under a name that is free, complete or not at all. */
export function copyFile(disk: Disk, from: string, to: string, mode: number): void {
  const part = `${to}.part`;
  removeIfThere(disk, part);
  try {
    writeFiles(disk, [{ path: part, bytes: disk.read(from), mode, durable: true }]);
    disk.rename(part, to);
  } catch (error) {
    ignoreFailure(() => removeIfThere(disk, part));
    throw error;
  }
}

export function removeIfThere(disk: Disk, path: string): void {
  tolerate(['ENOENT', 'ENOTDIR'], () => disk.remove(path));
}

/** Removes a folder with all it holds; links in it are removed, never followed. */
export function removeTree(disk: Disk, path: string): void {
  const seen = disk.see(path);
  if (seen === undefined) return;
  if (seen.kind !== 'folder') {
    disk.remove(path);
    return;
  }
  for (const name of disk.namesIn(path)) removeTree(disk, `${path}/${name}`);
  disk.removeFolder(path);
}

/** Removes the folder if it is there, empty, and may be removed; says whether it did. */
export function removeFolderIfEmpty(disk: Disk, path: string): boolean {
  const codes = ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY', 'EACCES', 'EPERM', 'EINVAL'];
  return tolerate(codes, () => disk.removeFolder(path));
}

/** Makes a folder unless it is there; says whether it did. What is there may still be something else. */
export function makeFolderIfAbsent(disk: Disk, path: string, mode?: number): boolean {
  return tolerate(['EEXIST'], () => disk.makeFolder(path, mode));
}

/** Runs a call and says whether it succeeded; failures other than those named are thrown. */
export function tolerate(codes: readonly string[], call: () => void): boolean {
  try {
    call();
    return true;
  } catch (error) {
    if (codes.includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}

/** For tidying that the next run would do as well. Only failures of the disk are ignored. */
export function ignoreFailure(call: () => void): void {
  try {
    call();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
