import { readFileSync, statSync } from 'node:fs';

export type TextAt =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

const MAX_BYTES = 1024 * 1024;

/** Reads a file that a person named; what stands in the way comes back as a few words. */
export function textAt(path: string): TextAt {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) return { kind: 'unreadable', reason: 'it is larger than 1 MiB' };
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return 'this user may not read it';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is not UTF-8 text';
    default:
      return String(code ?? error);
  }
}
