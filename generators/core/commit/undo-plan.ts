import type { OnDisk, ProjectDisk } from '../io/on-disk.ts';
import type { BaseFile } from '../merge/base.ts';
import type { Changeset, NewContent, Write } from '../merge/change.ts';
import { NOTHING_BEFORE, planChanges } from '../merge/changeset.ts';
import type { ConflictStyle } from '../merge/decide.ts';
import { MANIFEST } from '../merge/state.ts';
import { mergeSides } from '../merge/text-merge.ts';
import { LINK } from '../plan/planned-file.ts';
import type { RelPath } from '../rel-path.ts';
import type { TreeFile } from '../render/tree.ts';
import { groupOf, isExecutable } from './change.ts';
import type { Kept, UndoPath } from './edited-between.ts';
import { sha256 } from './found.ts';

interface UndoPlan {
  readonly changeset: Changeset;
  readonly state: readonly Write[];
}

/**
 * Undoing is a change like any other: the base is what the runs left, yours is what is there now, and what is
 * wanted is what was there before them. What was edited since is merged, or kept.
 */
export function planUndo(
  paths: readonly UndoPath[],
  disk: ProjectDisk,
  options: { readonly conflict: ConflictStyle; readonly cause: string },
): UndoPlan {
  const users = paths.filter(({ path }) => groupOf(path) === 0);
  const base = users.flatMap(({ path, after }) => baseFile(path, after, disk.look(path)));
  const tree = users.flatMap(({ path, before }) => treeFile(path, before));
  const changeset = planChanges(
    new Map(base.map((file) => [file.path, file])),
    new Map(tree.map((file) => [file.path, file])),
    disk,
    { ...NOTHING_BEFORE, conflict: options.conflict, origin: () => ({ layer: '', cause: options.cause }) },
  );
  const own = paths.filter(({ path }) => groupOf(path) !== 0);
  const bits = new Map(
    users.flatMap(({ path, before: { content } }) => (content.kind === 'file' ? [[path, content.mode]] : [])),
  );
  const changes = changeset.changes.map((change) => ({
    ...change,
    writes: change.writes.map(withBits(bits)),
  }));
  return {
    changeset: { ...changeset, changes },
    state: own.flatMap((path) => stateWrite(path, disk.look(path.path))),
  };
}

/** A file that comes back has the permissions that it had. */
function withBits(bits: ReadonlyMap<RelPath, number>): (write: Write) => Write {
  return (write) => {
    const had = bits.get(write.path);
    return had === undefined ? write : { ...write, bits: had };
  };
}

/** A file that a run added is not kept twice: while nobody edited it, it is itself the copy. */
function baseFile(path: RelPath, { content, bytes }: Kept, found: OnDisk): BaseFile[] {
  if (content.kind === 'link') return [{ path, ...linkTo(content), policy: 'managed' }];
  if (content.kind !== 'file') return [];
  const isThere = found.kind === 'file' && sha256(found.bytes) === content.hash;
  const known = bytes ?? (isThere ? found.bytes : unlike(found));
  return [{ path, bytes: known, mode: modeOf(content.mode), policy: 'managed' }];
}

/** Some bytes that the user's file is not: all that matters of them is that it was edited. */
function unlike(found: OnDisk): Uint8Array {
  return found.kind === 'file' && found.bytes.byteLength === 0 ? Buffer.from('\n') : new Uint8Array();
}

function treeFile(path: RelPath, { content, bytes }: Kept): TreeFile[] {
  const entry = { path, policy: 'managed', layer: '', why: 'as it was before' } as const;
  if (content.kind === 'link') return [{ ...entry, ...linkTo(content) }];
  if (content.kind !== 'file' || bytes === undefined) return [];
  return [{ ...entry, bytes, mode: modeOf(content.mode) }];
}

function linkTo({ target }: { readonly target: string }): NewContent {
  return { bytes: Buffer.from(target), mode: LINK };
}

/** The generator's own files go back whole; `mlops.yaml` keeps what was edited in it since. */
function stateWrite({ path, before, after }: UndoPath, found: OnDisk): Write[] {
  const to = contentOf(before);
  if (path !== MANIFEST || found.kind !== 'file') return changed(path, found, to);
  const isEdited = after.content.kind !== 'file' || sha256(found.bytes) !== after.content.hash;
  if (!isEdited) return changed(path, found, to);
  if (to === undefined || after.bytes === undefined) return [];
  const versions = { base: after.bytes, yours: found.bytes, theirs: to.bytes };
  const merged = mergeSides(path, versions, 'yours');
  return merged.kind === 'clean' ? changed(path, found, { ...to, bytes: merged.bytes }) : [];
}

function changed(path: RelPath, found: OnDisk, to: NewContent | undefined): Write[] {
  if (to === undefined) return found.kind === 'file' ? [{ path, found, to }] : [];
  const isSame = found.kind === 'file' && Buffer.compare(found.bytes, to.bytes) === 0;
  return isSame ? [] : [{ path, found, to }];
}

function contentOf({ content, bytes }: Kept): NewContent | undefined {
  return content.kind === 'file' && bytes !== undefined ? { bytes, mode: modeOf(content.mode) } : undefined;
}

function modeOf(mode: number) {
  return isExecutable(mode) ? 0o755 : 0o644;
}
