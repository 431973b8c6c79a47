import type { OwnTexts } from './detect/own-texts.ts';
import { type ErrorDetail, usageError } from './errors.ts';
import { gitObject } from './io/git.ts';
import { lookAt, type OnDisk, type ProjectDisk, projectDisk } from './io/on-disk.ts';
import { sourceText } from './io/source-tree.ts';
import { type AnswerEdit, editedAnswers } from './merge/answers-edit.ts';
import { type Base, type FoundBase, readBase } from './merge/base.ts';
import { sameBytes } from './merge/blob-id.ts';
import { type CauseStep, originsFrom } from './merge/causes.ts';
import type { Changeset, Write } from './merge/change.ts';
import { planChanges } from './merge/changeset.ts';
import type { ConflictStyle } from './merge/decide.ts';
import { BASE_LOCK, MANIFEST, stateWrites } from './merge/state.ts';
import { hasConflictMarkers } from './merge/text-merge.ts';
import { isUnmanaged } from './merge/unmanaged.ts';
import { pathClashes } from './plan/path-clashes.ts';
import { nearest } from './profile/question.ts';
import type { RelPath } from './rel-path.ts';
import type { Tree } from './render/tree.ts';
import { markersError, type SavedProject } from './saved-project.ts';
import type { WantedProject } from './wanted.ts';

export interface RegenerationOptions {
  readonly conflict: ConflictStyle;
  readonly restore?: RelPath | undefined;
  /** Moves of the user's that `mlops.yaml` does not say yet. */
  readonly moves?: ReadonlyMap<RelPath, RelPath>;
}

/** What a run would do to a project that is there: to the user's files, and to what the generator keeps. */
export interface Regeneration {
  readonly changeset: Changeset;
  readonly state: readonly Write[];
  readonly notes: readonly string[];
  /** What was last wanted. */
  readonly before: Base;
}

/** What is wanted now, what led to it, and what `mlops.yaml` does not say of it yet. */
export interface Wish {
  readonly wanted: WantedProject;
  readonly steps: readonly CauseStep[];
  readonly edits: (moved: ReadonlyMap<RelPath, RelPath>) => readonly AnswerEdit[];
  /** What may have been wanted last, made again; asked only where a base is damaged or gone. */
  readonly recorded: () => readonly Tree[];
}

/** Holds a project on disk against what is wanted now, wherever that comes from. */
export function planWish(
  root: string,
  saved: SavedProject,
  { wanted, steps, edits, recorded }: Wish,
  options: RegenerationOptions,
): Regeneration {
  const moved = new Map([...saved.moved, ...(options.moves ?? [])]);
  const disk = projectDisk(root);
  const found = foundBase(root, disk, recorded);
  refuseMarkers(found, saved, disk);
  refuseUnmanaged(options.restore, saved);
  refuseUnknownPath(options.restore, [...wanted.tree.keys(), ...moved.values()]);
  const planned = planChanges(found.base, wanted.tree, disk, {
    ...options,
    unmanaged: saved.unmanaged,
    moved,
    renames: wanted.renames,
    lost: found.lost,
    origin: originsFrom(found.base, steps),
  });
  const changeset = { ...planned, refused: [...planned.refused, ...baseClashes(planned.base)] };
  const answers = editedAnswers(saved.text, edits(changeset.moved));
  const read: OnDisk = { kind: 'file', bytes: saved.bytes, mode: saved.mode };
  const state = stateWrites({ base: changeset.base, answers, schema: wanted.schema }, disk, read);
  return { changeset, state, notes: [...found.notes, ...saved.retired.map(retiredNote)], before: found.base };
}

function retiredNote(key: string): string {
  return `This version has no question ${key}: its line in mlops.yaml stays, and has no effect.`;
}

