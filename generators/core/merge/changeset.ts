import type { ErrorDetail } from '../errors.ts';
import type { OnDisk, ProjectDisk } from '../io/on-disk.ts';
import { byCodePoint } from '../io/package-files.ts';
import { isLink, LINK } from '../plan/planned-file.ts';
import { oneNameOf, parseRelPath, type RelPath } from '../rel-path.ts';
import type { Tree } from '../render/tree.ts';
import type { Base, BaseFile } from './base.ts';
import { sameBytes } from './blob-id.ts';
import { type Change, type Changeset, inTheWay, isGoing, type Write } from './change.ts';
import { type ConflictStyle, changesKind, type Decision, decide, modeOf } from './decide.ts';
import { type Pair, pairPaths } from './pairs.ts';
import { isUnmanaged } from './unmanaged.ts';

/** Where a path's wanted content comes from. */
export interface Origin {
  readonly layer: string;
  /** What made it change; '' where nothing did. */
  readonly cause: string;
}

export interface ChangesetOptions {
  readonly conflict: ConflictStyle;
  /** Paths, folders and patterns that the generator never touches. */
  readonly unmanaged: readonly string[];
  /** Files that the user moved, by the path that the templates know. */
  readonly moved: ReadonlyMap<RelPath, RelPath>;
  /** Files that the templates renamed: old to new. */
  readonly renames: ReadonlyMap<RelPath, RelPath>;
  /** A path whose template the user wants back. */
  readonly restore?: RelPath | undefined;
  /** Paths whose base is lost. */
  readonly lost: ReadonlySet<RelPath>;
  readonly origin: (path: RelPath) => Origin;
}

/** A new project, in a folder that may hold files already. */
export const NOTHING_BEFORE: ChangesetOptions = {
  conflict: 'markers',
  unmanaged: [],
  moved: new Map(),
  renames: new Map(),
  lost: new Set(),
  origin: () => ({ layer: '', cause: '' }),
};

/**
 * Holds what is wanted now against what was wanted last and what is on disk. Creating, re-classifying, changing an
 * answer and undoing are all this one function; it knows paths and bytes, and no archetype.
 */
export function planChanges(base: Base, tree: Tree, disk: ProjectDisk, options: ChangesetOptions): Changeset {
  const { pairs, moved } = pairPaths(base, tree, disk, options);
  const planner = new Planner(exactDisk(disk, pairs), options);
  const [untouched, touchable] = partition(pairs, ({ key, from, to }) =>
    [key, from, to].some((path) => isUnmanaged(path, options.unmanaged)),
  );
  for (const { base: file } of untouched) planner.keepBase(file);
  const blocked = touchable.filter((pair) => !planner.take(pair));
  for (const pair of blocked) planner.takeBlocked(pair);
  return { ...planner.result(), moved };
}

class Planner {
  readonly #changes: Change[] = [];
  readonly #base: BaseFile[] = [];
  readonly #refused: ErrorDetail[] = [];
  readonly #disk: ProjectDisk;
  readonly #options: ChangesetOptions;

  constructor(disk: ProjectDisk, options: ChangesetOptions) {
    this.#disk = disk;
    this.#options = options;
  }

