import { makeFolderIfAbsent } from '../io/disk-files.ts';
import { folderOf, groupOf } from './change.ts';
import { unsafeTargetError } from './commit-errors.ts';
import { linkAside, moveInto, removeSeen, renameAside } from './moves.ts';
import { removeEmptyFolders, type Step, type Transaction } from './steps.ts';

/**
 * Brings the new content into place. All old files have their second name, durably, before the first one is
 * replaced; the answers come last. A failure leaves the rest to `undoPositions`. The new names are not durable yet.
 */
export function applySteps(txn: Transaction, steps: readonly Step[]): void {
  const { disk, layout } = txn;
  const kept = new Set(steps.filter(({ move, aside }) => linkAside(disk, move, aside)));
  if (kept.size > 0) disk.syncFolder(layout.aside);
  const folders = foldersMaker(txn);
  for (const group of [0, 1, 2]) {
    const own = steps.filter(({ move }) => groupOf(move.path) === group);
    const deletes = own.filter(({ move }) => move.wanted === 'absent');
    for (const step of deletes) removeOld(txn, step, kept.has(step), folders);
    if (deletes.length > 0) pruneEmptied(txn, group);
    for (const step of own) {
      if (step.move.wanted !== 'absent') putNew(txn, step, kept.has(step), folders);
    }
  }
}

type EnsureFolder = (folder: string) => void;

function removeOld(
  { disk }: Transaction,
  { move, aside }: Step,
  isKept: boolean,
  ensure: EnsureFolder,
): void {
  if (move.seen === undefined) return;
  ensure(folderOf(move.path));
  if (isKept) removeSeen(disk, move);
  else renameAside(disk, move, aside);
}

function putNew(
  { disk }: Transaction,
  { move, aside, staged }: Step,
  isKept: boolean,
  ensure: EnsureFolder,
): void {
  ensure(folderOf(move.path));
  const mustRename = move.seen !== undefined && !isKept;
  if (mustRename) renameAside(disk, move, aside);
  moveInto(disk, staged, mustRename ? { ...move, seen: undefined } : move);
}

/** Makes folders as they are needed, and looks once more that each is no link before anything is put in it. */
export function foldersMaker({ disk, layout, journal }: Transaction): EnsureFolder {
  const modes = new Map<string, number>(journal.emptied.map(({ path, mode }) => [path, mode]));
  const known = new Set(['']);
  const ensure: EnsureFolder = (folder) => {
    if (known.has(folder)) return;
    ensure(folderOf(folder));
    const full = `${layout.root}/${folder}`;
    const isThere = disk.see(full) !== undefined || !makeFolderIfAbsent(disk, full, modes.get(folder));
    if (isThere && disk.see(full)?.kind !== 'folder') {
      throw unsafeTargetError([{ path: folder, message: 'it is no longer a folder' }]);
    }
    known.add(folder);
  };
  return ensure;
}

function pruneEmptied(txn: Transaction, group: number): void {
  const folders = txn.journal.emptied.map(({ path }) => path);
  removeEmptyFolders(
    txn,
    folders.filter((path) => groupOf(path) === group),
  );
}
