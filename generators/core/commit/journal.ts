import { dirname } from 'node:path';
import { type Disk, errnoOf } from '../io/disk.ts';
import { writeFiles } from '../io/disk-files.ts';
import { recoveryError } from './commit-errors.ts';
import type { Journal } from './journal-entry.ts';
import type { Layout } from './layout.ts';
import { parseJournal } from './parse-journal.ts';

export function draftJournal(disk: Disk, layout: Layout, journal: Journal): void {
  const bytes = Buffer.from(`${JSON.stringify(journal, null, 1)}\n`);
  writeFiles(disk, [{ path: draftOf(layout), bytes, mode: 0o644, durable: true }]);
}

/**
 * The point of no return: when the rename has happened, the transaction will be finished. The folders on the way
 * to the journal are synced with it; `levels` of them, from the root upwards, are new.
 */
export function publishJournal(disk: Disk, layout: Layout, levels: number): void {
  disk.syncFolder(layout.staged);
  disk.rename(draftOf(layout), layout.journal);
  for (const folder of [layout.txn, layout.own, layout.root]) disk.syncFolder(folder);
  let at = layout.root;
  for (let left = levels; left > 0; left--) {
    at = dirname(at);
    disk.syncFolder(at);
  }
}

function draftOf(layout: Layout): string {
  return `${layout.journal}.new`;
}

/** The journal that a run left, or undefined; one that does not read as ours is never acted on. */
export function readJournal(disk: Disk, layout: Layout): Journal | undefined {
  const seen = disk.see(layout.journal);
  if (seen === undefined) return undefined;
  const journal = seen.kind === 'file' ? parseJournal(textOf(disk, layout.journal)) : undefined;
  if (journal === undefined) throw damaged();
  return journal;
}

function textOf(disk: Disk, path: string): string {
  try {
    return Buffer.from(disk.read(path)).toString('utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}

function damaged(): Error {
  const message = 'this journal does not read as one of ours';
  return recoveryError([{ path: '.mlops/txn/journal.json', message }]);
}
