import type { ProjectDisk } from '../io/on-disk.ts';
import type { RelPath } from '../rel-path.ts';
import type { Tree, TreeFile } from '../render/tree.ts';
import type { Base, BaseFile } from './base.ts';
import { LIKELY, similarity } from './similarity.ts';
import { isUnmanaged } from './unmanaged.ts';

/** One file under the names that base, disk and templates have for it. */
export interface Pair {
  /** The templates' name: that of the wanted file, or of the base where nothing is wanted. */
  readonly key: RelPath;
  readonly base: BaseFile | undefined;
  readonly theirs: TreeFile | undefined;
  /** Where the user's file is, and where it will be. */
  readonly from: RelPath;
  readonly to: RelPath;
  /** What is at `from` belongs to another pair, which takes it away. */
  readonly isVacated?: boolean;
}

interface Moves {
  readonly moved: ReadonlyMap<RelPath, RelPath>;
  readonly renames: ReadonlyMap<RelPath, RelPath>;
  readonly unmanaged: readonly string[];
}

interface Pairs {
  readonly pairs: readonly Pair[];
  /** The user's moves under the new names of the templates. */
  readonly moved: ReadonlyMap<RelPath, RelPath>;
}

/** Joins the paths of base and tree; a renamed template stays one file, and a moved file is found where it is. */
export function pairPaths(base: Base, tree: Tree, disk: ProjectDisk, moves: Moves): Pairs {
  const { moved } = moves;
  const renamed = appliedRenames(base, tree, disk, moves);
  const oldOf = new Map([...renamed].map(([old, now]) => [now, old]));
  const wanted = [...tree.values()].map((theirs): Pair => {
    const { path } = theirs;
    const old = oldOf.get(path) ?? path;
    if (old === path && renamed.has(path)) {
      const isVacated = isLeaving(path, disk, moved);
      return { key: path, base: undefined, theirs, from: path, to: path, isVacated };
    }
    const file = base.get(old);
    const place = moved.get(old) ?? (isThereAlready(file, path, disk) ? path : undefined);
    return { key: path, base: file && { ...file, path }, theirs, from: place ?? old, to: place ?? path };
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

/**
 * Old to new for each base that the templates have under another name now, where nothing is in the new place, or what
 * is there goes to a new name itself.
 */
function appliedRenames(
  base: Base,
  tree: Tree,
  disk: ProjectDisk,
  { moved, renames, unmanaged }: Moves,
): ReadonlyMap<RelPath, RelPath> {
  const named = namedAnew(base, tree, renames, unmanaged);
  const applied = new Map<RelPath, RelPath>();
  const taken = new Set<RelPath>();
  const decided = new Set<RelPath>();
  const isApplied = (old: RelPath): boolean => {
    const now = named.get(old);
    if (now === undefined || decided.has(old)) return applied.has(old);
    decided.add(old);
    const isNextApplied = isApplied(now);
    if (taken.has(now) || (base.has(now) && !isNextApplied)) return false;
    const isOpen =
      moved.has(old) ||
      isFree(now, old, disk) ||
      isThereAlready(base.get(old), now, disk) ||
      (isNextApplied && isLeaving(now, disk, moved));
    if (!isOpen) return false;
    taken.add(now);
    applied.set(old, now);
    return true;
  };
  for (const old of named.keys()) isApplied(old);
  return applied;
}

/** The name that the templates have now for each base that they renamed; the nearest come first. */
function namedAnew(
  base: Base,
  tree: Tree,
  renames: Moves['renames'],
  unmanaged: readonly string[],
): ReadonlyMap<RelPath, RelPath> {
  const followed = new Set(renames.values());
  const named = [...base.keys()].flatMap((old): [RelPath, RelPath][] => {
    const now = endOf(old, renames, tree);
    if (now === undefined) return [];
    const mayLeave = followed.has(old) && ![old, now].some((path) => isUnmanaged(path, unmanaged));
    return !tree.has(old) || mayLeave ? [[old, now]] : [];
  });
  const isNear = ([old, now]: [RelPath, RelPath]) => renames.get(old) === now;
  return new Map([...named.filter(isNear), ...named.filter((one) => !isNear(one))]);
}

/** Whether a file of the template's is at a path, from where a rename takes it. */
function isLeaving(path: RelPath, disk: ProjectDisk, moved: Moves['moved']): boolean {
  if (moved.has(path)) return false;
  return disk.look(path).kind === 'file' || disk.target(path) !== undefined;
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
function isThereAlready(file: BaseFile | undefined, now: RelPath, disk: ProjectDisk): boolean {
  if (file === undefined || file.path === now || disk.look(file.path).kind !== 'absent') return false;
  const there = disk.look(now);
  return there.kind === 'file' && similarity(there.bytes, file.bytes) >= LIKELY;
}

/** On some disks `README` is found under the name `Readme` too: then it is the file itself. */
function isFree(now: RelPath, old: RelPath, disk: ProjectDisk): boolean {
  if (disk.look(now).kind === 'absent') return true;
  return now.toLowerCase() === old.toLowerCase() && !disk.isListed(now);
}
