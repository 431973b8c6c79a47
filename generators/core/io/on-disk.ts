import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentsOf, type RelPath } from '../rel-path.ts';
import { reasonOf } from './text-file.ts';

/** What is at a path, seen without following links. */
export type OnDisk =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: 'other'; readonly what: string };

/** Looks at a path below a root; a link or a file where a folder should be counts as something in the way. */
export function lookAt(root: string, path: RelPath): OnDisk {
  for (const parent of parentsOf(path)) {
    const found = kindAt(join(root, parent));
    if (found === 'absent') return { kind: 'absent' };
    if (found !== 'a folder') return { kind: 'other', what: `${found} (${parent})` };
  }
  const what = kindAt(join(root, path));
  if (what === 'absent') return { kind: 'absent' };
  if (what !== 'a file') return { kind: 'other', what };
  const full = join(root, path);
  try {
    return { kind: 'file', bytes: readFileSync(full), mode: lstatSync(full).mode & 0o777 };
  } catch (error) {
    return { kind: 'other', what: `a file that cannot be read (${reasonOf(error)})` };
  }
}

function kindAt(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isDirectory()) return 'a folder';
  return stats.isFile() ? 'a file' : 'a special file';
}
