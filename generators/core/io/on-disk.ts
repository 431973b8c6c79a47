import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { parentsOf, type RelPath } from '../rel-path.ts';
import { linkTarget } from './link-target.ts';
import { reasonOf } from './text-file.ts';

/** What is at a path, seen without following links. */
export type OnDisk =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly mode: number }
  /** Something else is at the path, or at one of its parents: `at` says which. */
  | { readonly kind: 'other'; readonly what: string; readonly at: RelPath };

/** Looks at a path below a root; a link or a file where a folder should be counts as something in the way. */
export function lookAt(root: string, path: RelPath): OnDisk {
  return obstacleAbove(root, path) ?? contentAt(root, path);
}

/** What keeps a path from being looked at: a folder above it that is missing or no folder. */
function obstacleAbove(root: string, path: RelPath): OnDisk | undefined {
  for (const parent of parentsOf(path)) {
    const found = kindAt(join(root, parent));
    if (found === 'absent') return { kind: 'absent' };
    if (found !== 'a folder') return { kind: 'other', what: found, at: parent };
  }
  return undefined;
}

function contentAt(root: string, path: RelPath): OnDisk {
  const full = join(root, path);
  const stats = statsAt(full);
  const what = kindOf(stats);
  if (what === 'absent') return { kind: 'absent' };
  if (typeof stats !== 'object' || what !== 'a file') return { kind: 'other', what, at: path };
  try {
    return { kind: 'file', bytes: readFileSync(full), mode: stats.mode & 0o777 };
  } catch (error) {
    return { kind: 'other', what: `a file that cannot be read (${reasonOf(error)})`, at: path };
  }
}

/** Whether a folder lists a path under exactly this name: some disks take `README` and `Readme` for one. */
function isListed(root: string, path: RelPath): boolean {
  const parts = path.split('/');
  return parts.every((part, index) => namesIn(join(root, ...parts.slice(0, index))).includes(part));
}

/** All that a folder holds, by path from the root; a folder only where it is empty. Links are not followed. */
function leavesBelow(root: string, folder: string): string[] {
  if (kindAt(join(root, folder)) !== 'a folder') return [];
  const entries = entriesOf(join(root, folder));
  // What cannot be listed counts as one thing of its own.
  if (entries === undefined) return folder === '' ? [] : [folder];
  return entries.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    const below = leavesBelow(root, path);
    return below.length === 0 ? [path] : below;
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

const MAX_OWN_BYTES = 1024 * 1024;
const MAX_OWN_FILES = 5000;

/** Files of the project by path: small ones, none in folders that programs keep for themselves, at most 5,000. */
export function ownFiles(root: string, folder = ''): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const isKept = /^\.(?!github$)|^node_modules$|^__pycache__$/.test(entry.name);
    if (entry.isDirectory() && !isKept) files.push(...ownFiles(root, path));
    if (entry.isFile() && lstatSync(join(root, path)).size < MAX_OWN_BYTES) files.push(path);
    if (files.length >= MAX_OWN_FILES) break;
  }
  return files.slice(0, MAX_OWN_FILES);
}

function namesIn(folder: string): readonly string[] {
  return kindAt(folder) === 'a folder' ? readdirSync(folder) : [];
}

function kindAt(path: string): string {
  return kindOf(statsAt(path));
}

/** Undefined where nothing is; in words why nothing can be said. */
function statsAt(path: string): Stats | string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    return `something that cannot be seen (${reasonOf(error)})`;
  }
}

function kindOf(stats: Stats | string | undefined): string {
  if (stats === undefined) return 'absent';
  if (typeof stats === 'string') return stats;
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isDirectory()) return 'a folder';
  return stats.isFile() ? 'a file' : 'a special file';
}

/** A project as a plan looks at it. */
export interface ProjectDisk {
  readonly look: (path: RelPath) => OnDisk;
  /** The text that a link leads by; undefined where none is at the path. */
  readonly target: (path: RelPath) => string | undefined;
  readonly isListed: (path: RelPath) => boolean;
  readonly leavesBelow: (folder: string) => readonly string[];
}

/** Looks at each path and each folder only once: all of a plan goes by what was there then. */
export function projectDisk(root: string): ProjectDisk {
  const obstacles = new Map<string, OnDisk | undefined>();
  const found = new Map<RelPath, OnDisk>();
  const look = (path: RelPath): OnDisk => {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    if (!obstacles.has(folder)) obstacles.set(folder, obstacleAbove(root, path));
    return obstacles.get(folder) ?? contentAt(root, path);
  };
  return {
    look: (path) => {
      const known = found.get(path) ?? look(path);
      found.set(path, known);
      return known;
    },
    target: (path) => linkTarget(join(root, path)),
    isListed: (path) => isListed(root, path),
    leavesBelow: (folder) => leavesBelow(root, folder),
  };
}
