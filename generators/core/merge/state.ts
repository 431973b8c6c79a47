import type { ErrorDetail } from '../errors.ts';
import type { OnDisk, ProjectDisk } from '../io/on-disk.ts';
import { parseRelPath, type RelPath, relPath } from '../rel-path.ts';
import { type Base, basePathOf, lockText } from './base.ts';
import { sameBytes } from './blob-id.ts';
import { inTheWay, isGoing, type Write } from './change.ts';

const GITATTRIBUTES = 'base/** -text linguist-generated\nbase.lock merge=union\n';

// `!/base/**`: a pattern of the user's such as `data/` must not swallow the base.
const GITIGNORE = '/txn/\n/undo/\n/lock*\n!/base/**\n';

export const MANIFEST = relPath('mlops.yaml');
export const APPLIED_ANSWERS = relPath('.mlops/base/mlops.yaml.base');
export const BASE_LOCK = relPath('.mlops/base.lock');

/** What the generator keeps of its own beside the user's files. */
export interface State {
  readonly base: Base;
  /** The text of `mlops.yaml`. */
  readonly answers: string;
  readonly schema: object;
}

/** The files of `.mlops/`: the base that later merges start from, its lock, the answers applied, the schema. */
export function stateFiles({ base, answers, schema }: State): ReadonlyMap<RelPath, Uint8Array> {
  const texts: readonly (readonly [RelPath, string])[] = [
    [APPLIED_ANSWERS, answers],
    [BASE_LOCK, lockText(base)],
    [relPath('.mlops/schema.json'), `${JSON.stringify(schema, null, 2)}\n`],
    [relPath('.mlops/.gitattributes'), GITATTRIBUTES],
    [relPath('.mlops/.gitignore'), GITIGNORE],
  ];
  return new Map([
    ...[...base.values()].map(({ path, bytes }): [RelPath, Uint8Array] => [basePathOf(path), bytes]),
    ...texts.map(([path, text]): [RelPath, Uint8Array] => [path, Buffer.from(text)]),
  ]);
}

/**
 * What has to be written so that the state is this one; nothing where it is already. The answers that were read are
 * what may be replaced, not what somebody wrote there since.
 */
export function stateWrites(state: State, disk: ProjectDisk, answersRead: OnDisk): Write[] {
  const files = stateFiles(state);
  const written = [...files].map(([path, bytes]) => writeOf(path, bytes, disk.look(path)));
  const manifest = writeOf(MANIFEST, Buffer.from(markedAs(answersRead, state.answers)), answersRead);
  return [...written, manifest, ...strayWrites(files, disk)].filter(isNeeded);
}

/** What is no file in the place of one that the generator keeps, or on the way to it, unless it goes in this run. */
export function stateBlocks(writes: readonly Write[], disk: ProjectDisk): ErrorDetail[] {
  return writes.flatMap(({ path, found }) =>
    found.kind === 'other' && !isGoing(found, writes, disk) ? [{ path, message: inTheWay(path, found) }] : [],
  );
}

/** A byte order mark is no part of the text that is read; the user's stays. */
function markedAs(read: OnDisk, answers: string): string {
  const isMarked = read.kind === 'file' && Buffer.from(read.bytes.subarray(0, 3)).equals(BOM);
  return isMarked && !answers.startsWith('\ufeff') ? `\ufeff${answers}` : answers;
}

const BOM = Buffer.from('\ufeff');

function writeOf(path: RelPath, bytes: Uint8Array, found: OnDisk): Write {
  return { path, found, to: { bytes, mode: 0o644 } };
}

/** Files below `.mlops/base` that are the base of nothing any more. */
function strayWrites(files: ReadonlyMap<RelPath, Uint8Array>, disk: ProjectDisk): Write[] {
  return disk.leavesBelow('.mlops/base').flatMap((name) => {
    const parsed = parseRelPath(name);
    if (parsed.kind === 'refused' || files.has(parsed.path)) return [];
    const found = disk.look(parsed.path);
    return found.kind === 'file' ? [{ path: parsed.path, found, to: undefined }] : [];
  });
}

function isNeeded({ found, to }: Write): boolean {
  if (to === undefined) return found.kind !== 'absent';
  return !(found.kind === 'file' && sameBytes(found.bytes, to.bytes));
}
