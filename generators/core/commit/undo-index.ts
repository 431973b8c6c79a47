import { ignoreFailure, writeFiles } from '../io/disk-files.ts';
import type { IndexEntries } from '../io/git.ts';
import { nodeDisk } from '../io/node-disk.ts';
import { layoutOf } from './layout.ts';
import { undoEntries } from './undo-entries.ts';

/** Keeps what git's index held before a run told it of conflicts. Without it an undo leaves the conflicts there. */
export function keepIndex(root: string, undo: number, entries: IndexEntries): void {
  const file = { path: placeOf(root, undo), bytes: Buffer.from(entries), mode: 0o644, durable: false };
  ignoreFailure(() => writeFiles(nodeDisk, [file]));
}

/** What was kept of all runs from `first` on. */
export function keptIndexes(root: string, first: number): IndexEntries[] {
  return undoEntries(root).flatMap((number) => {
    const path = placeOf(root, number);
    return number >= first && nodeDisk.see(path)?.kind === 'file'
      ? [Buffer.from(nodeDisk.read(path)).toString()]
      : [];
  });
}

function placeOf(root: string, undo: number): string {
  return `${layoutOf(root).undo}/${undo}/git-index`;
}
