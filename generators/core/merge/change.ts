import type { ErrorDetail } from '../errors.ts';
import type { OnDisk, ProjectDisk } from '../io/on-disk.ts';
import type { EntryMode } from '../plan/planned-file.ts';
import type { RelPath } from '../rel-path.ts';
import type { Base } from './base.ts';

/** What happens to a path, as the documented JSON calls it. */
export type Op =
  | 'create'
  | 'adopt'
  | 'update'
  | 'merge'
  | 'delete'
  | 'rename'
  | 'mode'
  | 'keep'
  | 'kept-deleted'
  | 'detach'
  | 'conflict'
  | 'restore';

export interface NewContent {
  readonly bytes: Uint8Array;
  readonly mode: EntryMode;
}

/** A path to write, or to delete where `to` is undefined; `found` is what the plan saw there. */
export interface Write {
  readonly path: RelPath;
  readonly found: OnDisk;
  readonly to: NewContent | undefined;
  /** Where nothing was: the permission bits of the file that this one was, under another name or before. */
  readonly bits?: number;
}

/** The three contents that a conflict is about, for git's index. */
export interface Stages {
  readonly base: NewContent;
  readonly yours: NewContent;
  readonly theirs: NewContent;
}

/** What would happen to one path, and why. Paths to which nothing happens, and that nobody edited, are not listed. */
export interface Change {
  readonly path: RelPath;
  readonly op: Op;
  readonly layer: string;
  readonly why: string;
  /** What made the wanted content change, such as `answer ci github → none`. */
  readonly cause: string;
  readonly renamedFrom?: RelPath;
  /** Where the template's version was put beside the user's. */
  readonly side?: RelPath;
  readonly writes: readonly Write[];
  /** Set where markers were left in a text. */
  readonly stages?: Stages;
}

/** Everything that a run would do to the user's files, and the base that it leaves. */
export interface Changeset {
  /** In path order. */
  readonly changes: readonly Change[];
  readonly base: Base;
  /** Moves of the user's, by the path that the templates know; a template's rename is followed. */
  readonly moved: ReadonlyMap<RelPath, RelPath>;
  /** What is in the way. Nothing may be written while there is anything. */
  readonly refused: readonly ErrorDetail[];
}

/** Whether a change leaves something for the user to settle. */
export function isUnsettled({ op, side }: Change): boolean {
  return op === 'conflict' || side !== undefined;
}

/** What is no file in the place of one; where it is elsewhere, on the way to it for instance, its place is named. */
export function inTheWay(path: RelPath, { what, at }: OnDisk & { readonly kind: 'other' }): string {
  return at === path ? `${what} is in its place` : `${what} is in its place (${at})`;
}

/** Whether what is in the way of a file goes with these writes: a folder does with the last file in it. */
export function isGoing(
  { what, at }: OnDisk & { readonly kind: 'other' },
  writes: readonly Write[],
  disk: ProjectDisk,
): boolean {
  const going = new Set<string>(writes.flatMap(({ path, to }) => (to === undefined ? [path] : [])));
  const leaves = what === 'a folder' ? disk.leavesBelow(at) : [];
  return going.has(at) || (leaves.length > 0 && leaves.every((leaf) => going.has(leaf)));
}
