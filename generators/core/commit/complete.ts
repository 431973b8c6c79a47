import type { Disk } from '../io/disk.ts';
import { ignoreFailure, makeFolderIfAbsent, removeTree } from '../io/disk-files.ts';
import type { Layout } from './layout.ts';
import type { Transaction } from './steps.ts';

const UNDO_ENTRIES = 5;

/**
 * Ends a transaction whose changes are all in place; returns the number of its undo entry, if it has one. With
 * the first call it is complete: what fails after that is left to the next run.
 */
export function completeTransaction({ disk, layout, journal }: Transaction): number | undefined {
  if (journal.keepsUndo) disk.rename(layout.journal, layout.run);
  else disk.remove(layout.journal);
  return tidyTransaction(disk, layout);
}

/** Removes what a transaction without a journal left; a complete undo entry among it is kept. */
export function tidyTransaction(disk: Disk, layout: Layout): number | undefined {
  let undo: number | undefined;
  ignoreFailure(() => {
    undo = fileUndo(disk, layout);
    removeTree(disk, layout.txn);
    disk.syncFolder(layout.own);
  });
  return undo;
}

function fileUndo(disk: Disk, { run, undo, draft }: Layout): number | undefined {
  if (disk.see(run) === undefined) return undefined;
  makeFolderIfAbsent(disk, undo);
  const entries = undoNumbers(disk, undo);
  const next = (entries.at(-1) ?? 0) + 1;
  disk.rename(draft, `${undo}/${next}`);
  for (const old of entries.slice(0, Math.max(0, entries.length + 1 - UNDO_ENTRIES))) {
    ignoreFailure(() => removeTree(disk, `${undo}/${old}`));
  }
  return next;
}

export function undoNumbers(disk: Disk, undo: string): number[] {
  const numbers = disk.namesIn(undo).filter((name) => /^[1-9][0-9]{0,8}$/.test(name));
  return numbers.map(Number).sort((a, b) => a - b);
}
