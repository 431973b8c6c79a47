import { dirname } from 'node:path';
import { type Disk, errnoOf } from '../io/disk.ts';
import { writeFiles } from '../io/disk-files.ts';
import type { RelPath } from '../rel-path.ts';
import type { Content } from './change.ts';
import { recoveryError } from './commit-errors.ts';
import type { Layout } from './layout.ts';
import { parseJournal } from './parse-journal.ts';

/** One path of a transaction. Its index in the journal names its files in the transaction's folder. */
export interface Entry {
  readonly path: RelPath;
  readonly before: Content;
  readonly after: Content;
}

export interface Emptied {
  readonly path: RelPath;
  readonly mode: number;
}

/**
 * All that is needed to finish or undo a transaction after a kill. It is there from the point of no return until
 * the transaction is complete, and then becomes the `run.json` of the undo entry.
 */
export interface Journal {
  readonly schema: 1;
  readonly id: string;
  /** How many folders, from the root upwards, the run had to make. */
  readonly levels: number;
  readonly keepsUndo: boolean;
  /** Folders to make, outermost first. */
  readonly made: readonly RelPath[];
  /** Folders that deletes may leave empty, innermost first. */
  readonly emptied: readonly Emptied[];
  /** In the order in which they are applied. */
  readonly entries: readonly Entry[];
}

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
