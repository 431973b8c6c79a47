import { mergeSides } from '../merge/text-merge.ts';
import type { RelPath } from '../rel-path.ts';
import { type Content, groupOf, isExecutable } from './change.ts';
import { sameContent, sameFile, sha256 } from './found.ts';

/** One side of a path that a run changed: the bytes where the store has them. */
export interface Kept {
  readonly content: Content;
  readonly bytes: Uint8Array | undefined;
}

/**
 * A path that runs changed: as the last of them left it, and as it was before the first, with what was edited in
 * between.
 */
export interface UndoPath {
  readonly path: RelPath;
  readonly after: Kept;
  readonly before: Kept;
}

/**
 * What a path goes back to when a run and all later ones are taken back: what was there before the run, with what
 * was edited between it and the next one, as `later` has it. Where the two meet, the edit stays.
 */
export function beforeWithEdits({ path, before, after }: UndoPath, later: Kept): Kept {
  const isOurs = groupOf(path) === 1;
  if (isOurs || sameFile(after.content, later.content)) return before;
  if (before.content.kind !== 'file' || after.content.kind !== 'file' || later.content.kind !== 'file')
    return later;
  const isModeKept = isExecutable(later.content.mode) === isExecutable(after.content.mode);
  const { mode } = isModeKept ? before.content : later.content;
  const bytes = bytesWithEdits(path, before, after, later);
  return bytes === undefined ? later : { content: { kind: 'file', hash: sha256(bytes), mode }, bytes };
}

function bytesWithEdits(path: RelPath, before: Kept, after: Kept, later: Kept): Uint8Array | undefined {
  if (sameContent(after.content, later.content)) return before.bytes;
  if (before.bytes === undefined || after.bytes === undefined || later.bytes === undefined) return undefined;
  const versions = { base: after.bytes, yours: later.bytes, theirs: before.bytes };
  const merged = mergeSides(path, versions, 'yours');
  return merged.kind === 'clean' ? merged.bytes : undefined;
}
