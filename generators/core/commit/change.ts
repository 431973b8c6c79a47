import type { FileMode } from '../plan/planned-file.ts';
import type { RelPath } from '../rel-path.ts';

/** What is at a path, or what the plan saw there. A file's hash is the SHA-256 of its bytes, in hex. */
export type Content =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly hash: string; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string };

export type Expected = Content;

/** One path that a transaction changes. */
export type FileChange =
  | {
      readonly kind: 'write';
      readonly path: RelPath;
      readonly bytes: Uint8Array;
      readonly mode: FileMode;
      readonly expect: Expected;
      /** Where nothing was: the permission bits that the file had under another name, or before. */
      readonly bits?: number;
    }
  | { readonly kind: 'link'; readonly path: RelPath; readonly target: string; readonly expect: Expected }
  | { readonly kind: 'delete'; readonly path: RelPath; readonly expect: Expected };

export const ABSENT: Content = { kind: 'absent' };

const MANIFEST = 'mlops.yaml';

/** The three groups in which changes are applied: the user's files, the base, and last the answers. */
export function groupOf(path: string): 0 | 1 | 2 {
  if (path === MANIFEST) return 2;
  return path.startsWith('.mlops/') ? 1 : 0;
}

/** Puts changes in the order in which they are applied: by group, deletes first, then by path. */
export function inApplyOrder(changes: readonly FileChange[]): FileChange[] {
  return [...changes].sort((a, b) => rankOf(a) - rankOf(b) || (a.path < b.path ? -1 : 1));
}

function rankOf(change: FileChange): number {
  return groupOf(change.path) * 2 + (change.kind === 'delete' ? 0 : 1);
}

/** A new project: only additions, the answers among them. There is nothing that an undo could bring back. */
export function isPureCreation(changes: readonly FileChange[]): boolean {
  const adds = changes.every(({ kind, expect }) => kind !== 'delete' && expect.kind === 'absent');
  return adds && changes.some(({ path }) => path === MANIFEST);
}

/**
 * The permission bits of a file that replaces another: executable as the template wants it, the rest as the
 * user has it (`bits` where there is none in its place), so that a file made private stays private.
 */
export function replacingMode(mode: FileMode, expect: Expected, bits?: number): number {
  const had = expect.kind === 'file' ? expect.mode : bits;
  if (had === undefined) return mode;
  const kept = had & 0o666;
  return mode === 0o755 ? kept | ((kept & 0o444) >> 2) : kept;
}

export function isExecutable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}

/** The folder of a relative path, `''` for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The folders above a path, innermost first, the root left out. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let at = folderOf(path); at !== ''; at = folderOf(at)) folders.push(at);
  return folders;
}
