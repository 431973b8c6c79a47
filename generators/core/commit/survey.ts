import type { ErrorDetail } from '../errors.ts';
import type { Disk, Seen } from '../io/disk.ts';
import { type RelPath, relPath } from '../rel-path.ts';
import { folderOf, foldersAbove } from './change.ts';
import { staleError, unsafeTargetError } from './commit-errors.ts';
import { exactLook } from './exact.ts';
import { type FolderLook, folderLook, nearestThere } from './folders.ts';
import { contentAt, type Found, sameFile } from './found.ts';
import type { Emptied, Entry } from './journal-entry.ts';

/** The project as it is just before the point of no return, found to be as the plan saw it. */
export interface Survey {
  /** One for each entry; undefined where nothing is. */
  readonly seen: readonly (Seen | undefined)[];
  readonly made: readonly RelPath[];
  readonly emptied: readonly Emptied[];
}

/** Holds the project against the plan. Fails with exit 5 where it differs or where a link is in the way. */
export function surveyProject(disk: Disk, root: string, entries: readonly Entry[]): Survey {
  const deletes = entries.filter(({ after }) => after.kind === 'absent').map(({ path }) => path);
  const writes = entries.filter(({ after }) => after.kind !== 'absent').map(({ path }) => path);
  const going = new Set<string>(deletes);
  const look = folderLook(disk, root, going);
  refuseLinks(entries, look);
  const emptied = foldersEmptied(deletes, writes, look);
  const gone = new Set<string>([...going, ...emptied.map(({ path }) => path)]);
  const seen = compareWithPlan(disk, root, entries, look, gone);
  checkAccess(disk, root, entries, look);
  return { seen, made: foldersToMake(writes, look), emptied };
}

function refuseLinks(entries: readonly Entry[], look: FolderLook): void {
  const unsafe = entries.filter(({ path }) => look(folderOf(path)).kind === 'link');
  if (unsafe.length === 0) return;
  throw unsafeTargetError(unsafe.map(({ path }) => ({ path, message: 'a folder above it is a link' })));
}

function compareWithPlan(
  disk: Disk,
  root: string,
  entries: readonly Entry[],
  look: FolderLook,
  gone: ReadonlySet<string>,
): (Seen | undefined)[] {
  const stale: ErrorDetail[] = [];
  const seeAt = exactLook(disk, root, entries);
  const seen = entries.map(({ path, before }) => {
    const full = `${root}/${path}`;
    const folder = look(folderOf(path)).kind;
    const now = folder === 'there' ? seeAt(path) : undefined;
    if (now?.kind === 'folder' && gone.has(path) && holdsOnly(disk, root, path, gone)) return undefined;
    const found: Found =
      folder === 'blocked' ? { kind: 'other', what: 'a file is above it' } : contentAt(disk, full, now);
    if (!sameFile(found, before)) stale.push({ path, message: difference(found, before.kind === 'absent') });
    return now;
  });
  if (stale.length > 0) throw staleError(stale);
  return seen;
}

function difference(found: Found, isNew: boolean): string {
  if (found.kind === 'other') return found.what;
  if (found.kind === 'absent') return 'it is gone';
  return isNew ? 'it was added' : 'it was changed';
}

/** Whether the transaction deletes everything in a folder, so that a file can take its place. */
function holdsOnly(disk: Disk, root: string, folder: string, gone: ReadonlySet<string>): boolean {
  return disk.namesIn(`${root}/${folder}`).every((name) => {
    const path = `${folder}/${name}`;
    if (!gone.has(path)) return false;
    return disk.see(`${root}/${path}`)?.kind !== 'folder' || holdsOnly(disk, root, path, gone);
  });
}

/** Staged files lie in `.mlops`: only this look finds a read-only folder while the tree is still untouched. */
function checkAccess(disk: Disk, root: string, entries: readonly Entry[], look: FolderLook): void {
  const folders = new Set(entries.map(({ path }) => nearestThere(look, folderOf(path))));
  for (const folder of folders) disk.checkWritable(folder === '' ? root : `${root}/${folder}`);
}

function foldersToMake(writes: readonly string[], look: FolderLook): RelPath[] {
  const missing = new Set(writes.flatMap(foldersAbove).filter((folder) => look(folder).kind === 'missing'));
  return [...missing].sort().map(relPath);
}

function foldersEmptied(
  deletes: readonly string[],
  writes: readonly string[],
  look: FolderLook,
): readonly Emptied[] {
  const needed = new Set(['.mlops', ...writes.flatMap(foldersAbove)]);
  const candidates = new Set(deletes.flatMap(foldersAbove).filter((folder) => !needed.has(folder)));
  return [...candidates]
    .sort((a, b) => b.length - a.length)
    .flatMap((folder) => {
      const found = look(folder);
      return found.kind === 'there' ? [{ path: relPath(folder), mode: found.mode }] : [];
    });
}
