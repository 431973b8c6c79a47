import { recoveryError } from './commit-errors.ts';
import type { Position } from './position.ts';

export type Direction = 'auto' | 'back' | 'forward';

/**
 * By itself a run is finished, as it would have been. It is undone if it cannot be finished, or if an old file
 * was edited meanwhile: under the new base that edit would pass for a wish to revert the new content.
 */
export function directionOf(positions: readonly Position[], wish: Direction): 'back' | 'forward' {
  const cannotFinish = positions.filter(isUnfinishable);
  const cannotUndo = positions.filter(isLost);
  const oldWasEdited = positions.some(
    ({ kind, hasStaged, step }) => kind === 'edited' && (hasStaged || step.move.wanted === 'absent'),
  );
  const prefersBack = wish === 'back' || (wish === 'auto' && (oldWasEdited || cannotFinish.length > 0));
  const blocked = prefersBack ? cannotUndo : cannotFinish;
  if (blocked.length === 0) return prefersBack ? 'back' : 'forward';
  if (wish === 'auto' && cannotFinish.length === 0) return 'forward';
  throw lost(blocked);
}

function isUnfinishable({ kind, hasStaged, step }: Position): boolean {
  return kind === 'before' && step.move.wanted !== 'absent' && !hasStaged;
}

/** The new file is in place and the old one, which it replaced, is not to be found. */
export function isLost({ kind, hasAside, step }: Position): boolean {
  const replaced = step.entry.before.kind !== 'absent' && step.move.wanted !== 'absent';
  return kind === 'after' && replaced && !hasAside;
}

/** Whether what is there is neither the old nor the new content, or was deleted by somebody else. */
export function isForeign(kind: Position['kind'], hasSource: boolean): boolean {
  return kind === 'edited' || (kind === 'gone' && !hasSource);
}

export function lost(positions: readonly Position[]): Error {
  const message = 'what was put aside for it is missing or changed';
  return recoveryError(positions.map(({ step }) => ({ path: step.move.path, message })));
}
