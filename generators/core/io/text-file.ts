import { readFileSync, statSync } from 'node:fs';

export type TextAt =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

const MAX_BYTES = 1024 * 1024;

/** Reads a file that a person named; what stands in the way comes back as a few words. */
export function textAt(path: string): TextAt {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { kind: 'unreadable', reason: 'it is a folder' };
    // A device never ends, and nothing can interrupt the wait for a named pipe; a shell's <(…) is a pipe of ours.
    if (!stats.isFile() && !/^\/(dev|proc\/self)\/fd\//.test(path)) {
      return { kind: 'unreadable', reason: 'it is no ordinary file' };
    }
    if (stats.size > MAX_BYTES) return { kind: 'unreadable', reason: 'it is larger than 1 MiB' };
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return isAbsent(error) ? { kind: 'absent' } : { kind: 'unreadable', reason: reasonOf(error) };
  }
}

/** A failed call of the file system in a few words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return REASONS[code] ?? code;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  ELOOP: 'its links go in a circle',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'a link on the way leads nowhere',
  ENOTDIR: 'a file is where a folder should be',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
