import type { Seen } from '../io/disk.ts';
import { folderOf } from './change.ts';
import { exactLook } from './exact.ts';
import { folderLook } from './folders.ts';
import { contentAt, type Found, sameContent, sameFile } from './found.ts';
import type { Entry, Journal } from './journal-entry.ts';
import { type Step, stepOf, type Transaction } from './steps.ts';

/** How far an entry of a journal has come. */
export interface Position {
  readonly step: Step;
  /** `gone`: neither the old nor the new file is there. `edited`: somebody else wrote there since. */
  readonly kind: 'before' | 'after' | 'gone' | 'edited';
  /** Whether the new content still waits, as the journal describes it. */
  readonly hasStaged: boolean;
  /** Whether the old content is kept aside, as the journal describes it. */
  readonly hasAside: boolean;
}

/** Finds out, by content, what of a transaction has happened. */
export function positionsOf(txn: Transaction): Position[] {
  const { disk, layout, journal } = txn;
  const going = journal.entries.filter(({ before }) => before.kind !== 'absent').map(({ path }) => path);
  const look = folderLook(disk, layout.root, new Set(going));
  const seeAt = exactLook(disk, layout.root, journal.entries);
  return journal.entries.map((entry, index) => {
    const folder = look(folderOf(entry.path)).kind;
    const seen = folder === 'there' ? seeAt(entry.path) : undefined;
    const step = stepOf(txn, entry, index, seen?.kind === 'folder' ? undefined : seen);
    return {
      step,
      kind: folder === 'link' || folder === 'blocked' ? 'edited' : kindOf(txn, step, seen),
      hasStaged: entry.after.kind !== 'absent' && holds(txn, step.staged, entry.after),
      hasAside: entry.before.kind !== 'absent' && holds(txn, step.aside, entry.before),
    };
  });
}

function kindOf({ disk, journal }: Transaction, { entry, move }: Step, seen: Seen | undefined) {
  if (seen?.kind === 'folder') return kindOfFolder(journal, entry);
  return kindFrom(entry, contentAt(disk, move.target, seen));
}

/** A file can take the place of a folder that the same transaction empties, and the other way round. */
function kindOfFolder({ emptied, made }: Journal, { path, before, after }: Entry): Position['kind'] {
  if (before.kind === 'absent' && emptied.some((folder) => folder.path === path)) return 'before';
  return after.kind === 'absent' && made.includes(path) ? 'after' : 'edited';
}

function kindFrom({ before, after }: Entry, found: Found): Position['kind'] {
  const isBefore = sameContent(found, before);
  const isAfter = sameContent(found, after);
  // Only the mode changes: then the mode tells.
  if (isBefore && isAfter) return sameFile(found, before) ? 'before' : 'after';
  if (isBefore) return 'before';
  if (isAfter) return 'after';
  return found.kind === 'absent' ? 'gone' : 'edited';
}

function holds({ disk }: Transaction, path: string, wanted: Entry['after']): boolean {
  return sameContent(contentAt(disk, path, disk.see(path)), wanted);
}
