import type { ProjectDisk } from '../io/on-disk.ts';
import type { RelPath } from '../rel-path.ts';
import type { Tree, TreeFile } from '../render/tree.ts';
import type { Base, BaseFile } from './base.ts';
import { LIKELY, similarity } from './similarity.ts';

/** One file under the names that base, disk and templates have for it. */
export interface Pair {
  /** The templates' name: that of the wanted file, or of the base where nothing is wanted. */
  readonly key: RelPath;
  readonly base: BaseFile | undefined;
  readonly theirs: TreeFile | undefined;
  /** Where the user's file is, and where it will be. */
  readonly from: RelPath;
  readonly to: RelPath;
}

interface Moves {
  readonly moved: ReadonlyMap<RelPath, RelPath>;
  readonly renames: ReadonlyMap<RelPath, RelPath>;
}

interface Pairs {
  readonly pairs: readonly Pair[];
  /** The user's moves under the new names of the templates. */
  readonly moved: ReadonlyMap<RelPath, RelPath>;
}

/** Joins the paths of base and tree; a renamed template stays one file, and a moved file is found where it is. */
export function pairPaths(base: Base, tree: Tree, disk: ProjectDisk, { moved, renames }: Moves): Pairs {
  const renamed = appliedRenames(base, tree, disk, { moved, renames });
  const oldOf = new Map([...renamed].map(([old, now]) => [now, old]));
  const wanted = [...tree.values()].map((theirs): Pair => {
    const old = oldOf.get(theirs.path) ?? theirs.path;
    const file = base.get(old);
    const place =
      moved.get(old) ?? (file && isThereAlready(file, theirs.path, disk) ? theirs.path : undefined);
    return {
      key: theirs.path,
      base: file && { ...file, path: theirs.path },
      theirs,
      from: place ?? old,
      to: place ?? theirs.path,
    };
  });
  const dropped = [...base.values()]
    .filter(({ path }) => !tree.has(path) && !renamed.has(path))
    .map((file): Pair => {
      const place = moved.get(file.path) ?? file.path;
      return { key: file.path, base: file, theirs: undefined, from: place, to: place };
    });
  return {
    pairs: [...wanted, ...dropped],
    moved: new Map([...moved].map(([old, place]) => [renamed.get(old) ?? old, place])),
  };
}

/** Old to new for each base that the templates have under another name now, where nothing is in the new place. */
function appliedRenames(
  base: Base,
  tree: Tree,
  disk: ProjectDisk,
  { moved, renames }: Moves,
): Map<RelPath, RelPath> {
  const applied = new Map<RelPath, RelPath>();
  const taken = new Set<RelPath>();
  for (const [old, file] of base) {
    const now = tree.has(old) ? undefined : endOf(old, renames, tree);
    if (now === undefined || base.has(now) || taken.has(now)) continue;
    if (!moved.has(old) && !isFree(now, old, disk) && !isThereAlready(file, now, disk)) continue;
    applied.set(old, now);
    taken.add(now);
  }
  return applied;
}

/** The first wanted name in a chain of renames. */
function endOf(old: RelPath, renames: ReadonlyMap<RelPath, RelPath>, tree: Tree): RelPath | undefined {
  const seen = new Set<RelPath>();
  for (let at = renames.get(old); at !== undefined && !seen.has(at); at = renames.get(at)) {
    if (tree.has(at)) return at;
    seen.add(at);
  }
  return undefined;
}

/** The user renamed the file as the templates now do. */
function isThereAlready({ path, bytes }: BaseFile, now: RelPath, disk: ProjectDisk): boolean {
  if (path === now || disk.look(path).kind !== 'absent') return false;
  const there = disk.look(now);
  return there.kind === 'file' && similarity(there.bytes, bytes) >= LIKELY;
}

/** On some disks `README` is found under the name `Readme` too: then it is the file itself. */
function isFree(now: RelPath, old: RelPath, disk: ProjectDisk): boolean {
  if (disk.look(now).kind === 'absent') return true;
  return now.toLowerCase() === old.toLowerCase() && !disk.isListed(now);
}