/** A file that stayed because it was edited keeps its base, which may be in the place of a new one. */
function baseClashes(base: Changeset['base']): ErrorDetail[] {
  return pathClashes([...base.keys()])
    .filter(({ kind }) => kind === 'base')
    .map(({ path, other }) => ({
      path,
      message: `rename or delete ${other} first: it takes its place in .mlops`,
    }));
}

/** What the project was last wanted to be, as far as it can be trusted. */
function foundBase(root: string, disk: ProjectDisk, recorded: Wish['recorded']): FoundBase {
  const lock = lookAt(root, BASE_LOCK);
  const text = lock.kind === 'file' ? Buffer.from(lock.bytes).toString('utf8') : undefined;
  let trees: readonly Tree[] | undefined;
  const madeAgain = (path: RelPath) => {
    trees ??= recorded();
    return trees.flatMap((tree) => tree.get(path)?.bytes ?? []);
  };
  return readBase(text, disk.look, { gitObject: (id) => gitObject(root, id), madeAgain });
}

/** What the generator wrote in a project, as text, by the path where it is now; undefined where its base is lost. */
export function ownTexts(root: string, { moved }: SavedProject): OwnTexts {
  const { base, lost } = foundBase(root, projectDisk(root), () => []);
  const placeOf = (path: RelPath) => moved.get(path) ?? path;
  return new Map<string, string | undefined>([
    [MANIFEST, undefined],
    ...[...lost].map((path): [string, undefined] => [placeOf(path), undefined]),
    ...[...base.values()].map(({ path, bytes }): [string, string] => [placeOf(path), sourceText(bytes)]),
  ]);
}

/** What an earlier run left to settle comes first: a merge of markers would be of no use to anybody. */
function refuseMarkers({ base }: FoundBase, saved: SavedProject, disk: ProjectDisk): void {
  const { moved, unmanaged } = saved;
  const managed = [...base.values()].filter(({ path }) => !isUnmanaged(path, unmanaged));
  const marked = managed.flatMap(({ path, bytes }) => {
    const found = disk.look(moved.get(path) ?? path);
    if (found.kind !== 'file' || sameBytes(found.bytes, bytes)) return [];
    return hasConflictMarkers(found.bytes, bytes) ? [moved.get(path) ?? path] : [];
  });
  if (marked.length > 0) throw markersError(marked);
}

function refuseUnmanaged(path: RelPath | undefined, { unmanaged }: SavedProject): void {
  if (path === undefined || !isUnmanaged(path, unmanaged)) return;
  throw usageError(`${path} is unmanaged, says mlops.yaml.`, 'Take it out of unmanaged: first.');
}

function refuseUnknownPath(path: RelPath | undefined, known: readonly RelPath[]): void {
  if (path === undefined || known.includes(path)) return;
  const close = nearest(path, known);
  throw usageError(
    `The template has no ${path}.`,
    close === undefined ? 'Name a path that the template writes.' : `Did you mean ${close}?`,
  );
}

/** Whether a run changes anything but the version of the generator in the answers. */
export function isPending({ changeset, state }: Pick<Regeneration, 'changeset' | 'state'>): boolean {
  return changeset.changes.some(({ writes }) => writes.length > 0) || state.some(isSubstantial);
}

function isSubstantial({ path, found, to }: Write): boolean {
  if (path !== MANIFEST && !path.endsWith('/mlops.yaml.base')) return true;
  if (found.kind !== 'file' || to === undefined) return true;
  const rest = (bytes: Uint8Array) =>
    Buffer.from(bytes)
      .toString('utf8')
      .replace(/^generator:.*$/m, '');
  return rest(found.bytes) !== rest(to.bytes);
}

/** The moves that `mlops.yaml` is to remember, where they are not those that it has. */
export function movedEdits(saved: SavedProject, moved: ReadonlyMap<RelPath, RelPath>): AnswerEdit[] {
  const isMoved = JSON.stringify([...moved]) !== JSON.stringify([...saved.moved]);
  return isMoved ? [{ key: 'moved', value: Object.fromEntries(moved) }] : [];
}
