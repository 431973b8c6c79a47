import { writeFiles } from '../io/disk-files.ts';
import { foldersMaker } from './apply.ts';
import { folderOf } from './change.ts';
import type { Entry } from './journal-entry.ts';
import { moveInto } from './moves.ts';
import type { Position } from './position.ts';
import { removeCopiesBeside, removeEmptyFolders, syncChangedFolders, type Transaction } from './steps.ts';

/** Brings the old content back, except where somebody else wrote since. Running it again does no harm. */
export function undoPositions(txn: Transaction, positions: readonly Position[]): void {
  const { disk, journal } = txn;
  removeCopiesBeside(
    txn,
    positions.map(({ step }) => step),
  );
  for (const { step } of positions.filter(isAddition).reverse()) disk.remove(step.move.target);
  removeEmptyFolders(txn, [...journal.made].reverse());
  const ensure = foldersMaker(txn);
  for (const { step } of positions.filter(isRestorable).reverse()) {
    ensure(folderOf(step.move.path));
    moveInto(disk, step.aside, { ...step.move, wanted: step.entry.before.kind });
  }
  syncChangedFolders(txn);
}

function isAddition({ kind, step }: Position): boolean {
  return kind === 'after' && step.entry.before.kind === 'absent' && step.entry.after.kind !== 'absent';
}

function isRestorable({ kind, hasAside }: Position): boolean {
  return (kind === 'after' || kind === 'gone') && hasAside;
}

/** Old content that was not brought back, since somebody else wrote there, is kept as an undo entry. */
export function keepUnrestored({ disk, layout, journal }: Transaction, positions: readonly Position[]): void {
  const kept = positions.filter(({ kind, hasAside }) => kind === 'edited' && hasAside);
  if (kept.length === 0) return;
  const indexes = new Set(kept.map(({ step }) => step.index));
  const entries = journal.entries.map(
    (entry, index): Entry => (indexes.has(index) ? entry : { ...entry, before: entry.after }),
  );
  const run = { ...journal, made: [], emptied: [], entries };
  const bytes = Buffer.from(`${JSON.stringify(run, null, 1)}\n`);
  const draft = `${layout.run}.new`;
  writeFiles(disk, [{ path: draft, bytes, mode: 0o644, durable: true }]);
  disk.rename(draft, layout.run);
}
