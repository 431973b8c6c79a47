import type { Disk } from '../io/disk.ts';
import { removeIfThere } from '../io/disk-files.ts';
import { nodeDisk } from '../io/node-disk.ts';
import type { RelPath } from '../rel-path.ts';
import { applySteps } from './apply.ts';
import { withIoErrors } from './commit-errors.ts';
import { completeTransaction, tidyTransaction } from './complete.ts';
import { type Direction, directionOf, isForeign, isLost, lost } from './direction.ts';
import { readJournal } from './journal.ts';
import { type Layout, layoutOf } from './layout.ts';
import { isLocked, removeLockLeftovers } from './lock.ts';
import { type Position, positionsOf } from './position.ts';
import { enterProject, type Held, leaveProject } from './project.ts';
import { keepUnrestored, undoPositions } from './roll-back.ts';
import { removeCopiesBeside, syncChangedFolders, type Transaction } from './steps.ts';

/** What became of an interrupted transaction. `kept` are paths that somebody edited since: they were left alone. */
export type Recovery =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'finished' | 'rolled-back';
      readonly paths: readonly RelPath[];
      readonly kept: readonly RelPath[];
    };

export type Pending =
  | { readonly kind: 'none' }
  /** Another run is in the middle of it. */
  | { readonly kind: 'running'; readonly paths: readonly RelPath[] }
  | { readonly kind: 'interrupted'; readonly paths: readonly RelPath[] };

/** Whether an interrupted run waits to be finished or undone; writes nothing. */
export function pendingTransaction(root: string, disk: Disk = nodeDisk): Pending {
  const layout = layoutOf(root);
  return withIoErrors('unchanged', () => {
    const journal = readJournal(disk, layout);
    if (journal === undefined) return { kind: 'none' };
    const paths = journal.entries.map(({ path }) => path);
    return { kind: isLocked(disk, layout) ? 'running' : 'interrupted', paths };
  });
}

/** Finishes or undoes an interrupted run and removes its leftovers. Every writing command calls it first. */
export function recoverTransaction(root: string, direction: Direction, disk: Disk = nodeDisk): Recovery {
  return withIoErrors('unchanged', () => {
    if (!hasLeftovers(disk, layoutOf(root))) return { kind: 'none' };
    const held = enterProject(disk, root);
    let levels = 0;
    try {
      const settled = settleLeftovers(held, direction);
      levels = settled.levels;
      return settled.recovery;
    } finally {
      leaveProject(held, levels);
    }
  });
}

function hasLeftovers(disk: Disk, { own }: Layout): boolean {
  if (disk.see(own)?.kind !== 'folder') return false;
  const names = disk.namesIn(own);
  return names.length === 0 || names.some((name) => /^(txn$|lock)/.test(name));
}

/** What was settled, and how many folders, from the root upwards, are then there only for want of a project. */
export interface Settled {
  readonly recovery: Recovery;
  readonly levels: number;
}

/** Brings a project whose lock is held into the state before or after the run that was interrupted in it. */
export function settleLeftovers({ disk, layout, lock }: Held, direction: Direction): Settled {
  removeLockLeftovers(disk, layout);
  const journal = readJournal(disk, layout);
  if (journal !== undefined) {
    const recovery = withIoErrors('pending', () => recover({ disk, layout, journal }, direction));
    return { recovery, levels: recovery.kind === 'finished' ? 0 : Math.max(lock.levels, journal.levels) };
  }
  if (disk.see(layout.txn) !== undefined) tidyTransaction(disk, layout);
  return { recovery: { kind: 'none' }, levels: lock.levels };
}

function recover(txn: Transaction, wish: Direction): Recovery {
  const positions = positionsOf(txn);
  const direction = directionOf(positions, wish);
  const paths = txn.journal.entries.map(({ path }) => path);
  if (direction === 'back') {
    const kept = rollBack(txn, positions);
    return { kind: 'rolled-back', paths, kept };
  }
  finishPositions(txn, positions);
  const kept = positions.filter(({ kind, hasStaged }) => isForeign(kind, hasStaged));
  return { kind: 'finished', paths, kept: kept.map(({ step }) => step.move.path) };
}

/** Undoes a transaction and removes its journal; returns the paths that somebody else edited or deleted. */
export function rollBack(txn: Transaction, positions = positionsOf(txn)): RelPath[] {
  const blocked = positions.filter(isLost);
  if (blocked.length > 0) throw lost(blocked);
  undoPositions(txn, positions);
  keepUnrestored(txn, positions);
  txn.disk.remove(txn.layout.journal);
  tidyTransaction(txn.disk, txn.layout);
  return positions
    .filter(({ kind, hasAside }) => isForeign(kind, hasAside))
    .map(({ step }) => step.move.path);
}

function finishPositions(txn: Transaction, positions: readonly Position[]): void {
  const steps = positions.map(({ step }) => step);
  removeCopiesBeside(txn, steps);
  // Something under the name of the old content that is not the old content must not pass for it.
  for (const { step, kind, hasAside } of positions) {
    if (kind === 'before' && step.move.seen !== undefined && !hasAside) removeIfThere(txn.disk, step.aside);
  }
  const todo = positions.filter(({ kind, hasStaged, step }) => {
    return kind === 'before' || (kind === 'gone' && hasStaged && step.move.wanted !== 'absent');
  });
  applySteps(
    txn,
    todo.map(({ step }) => step),
  );
  syncChangedFolders(txn);
  completeTransaction(txn);
}
