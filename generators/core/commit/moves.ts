import { type Disk, errnoOf, type Seen } from '../io/disk.ts';
import { copyFile, removeIfThere, tolerate } from '../io/disk-files.ts';
import type { RelPath } from '../rel-path.ts';
import type { Content } from './change.ts';
import { staleError } from './commit-errors.ts';
import { isSameInode } from './found.ts';
import { NO_LINKS } from './lock.ts';

/** One path to be written or removed, and what was there when it was last looked at. */
export interface Move {
  readonly path: RelPath;
  readonly target: string;
  readonly seen: Seen | undefined;
  readonly wanted: Content['kind'];
  /** A name beside the target, for a folder that lies on another device than the transaction's. */
  readonly beside: string;
}

/** Moves new content into place, over what was seen there and nothing else. */
export function moveInto(disk: Disk, source: string, move: Move): void {
  if (tolerate(['EXDEV'], () => moveOver(disk, source, move))) {
    if (isAddition(move)) removeIfThere(disk, source);
    return;
  }
  copyAcross(disk, source, move.beside);
  moveOver(disk, move.beside, move);
  removeIfThere(disk, move.beside);
  disk.remove(source);
}

function moveOver(disk: Disk, source: string, move: Move): void {
  if (isAddition(move) && addLink(disk, source, move)) return;
  refuseIfChanged(disk, move);
  disk.rename(source, move.target);
}

/** A new file gets a second name in place: a link, unlike a rename, fails where a file appeared a moment ago. */
function isAddition({ seen, wanted }: Move): boolean {
  return seen === undefined && wanted === 'file';
}

function addLink(disk: Disk, source: string, move: Move): boolean {
  let isNew = false;
  const canLink = tolerate(NO_LINKS, () => {
    isNew = tolerate(['EEXIST'], () => disk.link(source, move.target));
  });
  if (canLink && !isNew) throw appeared(move);
  return canLink;
}

/** Gives the old file a second name without copying; false where only a rename can keep it. */
export function linkAside(disk: Disk, move: Move, aside: string): boolean {
  if (move.seen?.kind !== 'file') return false;
  try {
    tolerate(['EEXIST'], () => disk.link(move.target, aside));
    return true;
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (errno === 'EXDEV') {
      copyFile(disk, move.target, aside, move.seen.mode);
      return true;
    }
    if (NO_LINKS.includes(errno)) return false;
    throw error;
  }
}

/** Moves the old file or link aside; what was moved is what had been seen, or the transaction is stale. */
export function renameAside(disk: Disk, move: Move, aside: string): void {
  refuseIfChanged(disk, move);
  if (tolerate(['EXDEV'], () => disk.rename(move.target, aside))) return;
  copyAcross(disk, move.target, aside);
  disk.remove(move.target);
}

export function removeSeen(disk: Disk, move: Move): void {
  refuseIfChanged(disk, move);
  disk.remove(move.target);
}

function refuseIfChanged(disk: Disk, move: Move): void {
  const now = disk.see(move.target);
  if (move.seen === undefined ? now === undefined : isSameInode(now, move.seen)) return;
  throw move.seen === undefined
    ? appeared(move)
    : staleError([{ path: move.path, message: 'it was changed' }]);
}

function appeared(move: Move): Error {
  return staleError([{ path: move.path, message: 'it was added' }]);
}

function copyAcross(disk: Disk, from: string, to: string): void {
  const seen = disk.see(from);
  if (seen?.kind !== 'link') {
    copyFile(disk, from, to, seen?.mode ?? 0o644);
    return;
  }
  removeIfThere(disk, to);
  disk.makeLink(disk.readLink(from), to);
}