  result(): Omit<Changeset, 'moved'> {
    const byPath = (a: { readonly path: RelPath }, b: { readonly path: RelPath }) =>
      byCodePoint(a.path, b.path);
    const base = [...this.#base].sort(byPath);
    return {
      changes: [...this.#changes].sort(byPath),
      base: new Map(base.map((file) => [file.path, file])),
      refused: [...this.#refused, ...this.#writtenTwice()].sort((a, b) =>
        byCodePoint(a.path ?? '', b.path ?? ''),
      ),
    };
  }

  /** A move of the user's may lead to a path that the templates have too. */
  #writtenTwice(): ErrorDetail[] {
    const paths = this.#changes.flatMap(({ writes }) => writes.map(({ path }) => path));
    const groups = [...Map.groupBy(paths, (path) => path)];
    const twice = groups.flatMap(([path, { length }]) => (length > 1 ? [path] : []));
    return twice.map((path) => ({ path, message: 'two files would be written here' }));
  }

  keepBase(file: BaseFile | undefined): void {
    if (file !== undefined) this.#base.push(file);
  }

  /** Decides on a path where a file or nothing is; false where something else is in the way. */
  take(pair: Pair): boolean {
    const found = this.#lookFor(pair.from, pair.base, pair.theirs);
    if (found.kind === 'other') return false;
    this.#takeFound(pair, found);
    return true;
  }

  /** A link counts where one was wanted or is; elsewhere it is in the way. */
  #lookFor(path: RelPath, ...wanted: readonly ({ readonly mode: number } | undefined)[]): OnDisk {
    const found = this.#disk.look(path);
    if (found.kind !== 'other' || found.at !== path || !wanted.some(isLink)) return found;
    const target = this.#disk.target(path);
    return target === undefined ? found : { kind: 'file', bytes: Buffer.from(target), mode: LINK };
  }

  /** A folder, link or file is in the way: it may go in this very run, or not matter. */
  takeBlocked(pair: Pair): void {
    const found = this.#disk.look(pair.from);
    if (found.kind !== 'other') return;
    const { base, theirs } = pair;
    const isOnPath = found.at === pair.from;
    if (theirs === undefined) {
      if (base !== undefined && isOnPath) this.#detach(pair, base, found.what);
    } else if (base !== undefined && isLink(base) === isLink(theirs) && sameBytes(base.bytes, theirs.bytes)) {
      this.keepBase({ ...base, mode: theirs.mode, policy: theirs.policy });
      if (isOnPath) this.#add(pair, { op: 'keep', note: `${found.what} is in its place`, base }, []);
    } else if (
      isGoing(
        found,
        this.#changes.flatMap(({ writes }) => writes),
        this.#disk,
      )
    ) {
      this.#takeFound(pair, { kind: 'absent' }, true);
    } else {
      this.keepBase(base);
      const isEmpty = found.what === 'a folder' && isOnPath && this.#disk.leavesBelow(found.at).length === 0;
      const what = isEmpty ? 'an empty folder' : found.what;
      this.#refused.push({ path: pair.to, message: inTheWay(pair.to, { ...found, what }) });
    }
  }

