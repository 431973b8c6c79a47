import { dirname, resolve } from 'node:path';
import { type Disk, errnoOf } from '../io/disk.ts';
import { ignoreFailure, makeFolderIfAbsent, removeFolderIfEmpty } from '../io/disk-files.ts';
import { lockedError, unsafeTargetError } from './commit-errors.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type Lock, releaseLock, takeLock } from './lock.ts';

/** A project folder whose lock this run holds. */
export interface Held {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly lock: Lock;
}

const ATTEMPTS = 100;

/** Makes the root if need be and takes its lock. A run that ends meanwhile may remove `.mlops` under us: try again. */
export function enterProject(disk: Disk, root: string): Held {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const held = tryToEnter(disk, root);
    if (held !== undefined) return held;
  }
  throw lockedError('its folder comes and goes');
}

/** Releases the lock; after a rollback also removes the folders made for the project, `levels` upwards, if empty. */
export function leaveProject({ disk, layout, lock }: Held, levels: number): void {
  ignoreFailure(() => releaseLock(disk, layout, lock));
  ignoreFailure(() => removeEmptied(disk, layout, levels));
}

function tryToEnter(disk: Disk, root: string): Held | undefined {
  const { real, levels } = makeRoot(disk, resolve(root));
  const layout = layoutOf(real);
  try {
    makeFolderIfAbsent(disk, layout.own);
    refuseForeignFolders(disk, layout);
    return { disk, layout, lock: takeLock(disk, layout, levels) };
  } catch (error) {
    ignoreFailure(() => removeEmptied(disk, layout, levels));
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The root without links in it, and how many folders had to be made for it. */
function makeRoot(disk: Disk, root: string): { readonly real: string; readonly levels: number } {
  if (disk.see(root) !== undefined) return { real: disk.realPath(root), levels: 0 };
  const parent = makeRoot(disk, dirname(root));
  const real = `${parent.real === '/' ? '' : parent.real}${root.slice(dirname(root).replace(/\/$/, '').length)}`;
  try {
    const made = makeFolderIfAbsent(disk, real);
    return { real, levels: made ? parent.levels + 1 : 0 };
  } catch (error) {
    ignoreFailure(() => removeUpwards(disk, parent.real, parent.levels));
    throw error;
  }
}

function removeEmptied(disk: Disk, layout: Layout, levels: number): void {
  removeFolderIfEmpty(disk, layout.own);
  removeUpwards(disk, layout.root, levels);
}

function removeUpwards(disk: Disk, folder: string, levels: number): void {
  let at = folder;
  for (let left = levels; left > 0 && removeFolderIfEmpty(disk, at); left--) at = dirname(at);
}

/** A link at one of our own folders would take the transaction out of the project. */
function refuseForeignFolders(disk: Disk, layout: Layout): void {
  const { own, txn, undo, staged, draft, aside } = layout;
  refuseForeign(disk, layout, [own, txn, undo]);
  if (disk.see(txn) !== undefined) refuseForeign(disk, layout, [staged, draft, aside]);
}

function refuseForeign(disk: Disk, { root }: Layout, folders: readonly string[]): void {
  const foreign = folders.filter((folder) => (disk.see(folder)?.kind ?? 'folder') !== 'folder');
  if (foreign.length === 0) return;
  const message = 'it is not a folder';
  throw unsafeTargetError(foreign.map((folder) => ({ path: folder.slice(root.length + 1), message })));
}
