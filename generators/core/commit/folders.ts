import type { Disk, Seen } from '../io/disk.ts';
import { folderOf } from './change.ts';

/** A folder of the project; `link` and `blocked` also where that is so further up. */
type Folder =
  | { readonly kind: 'there'; readonly mode: number }
  | { readonly kind: 'missing' }
  /** A link is in the way: whatever is behind it is not the project's. */
  | { readonly kind: 'link' }
  /** A file is in the way. */
  | { readonly kind: 'blocked' };

/** Looks at folders from the root downwards, never through a link, and at each only once. */
export type FolderLook = (folder: string) => Folder;

/** `going` names files and links that the transaction deletes: they are not in the way of a folder. */
export function folderLook(disk: Disk, root: string, going: ReadonlySet<string>): FolderLook {
  const known = new Map<string, Folder>([['', { kind: 'there', mode: 0o755 }]]);
  const look: FolderLook = (folder) => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const above = look(folderOf(folder));
    const found =
      above.kind === 'there' ? folderFrom(disk.see(`${root}/${folder}`), going.has(folder)) : above;
    known.set(folder, found);
    return found;
  };
  return look;
}

function folderFrom(seen: Seen | undefined, isGoing: boolean): Folder {
  if (seen?.kind === 'folder') return { kind: 'there', mode: seen.mode };
  if (seen === undefined || isGoing) return { kind: 'missing' };
  return { kind: seen.kind === 'link' ? 'link' : 'blocked' };
}

/** The nearest folder upwards that exists; for the root that is itself. */
export function nearestThere(look: FolderLook, folder: string): string {
  let at = folder;
  while (look(at).kind !== 'there') at = folderOf(at);
  return at;
}