  #detach(pair: Pair, base: BaseFile, what: string): void {
    this.keepBase({ ...base, policy: 'detached' });
    if (base.policy === 'detached') return;
    this.#add(pair, { op: 'detach', note: `wanted no more; ${what} is in its place`, base }, []);
  }

  #takeFound(pair: Pair, found: OnDisk, isReplaced = false): void {
    const { base, theirs, key } = pair;
    const versions = {
      path: pair.to,
      base: isReplaced ? undefined : base,
      yours: found.kind === 'file' ? found : undefined,
      theirs,
      isLost: this.#options.lost.has(key),
    };
    const restores = this.#options.restore === pair.to || this.#options.restore === key;
    if (!restores && changesKind(versions)) {
      this.keepBase(base);
      this.#refused.push({
        path: pair.to,
        message: `${isLink(theirs) ? 'a file' : 'a link'} of yours is in its place`,
      });
      return;
    }
    const origin = this.#options.origin(key);
    const decision = decide(versions, {
      conflict: this.#options.conflict,
      label: labelOf(origin),
      isNews: origin.cause !== '',
      restores,
    });
    this.keepBase(decision.base);
    const writes = this.#writesOf(pair, found, decision);
    if (writes !== undefined) this.#add(pair, decision, writes);
  }

  /** Undefined where the side file cannot be put. */
  #writesOf(pair: Pair, found: OnDisk, { to, side }: Decision): Write[] | undefined {
    const writes = pair.from === pair.to ? fileWrites(pair.to, found, to) : movedWrites(pair, found, to);
    if (side === undefined) return writes;
    const path = parseRelPath(sidePath(pair.to));
    if (path.kind === 'refused') {
      const message = `the template's cannot be put beside it: ${path.reason}; rename it, or decide with regenerate --conflict=yours or --conflict=theirs`;
      this.#refused.push({ path: pair.to, message });
      return undefined;
    }
    const there = this.#lookFor(path.path, side);
    if (there.kind === 'other') {
      this.#refused.push({
        path: path.path,
        message: 'something is in the place of the file beside yours',
      });
      return undefined;
    }
    if (there.kind === 'file' && sameBytes(there.bytes, side.bytes)) return writes;
    return [...writes, { path: path.path, found: there, to: side }];
  }

  #add(pair: Pair, { op, note, side, stages }: Decision, writes: readonly Write[]): void {
    const isRename = pair.from !== pair.to && writes.length > 0;
    if (op === undefined && !isRename) return;
    const { layer, cause } = this.#options.origin(pair.key);
    const path = parseRelPath(sidePath(pair.to));
    const reasons = [cause, note, replacedSide(pair, writes)].filter(
      (part) => part !== undefined && part !== '',
    );
    this.#changes.push({
      path: pair.to,
      op: isRename && op !== 'conflict' ? 'rename' : (op ?? 'rename'),
      layer: pair.theirs?.layer ?? layer,
      why: reasons.length > 0 ? reasons.join('; ') : (pair.theirs?.why ?? ''),
      cause,
      ...(isRename ? { renamedFrom: pair.from } : {}),
      ...(side !== undefined && path.kind === 'path' ? { side: path.path } : {}),
      writes,
      ...(stages === undefined ? {} : { stages }),
    });
  }
}

/** On a disk that takes `README` and `Readme` for one name, each of two such paths is there only under its own. */
function exactDisk(disk: ProjectDisk, pairs: readonly Pair[]): ProjectDisk {
  const byName = Map.groupBy(new Set(pairs.flatMap(({ from, to }) => [from, to])), oneNameOf);
  const twins = new Set([...byName.values()].filter(({ length }) => length > 1).flat());
  const look = (path: RelPath): OnDisk =>
    twins.has(path) && !disk.isListed(path) ? { kind: 'absent' } : disk.look(path);
  return { ...disk, look };
}

function fileWrites(path: RelPath, found: OnDisk, to: Decision['to']): Write[] {
  if (to === undefined) return [];
  return [{ path, found, to: to === 'gone' ? undefined : { bytes: to.bytes, mode: to.mode } }];
}

/** A rename writes the file under its new name even where its content stays. */
function movedWrites({ from, to: path }: Pair, found: OnDisk, to: Decision['to']): Write[] {
  if (found.kind !== 'file') return fileWrites(path, found, to);
  if (to === 'gone') return [{ path: from, found, to: undefined }];
  const content = to ?? { bytes: found.bytes, mode: modeOf(found.mode) };
  return [
    { path: from, found, to: undefined },
    { path, found: { kind: 'absent' }, to: { bytes: content.bytes, mode: content.mode }, bits: found.mode },
  ];
}

function sidePath(path: RelPath): string {
  return `${path}.mlops-new`;
}

/** An older side file that nobody edited is the base; anything else in its place is the user's. */
function replacedSide({ to, base }: Pair, writes: readonly Write[]): string | undefined {
  const path = sidePath(to);
  const found = writes.find((write) => write.path === path)?.found;
  if (found?.kind !== 'file' || (base !== undefined && sameBytes(found.bytes, base.bytes))) return undefined;
  return `what was in ${path} is in the undo store`;
}

function labelOf({ layer, cause }: Origin): string {
  const parts = [cause, layer === '' ? '' : `(${layer})`].filter((part) => part !== '');
  return parts.length === 0 ? 'template' : `template: ${parts.join(' ')}`;
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
