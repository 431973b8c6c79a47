import { basename, dirname, join } from 'node:path';
import { EXIT, MlopsError, usageError } from '../errors.ts';
import type { Disk } from './disk.ts';
import { ignoreFailure, removeIfThere, writeFiles } from './disk-files.ts';
import { nodeDisk } from './node-disk.ts';
import { reasonOf } from './text-file.ts';

/** A file that was looked at: it may be written, as a new one or in place of an older one. */
export interface Writable {
  readonly path: string;
  readonly replaces: boolean;
}

/**
 * Looks whether a file may be written: its folder is there (else exit 2) and can be written (7), and at the path is
 * nothing, or a file that `isOurs` knows as one of ours (else 5).
 */
export function writableFile(
  path: string,
  isOurs: (text: string) => boolean,
  disk: Disk = nodeDisk,
): Writable {
  const folder = dirname(path);
  const parent = withIo(path, () =>
    disk.see(disk.see(folder)?.kind === 'link' ? disk.realPath(folder) : folder),
  );
  if (parent?.kind !== 'folder') {
    const what = parent === undefined ? 'there is no folder' : 'there is a file where the folder should be:';
    throw usageError(
      `${path} cannot be written: ${what} ${folder}.`,
      'Make the folder, or name another file.',
    );
  }
  withIo(path, () => disk.checkWritable(folder));
  const seen = withIo(path, () => disk.see(path));
  if (seen === undefined) return { path, replaces: false };
  const isReplaced = seen.kind === 'file' && isOurs(withIo(path, () => textOf(disk.read(path))));
  if (!isReplaced) throw occupied(path);
  return { path, replaces: true };
}

/** Writes the file whole or not at all; a file that came to the path since is kept (exit 5). */
export function writeWholeFile({ path, replaces }: Writable, bytes: Uint8Array, disk: Disk = nodeDisk): void {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    writeFiles(disk, [{ path: part, bytes, mode: 0o644, durable: true }]);
    if (replaces) disk.rename(part, path);
    else disk.link(part, path);
  } catch (error) {
    throw isTaken(error) ? occupied(path) : ioError(path, error);
  } finally {
    ignoreFailure(() => removeIfThere(disk, part));
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function withIo<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw ioError(path, error);
  }
}

function ioError(path: string, error: unknown): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_IO',
    exit: EXIT.io,
    message: `${path} cannot be written: ${reasonOf(error)}.`,
    hint: 'Name another file, or make room for this one.',
    cause: error,
  });
}

function occupied(path: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_OCCUPIED',
    exit: EXIT.refused,
    message: `${path} is not a report of ours, so it was not overwritten.`,
    hint: 'Move it away, or name another file.',
  });
}
