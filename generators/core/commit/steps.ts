import type { Disk, Seen } from '../io/disk.ts';
import { flushFolders, removeFolderIfEmpty, removeIfThere } from '../io/disk-files.ts';
import { folderOf } from './change.ts';
import { folderLook } from './folders.ts';
import type { Entry, Journal } from './journal-entry.ts';
import type { Layout } from './layout.ts';
import type { Move } from './moves.ts';

/** A transaction past the point of no return. */
export interface Transaction {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly journal: Journal;
}

/** An entry that is still to be applied or undone. */
export interface Step {
  readonly index: number;
  readonly entry: Entry;
  readonly move: Move;
  readonly staged: string;
  readonly aside: string;
}

export function stepOf(
  { layout, journal }: Transaction,
  entry: Entry,
  index: number,
  seen: Seen | undefined,
): Step {
  const { path, after } = entry;
  const target = `${layout.root}/${path}`;
  const folder = target.slice(0, target.lastIndexOf('/'));
  const beside = `${folder}/.mlops-txn-${journal.id.slice(0, 8)}-${index}`;
  return {
    index,
    entry,
    move: { path, target, seen, wanted: after.kind, beside },
    staged: `${layout.staged}/${index}`,
    aside: `${layout.aside}/${index}`,
  };
}

/** Copies beside a target are made only across devices, and are there only after a kill or a failure. */
export function removeCopiesBeside({ disk, layout }: Transaction, steps: readonly Step[]): void {
  const look = folderLook(disk, layout.root, new Set());
  for (const { move } of steps.filter(({ move }) => look(folderOf(move.path)).kind === 'there')) {
    removeIfThere(disk, move.beside);
    removeIfThere(disk, `${move.beside}.part`);
  }
}

/** Removes those of the folders that are empty, unless a link now leads to them. */
export function removeEmptyFolders({ disk, layout }: Transaction, innermostFirst: readonly string[]): void {
  const look = folderLook(disk, layout.root, new Set());
  for (const folder of innermostFirst) {
    if (look(folder).kind === 'there') removeFolderIfEmpty(disk, `${layout.root}/${folder}`);
  }
}

/** Makes the changed names durable, one folder after the other. */
export function syncChangedFolders(txn: Transaction): void {
  for (const folder of changedFolders(txn)) txn.disk.syncFolder(folder);
}

/** The same for a run that can wait while the disk does many folders at once. */
export async function flushChangedFolders(txn: Transaction): Promise<void> {
  await flushFolders(txn.disk, changedFolders(txn));
}

/** The folders in which names changed, each once. */
function changedFolders({ disk, layout, journal }: Transaction): string[] {
  const paths = [...journal.entries, ...journal.emptied].map(({ path }) => path);
  const folders = new Set([...paths, ...journal.made].map(folderOf));
  // A folder that was emptied is gone; one behind a link that appeared meanwhile is not ours to open.
  const look = folderLook(disk, layout.root, new Set());
  return [...folders]
    .filter((folder) => look(folder).kind === 'there')
    .map((folder) => (folder === '' ? layout.root : `${layout.root}/${folder}`));
}
