import type { Disk } from '../io/disk.ts';
import { tolerate } from '../io/disk-files.ts';
import { mayRun, type Owner } from '../io/owner.ts';
import { unsafeTargetError } from './commit-errors.ts';
import { isCount, isRecord, parseJson } from './json-shape.ts';

export interface LockRecord extends Owner {
  readonly id: string;
  /** How many folders, from the root upwards, the owner made: the one who takes over may have to remove them. */
  readonly levels: number;
}

const UNREADABLE = 'unreadable';
const UNREADABLE_GRACE_MS = 10_000;

/**
 * The locks that this process holds. One with its pid that is not among them is a leftover of an earlier run whose
 * release failed.
 */
export const heldHere = new Set<string>();

/** The record in a lock; undefined if there is none. */
export function readLock(disk: Disk, path: string): LockRecord | undefined {
  const seen = disk.see(path);
  if (seen === undefined) return undefined;
  if (seen.kind !== 'file') throw unsafeTargetError([{ path: '.mlops/lock', message: 'it is not a file' }]);
  let text = '';
  const there = tolerate(['ENOENT'], () => {
    text = Buffer.from(disk.read(path)).toString('utf8');
  });
  return there ? parseRecord(text) : undefined;
}

function parseRecord(text: string): LockRecord {
  const value = parseJson(text);
  const unreadable = { id: UNREADABLE, pid: 0, host: 'an unknown machine', boot: '', started: '', levels: 0 };
  if (!isRecord(value)) return unreadable;
  const { id, pid, host, boot, started, levels } = value;
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) return unreadable;
  if (!isCount(pid) || pid === 0 || !isCount(levels)) return unreadable;
  if (typeof host !== 'string' || typeof boot !== 'string' || typeof started !== 'string') return unreadable;
  return { id, pid, host, boot, started, levels };
}

export function isAlive(disk: Disk, path: string, holder: LockRecord): boolean {
  // Without hard links a lock is empty for an instant after its creation.
  if (holder.id === UNREADABLE) return Date.now() - (disk.see(path)?.mtimeMs ?? 0) < UNREADABLE_GRACE_MS;
  return mayRun(holder) && (holder.pid !== process.pid || heldHere.has(holder.id));
}
