import { type Disk, errnoOf, type OpenFile } from './disk.ts';

export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  /** Whether the bytes are to survive a power cut. */
  readonly durable: boolean;
}

/**
 * Writes new files. All are written before the first is synced: one flush of the file system's journal then
 * serves them all. Holds one descriptor a file, so give it some dozens at a time.
 */
export function writeFiles(disk: Disk, files: readonly NewFile[]): void {
  const open: OpenFile[] = [];
  try {
    for (const { path, bytes, mode } of files) {
      const file = disk.create(path);
      open.push(file);
      disk.write(file, bytes);
      disk.setMode(file, mode);
    }
    open.forEach((file, index) => {
      if (files[index]?.durable) disk.sync(file);
    });
  } catch (error) {
    for (const file of open) ignoreFailure(() => disk.close(file));
    throw error;
  }
  for (const file of open) disk.close(file);
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
