import { type EntryMode, isLink, LINK } from '../plan/planned-file.ts';
import type { RelPath } from '../rel-path.ts';
import type { TreeFile } from '../render/tree.ts';
import type { BaseFile } from './base.ts';
import { sameBytes } from './blob-id.ts';
import type { NewContent, Op, Stages } from './change.ts';
import { keyedUnion } from './keyed-union.ts';
import { isLockFile, mergeSides, mergeText } from './text-merge.ts';

/** What becomes of an edit and a change of the template to the same lines. */
export type ConflictStyle = 'markers' | 'side' | 'yours' | 'theirs';

/** The user's file; a disk knows more of a mode than whether it is executable. */
interface Yours {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

/** The versions of one path: last wanted, on disk, wanted now. At least one of `base` and `theirs` is there. */
export interface Versions {
  readonly path: RelPath;
  readonly base: BaseFile | undefined;
  readonly yours: Yours | undefined;
  readonly theirs: TreeFile | undefined;
  /** Whether there was a base that is lost: then the file may be the template's, edited. */
  readonly isLost: boolean;
}

export interface DecideOptions {
  readonly conflict: ConflictStyle;
  /** What the template's side of a conflict is called in its markers. */
  readonly label: string;
  /** Whether what this run is about changed what is wanted at this path. */
  readonly isNews: boolean;
  /** The user asked for this path's template. */
  readonly restores: boolean;
}

/** What happens to a path. `to` is absent where the file stays as it is. */
export interface Decision {
  /** Undefined where nothing happens that is worth a line. */
  readonly op?: Op;
  readonly note?: string;
  readonly to?: NewContent | 'gone';
  /** What to put beside the user's file. */
  readonly side?: NewContent;
  readonly stages?: Stages;
  /** The base from now on; undefined where the path has none. */
  readonly base: BaseFile | undefined;
}

/** The table of docs/regeneration.md, row by row. */
export function decide(versions: Versions, options: DecideOptions): Decision {
  const { base, yours, theirs } = versions;
  if (theirs === undefined) return base === undefined ? { base } : dropped(base, yours);
  const wanted = baseOf(theirs);
  if (options.restores) return restored(theirs, yours, wanted);
  if (base === undefined) {
    return yours === undefined
      ? { op: 'create', to: theirs, base: wanted }
      : bothAdded(versions, yours, theirs, options.conflict);
  }
  if (theirs.policy === 'generated' && !isOwn(base, yours)) return rewritten(base, yours, theirs);
  if (yours === undefined) return stillDeleted(base, theirs);
  if (theirs.policy !== 'managed') return keptSeed(base, yours, theirs, options.isNews);
  return merged({ path: versions.path, base, yours, theirs }, options);
}

/** The same bytes in a file, or the same target of a link. */
function same(a: Yours, b: Yours): boolean {
  return sameBytes(a.bytes, b.bytes) && isLink(a) === isLink(b);
}

/** Whether a link would take the place of a file that the user wrote, or the other way round. */
export function changesKind({ base, yours, theirs }: Versions): boolean {
  if (yours === undefined || theirs === undefined || isLink(yours) === isLink(theirs)) return false;
  if (base === undefined) return true;
  if (theirs.policy === 'seed' || same(yours, base)) return false;
  return theirs.policy === 'generated' || !same(theirs, base);
}

function baseOf({ path, bytes, mode, policy }: TreeFile): BaseFile {
  return { path, bytes, mode, policy };
}

function dropped(base: BaseFile, yours: Yours | undefined): Decision {
  if (yours === undefined) return { base: undefined };
  if (same(yours, base)) return { op: 'delete', to: 'gone', base: undefined };
  if (base.policy === 'detached') return { base };
  return {
    op: 'detach',
    note: 'wanted no more, and kept because you edited it',
    base: { ...base, policy: 'detached' },
  };
}

function restored(theirs: TreeFile, yours: Yours | undefined, base: BaseFile): Decision {
  if (yours !== undefined && same(yours, theirs)) return { base };
  return { op: 'restore', note: 'as the template has it', to: theirs, base };
}

/** Yours and the template's met: identical is taken over, disjoint keys are united, all else stays side by side. */
function bothAdded(
  { path, isLost }: Versions,
  yours: Yours,
  theirs: TreeFile,
  style: ConflictStyle,
): Decision {
  const base = baseOf(theirs);
  if (same(yours, theirs)) return { op: 'adopt', note: 'already there and identical', base };
  if (theirs.policy === 'seed' && isLost) return { op: 'keep', note: 'yours since it was written', base };
  // As generated it would be rewritten in the next run, over what was the user's own all along.
  if (theirs.policy === 'generated')
    return sideBySide(theirs, style, DIFFERS, style === 'theirs' ? base : { ...base, policy: 'seed' });
  if (isLink(theirs)) return sideBySide(theirs, style, DIFFERS, base);
  const united = keyedUnion(path, yours.bytes, theirs.bytes);
  if (united !== undefined && sameBytes(united, yours.bytes))
    return { op: 'keep', note: 'it holds all of the template', base };
  if (united !== undefined)
    return {
      op: 'merge',
      note: "the template's keys were added to yours",
      to: { bytes: united, mode: theirs.mode },
      base,
    };
  return sideBySide(theirs, style, DIFFERS, base);
}

const DIFFERS = 'it was there already and differs';

function sideBySide(
  theirs: TreeFile,
  style: ConflictStyle,
  note: string,
  base: BaseFile | undefined,
): Decision {
  switch (style) {
    case 'yours':
      return { op: 'keep', note: `${note}; yours was taken`, base };
    case 'theirs':
      return { op: 'update', note: `${note}; the template's was taken`, to: theirs, base };
    case 'markers':
    case 'side':
      return { op: 'conflict', note, side: theirs, base };
  }
}

/** Whether a file that is to be generated was the user's before: kept then, until it is deleted or the template's. */
function isOwn(base: BaseFile, yours: Yours | undefined): boolean {
  return base.policy === 'seed' && yours !== undefined && !same(yours, base);
}

function rewritten(base: BaseFile, yours: Yours | undefined, theirs: TreeFile): Decision {
  const wanted = baseOf(theirs);
  if (yours === undefined) return { op: 'create', to: theirs, base: wanted };
  if (same(yours, theirs)) return { base: wanted };
  const isEdited = !same(yours, base);
  return {
    op: 'update',
    ...(isEdited ? { note: 'always rewritten; your edit is in the undo store' } : {}),
    to: theirs,
    base: wanted,
  };
}

/** A file that the user deleted comes back only when asked for. Its base goes on, a seed's too: so it is told once. */
function stillDeleted(base: BaseFile, theirs: TreeFile): Decision {
  const next = baseOf(theirs);
  if (same(base, theirs)) return { base: next };
  return { op: 'kept-deleted', note: 'you deleted it; --restore brings it', base: next };
}

/** That the template has another example is told in the run that brought it; later runs tell of edits alone. */
function keptSeed(base: BaseFile, yours: Yours, theirs: TreeFile, isNews: boolean): Decision {
  const next: BaseFile = { ...base, policy: 'seed' };
  if (same(yours, theirs)) return { base: baseOf(theirs) };
  if (isNews)
    return { op: 'keep', note: "yours since it was written; --restore brings the template's", base: next };
  const isUnedited = same(yours, base);
  return isUnedited ? { base: next } : { op: 'keep', note: 'yours since it was written', base: next };
}

interface Three {
  readonly path: RelPath;
  readonly base: BaseFile;
  readonly yours: Yours;
  readonly theirs: TreeFile;
}

function merged(three: Three, options: DecideOptions): Decision {
  const { path, yours, theirs } = three;
  const base = baseOf(theirs);
  const mode = mergedMode(three.base.mode, yours.mode, theirs.mode);
  const isUnedited = same(yours, three.base);
  const isSame = same(yours, theirs);
  if (isSame || same(theirs, three.base)) {
    const kept = { bytes: yours.bytes, mode };
    if (mode !== modeOf(yours.mode)) return { op: 'mode', note: modeNote(mode), to: kept, base };
    if (isUnedited)
      return mode === theirs.mode ? { base } : { op: 'keep', note: 'you changed its mode', base };
    return isSame
      ? { op: 'adopt', note: "you had made the template's change already", base }
      : { op: 'keep', note: 'you edited it', base };
  }
  if (isUnedited)
    return { op: 'update', to: { bytes: theirs.bytes, mode: isLink(theirs) ? LINK : mode }, base };
  if (isLink(theirs)) return sideBySide(theirs, options.conflict, 'you changed where the link leads', base);
  if (isLink(three.base)) return bothAdded({ ...three, isLost: false }, yours, theirs, options.conflict);
  if (isLockFile(path)) return { op: 'keep', note: 'a lock file is never merged; make it again', base };
  return mergedLines(three, mode, options, base);
}

function mergedLines(
  three: Three,
  mode: EntryMode,
  { conflict, label }: DecideOptions,
  next: BaseFile,
): Decision {
  const { path, base, yours, theirs } = three;
  const versions = { base: base.bytes, yours: yours.bytes, theirs: theirs.bytes };
  const result = mergeText(path, versions, { yours: 'yours', base: 'base', theirs: label });
  switch (result.kind) {
    case 'clean':
      return sameBytes(result.bytes, yours.bytes) && mode === modeOf(yours.mode)
        ? { op: 'keep', note: "your edit holds the template's change", base: next }
        : { op: 'merge', note: 'merged with your edits', to: { bytes: result.bytes, mode }, base: next };
    case 'not-text':
      return sideBySide(theirs, conflict, 'you changed it, and it cannot be merged as text', next);
    case 'too-hard':
      return sideBySide(theirs, conflict, 'you changed it too much for a merge', next);
    case 'conflict':
      return conflicting(three, { bytes: result.bytes, mode }, conflict, next);
  }
}

/** The same lines changed on both sides: markers, or what the user chose instead. */
function conflicting(
  { path, base, yours, theirs }: Three,
  marked: NewContent,
  style: ConflictStyle,
  next: BaseFile,
): Decision {
  const note = 'you changed the same lines';
  if (style === 'side') return sideBySide(theirs, style, note, next);
  if (style === 'markers') {
    const stages = { base, yours: { bytes: yours.bytes, mode: modeOf(yours.mode) }, theirs };
    return { op: 'conflict', note, to: marked, stages, base: next };
  }
  const versions = { base: base.bytes, yours: yours.bytes, theirs: theirs.bytes };
  const decided = mergeSides(path, versions, style);
  if (decided.kind !== 'clean') return sideBySide(theirs, style, note, next);
  const taken = style === 'yours' ? 'yours were taken' : "the template's were taken";
  return {
    op: 'merge',
    note: `${note}; ${taken}`,
    to: { bytes: decided.bytes, mode: marked.mode },
    base: next,
  };
}

/** Executable or not, by intent: what the user changed stays, else the template decides. */
function mergedMode(base: EntryMode, yours: number, theirs: EntryMode): EntryMode {
  return modeOf(yours) === base ? theirs : modeOf(yours);
}

/** A mode on disk as templates know it. */
export function modeOf(mode: number): EntryMode {
  if (mode === LINK) return LINK;
  return (mode & 0o100) === 0 ? 0o644 : 0o755;
}

function modeNote(mode: EntryMode): string {
  return mode === 0o755 ? 'it becomes executable' : 'it is no longer executable';
}
