import { randomUUID } from 'node:crypto';
import { type Disk, errnoOf } from '../io/disk.ts';
import { ignoreFailure, removeIfThere, tolerate, writeFiles } from '../io/disk-files.ts';
import { currentOwner } from '../io/owner.ts';
import { lockedError } from './commit-errors.ts';
import type { Layout } from './layout.ts';
import { heldHere, isAlive, type LockRecord, readLock } from './lock-record.ts';

export interface Lock {
  readonly id: string;
  readonly levels: number;
}

// File systems without hard links answer one of these.
export const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

const MAX_CLAIMS = 8;

/** Takes the project's lock, over from a dead owner if need be; fails with exit 6 while another run holds it. */
export function takeLock(disk: Disk, layout: Layout, levels: number): Lock {
  const record = { ...currentOwner(), id: randomUUID(), levels };
  try {
    const dead = claim(disk, layout, layout.lock, record);
    heldHere.add(record.id);
    return { id: record.id, levels: levels + (dead?.levels ?? 0) };
  } finally {
    ignoreFailure(() => removeIfThere(disk, draftPath(layout, record)));
  }
}

export function releaseLock(disk: Disk, layout: Layout, lock: Lock): void {
  heldHere.delete(lock.id);
  removeIfThere(disk, layout.lock);
}

/** Whether a run that may still be alive holds the lock. */
export function isLocked(disk: Disk, layout: Layout): boolean {
  const holder = readLock(disk, layout.lock);
  return holder !== undefined && isAlive(disk, layout.lock, holder);
}

/** Removes what killed contenders left beside the lock. Only the holder of the lock may call it. */
export function removeLockLeftovers(disk: Disk, layout: Layout): void {
  for (const name of disk.namesIn(layout.own)) {
    const path = `${layout.own}/${name}`;
    // A contender that still lives notices that its draft is gone and starts over.
    if (name.startsWith('lock.new-')) removeIfThere(disk, path);
    else if (name.startsWith('lock.claim-')) removeIfDead(disk, path);
  }
}

function removeIfDead(disk: Disk, path: string): void {
  const holder = readLock(disk, path);
  if (holder !== undefined && !isAlive(disk, path, holder)) removeIfThere(disk, path);
}

/**
 * Makes `name` ours. To replace the lock of a dead owner one must first hold a second lock named after it, so
 * that of two who saw the same dead owner only one replaces it; a claim whose holder died is claimed likewise.
 * Returns the record that was replaced.
 */
function claim(
  disk: Disk,
  layout: Layout,
  name: string,
  record: LockRecord,
  depth = 0,
): LockRecord | undefined {
  for (;;) {
    if (createLock(disk, layout, name, record)) return undefined;
    const holder = readLock(disk, name);
    if (holder === undefined) continue;
    // The depth ends a circle of claims, which only somebody else's hand can have made.
    if (depth > MAX_CLAIMS || isAlive(disk, name, holder)) {
      throw lockedError(`process ${holder.pid} on ${holder.host}`);
    }
    const second = `${layout.lock}.claim-${holder.id}`;
    claim(disk, layout, second, record, depth + 1);
    try {
      if (readLock(disk, name)?.id !== holder.id) continue;
      writeDraft(disk, layout, record);
      disk.rename(draftPath(layout, record), name);
      return holder;
    } finally {
      ignoreFailure(() => removeIfThere(disk, second));
    }
  }
}

/** Creates the lock with its content in one step; false if it is there already. */
function createLock(disk: Disk, layout: Layout, name: string, record: LockRecord): boolean {
  writeDraft(disk, layout, record);
  try {
    return tolerate(['EEXIST'], () => disk.link(draftPath(layout, record), name));
  } catch (error) {
    if (!NO_LINKS.includes(errnoOf(error) ?? '')) throw error;
    return tolerate(['EEXIST'], () => writeRecord(disk, name, record));
  }
}

function draftPath(layout: Layout, record: LockRecord): string {
  return `${layout.lock}.new-${record.id}`;
}

function writeDraft(disk: Disk, layout: Layout, record: LockRecord): void {
  tolerate(['EEXIST'], () => writeRecord(disk, draftPath(layout, record), record));
}

function writeRecord(disk: Disk, path: string, record: LockRecord): void {
  const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
  writeFiles(disk, [{ path, bytes, mode: 0o644, durable: false }]);
}
