import { setImmediate } from 'node:timers/promises';
import { MlopsError } from '../errors.ts';
import type { Disk } from '../io/disk.ts';
import { ignoreFailure, removeTree } from '../io/disk-files.ts';
import { nodeDisk } from '../io/node-disk.ts';
import { applySteps } from './apply.ts';
import { type FileChange, inApplyOrder, isPureCreation } from './change.ts';
import { interruptedError, ioError, withIoErrors } from './commit-errors.ts';
import { completeTransaction } from './complete.ts';
import { draftJournal, publishJournal } from './journal.ts';
import type { Journal } from './journal-entry.ts';
import { enterProject, type Held, leaveProject } from './project.ts';
import { type Recovery, rollBack, settleLeftovers } from './recover.ts';
import { refuseUnsafe } from './refuse.ts';
import { stageChanges } from './stage.ts';
import { flushChangedFolders, stepOf, type Transaction } from './steps.ts';
import { type Survey, surveyProject } from './survey.ts';

export interface CommitOptions {
  /** Heeded until the point of no return. */
  readonly signal?: AbortSignal;
  readonly disk?: Disk;
}

export interface CommitOutcome {
  /** The number of the entry in `.mlops/undo` that brings the old files back. */
  readonly undo: number | undefined;
  /** What became of an earlier run that had been interrupted. */
  readonly recovery: Recovery;
}

interface Run {
  readonly held: Held;
  readonly changes: readonly FileChange[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Makes all changes or none. The root, an absolute path, is made with its parents if it is not there. Fails with
 * MLOPS_E_LOCKED (6), MLOPS_E_STALE and MLOPS_E_UNSAFE_TARGET (5), MLOPS_E_IO (7) and MLOPS_E_INTERRUPTED (130);
 * the project is then as it was.
 */
export async function commitChanges(
  root: string,
  wanted: readonly FileChange[],
  { signal, disk = nodeDisk }: CommitOptions = {},
): Promise<CommitOutcome> {
  const changes = inApplyOrder(wanted);
  refuseUnsafe(changes);
  if (changes.length === 0) return { undo: undefined, recovery: { kind: 'none' } };
  refuseInterrupted(signal);
  const held = withIoErrors('unchanged', () => enterProject(disk, root));
  let levels = held.lock.levels;
  try {
    const settled = settleLeftovers(held, 'auto');
    levels = settled.levels;
    const undo = await runTransaction({ held, changes, signal });
    levels = 0;
    return { undo, recovery: settled.recovery };
  } catch (error) {
    throw ioError(error, placeIn(held, changes), 'unchanged');
  } finally {
    leaveProject(held, levels);
  }
}

async function runTransaction(run: Run): Promise<number | undefined> {
  const { disk, layout } = run.held;
  const { journal, seen } = await prepare(run);
  const txn = { disk, layout, journal };
  try {
    const steps = journal.entries.map((entry, index) => stepOf(txn, entry, index, seen[index]));
    applySteps(txn, steps);
    await flushChangedFolders(txn);
    return completeTransaction(txn);
  } catch (error) {
    rollBackAfter(txn, error, placeIn(run.held, run.changes));
    throw error;
  }
}

/** All up to the point of no return; on a failure nothing of it is left. */
async function prepare(run: Run): Promise<{ readonly journal: Journal; readonly seen: Survey['seen'] }> {
  const { held, changes, signal } = run;
  const { disk, layout, lock } = held;
  const pause = () => pauseUnlessInterrupted(signal);
  try {
    const entries = await stageChanges(disk, layout, changes, pause);
    const { seen, made, emptied } = surveyProject(disk, layout.root, entries);
    const keepsUndo = !isPureCreation(changes);
    const { id, levels } = lock;
    const journal: Journal = { schema: 1, id, levels, keepsUndo, made, emptied, entries };
    draftJournal(disk, layout, journal);
    await pause();
    publishJournal(disk, layout, levels);
    return { journal, seen };
  } catch (error) {
    discard(held, error, changes);
    throw error;
  }
}

/** The journal goes first: as long as it is there, what it speaks of has to stay. */
function discard(held: Held, error: unknown, changes: readonly FileChange[]): void {
  const { disk, layout } = held;
  try {
    if (disk.see(layout.journal) !== undefined) disk.remove(layout.journal);
  } catch {
    throw ioError(error, placeIn(held, changes), 'pending');
  }
  ignoreFailure(() => removeTree(disk, layout.txn));
}

function rollBackAfter(txn: Transaction, error: unknown, place: (path: string) => string): void {
  try {
    rollBack(txn);
  } catch (second) {
    throw ioError(second instanceof MlopsError ? error : second, place, 'pending');
  }
}

/** Lets a signal's listener run, which synchronous calls would hold up. */
async function pauseUnlessInterrupted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return;
  await setImmediate();
  refuseInterrupted(signal);
}

function refuseInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruptedError();
}

/** Names a path as the user knows it: a staged file by the path that it is for. */
function placeIn({ layout }: Held, changes: readonly FileChange[]): (path: string) => string {
  return (path) => {
    const index = /\/\.mlops\/txn\/(?:new|undo\/before)\/(\d+)$/.exec(path)?.[1];
    const change = index === undefined ? undefined : changes[Number(index)];
    if (change !== undefined) return change.path;
    return path.startsWith(`${layout.root}/`) ? path.slice(layout.root.length + 1) : path;
  };
}
