import { isAmong } from './catalog/capability.ts';
import type { KeptParts } from './catalog/selection.ts';
import type { OnDisk, ProjectDisk } from './io/on-disk.ts';
import { byCodePoint } from './io/package-files.ts';
import { basePathOf, type LockLine, parseLock } from './merge/base.ts';
import { gitBlobId } from './merge/blob-id.ts';
import { BASE_LOCK } from './merge/state.ts';
import { isUnmanaged } from './merge/unmanaged.ts';
import { emittedPath, type PathNames } from './plan/emitted-path.ts';
import { globMatches } from './plan/glob.ts';
import { plainPath } from './plan/plan.ts';
import { parseRelPath, type RelPath } from './rel-path.ts';

/** A file of the user's that names what some parts bring. */
interface Need {
  readonly path: RelPath;
  /** Whether it is a managed file, which would go if nobody had edited it. */
  readonly isEdited: boolean;
}

/** What a project says about parts that the choices leave out. */
export interface ProjectNeeds {
  /** Whether they were wanted last. */
  readonly wasWanted: (parts: KeptParts) => boolean;
  readonly neededBy: (parts: KeptParts) => Need | undefined;
  /** Whether they were wanted last and a file needs them. */
  readonly isStaying: (parts: KeptParts) => boolean;
}

/** Where the user has files, and which of them the template is to replace. */
interface Places {
  readonly moved: ReadonlyMap<RelPath, RelPath>;
  readonly unmanaged: readonly string[];
  readonly restore?: RelPath | undefined;
}

/** Parts that stay, the emitted paths that they contribute to, and the file that needs them. */
export interface KeptPart {
  readonly word: string;
  readonly paths: readonly RelPath[];
  readonly need: Need | undefined;
}

/**
 * What a project needs of parts that its choices leave out. That they were wanted last is seen in the base, so nothing
 * arrives only because a file names it, and no record is kept.
 */
export function needsOf(disk: ProjectDisk, names: PathNames, places: Places): ProjectNeeds {
  const { moved, restore } = places;
  // What the user gives up in this very run needs nothing any more.
  const given = restore && (moved.get(restore) ?? restore);
  const look = (path: RelPath): OnDisk => (path === given ? { kind: 'absent' } : disk.look(path));
  const withoutRestored = { ...disk, look };
  const locked = new Set(lockLines(disk).map(({ path }) => path));
  // A base that is gone can be made again only by who knows what was in it; the file itself says.
  const lastWanted = (path: RelPath): OnDisk => {
    const base = disk.look(basePathOf(path));
    return base.kind === 'file' || !locked.has(path) ? base : disk.look(moved.get(path) ?? path);
  };
  const found = new Map<KeptParts['stay'], Need | undefined>();
  const wasWanted = (parts: KeptParts) =>
    pathsOf(parts, names).some((path) => isNamed(lastWanted(path), parts.stay.word));
  const neededBy = (parts: KeptParts) => {
    if (!found.has(parts.stay)) found.set(parts.stay, needFor(parts, withoutRestored, places, names));
    return found.get(parts.stay);
  };
  const isStaying = (parts: KeptParts) => wasWanted(parts) && neededBy(parts) !== undefined;
  return { wasWanted, neededBy, isStaying };
}

/** The emitted paths that some parts write or fill a slot of. */
export function pathsOf({ capability, stay }: KeptParts, names: PathNames): RelPath[] {
  const files = capability.files.flatMap((layer) =>
    layer.files.filter((name) => isAmong(stay.parts, layer, name)),
  );
  const filled = capability.fragments.flatMap((layer) =>
    layer.files
      .filter((name) => isAmong(stay.parts, layer, name))
      .map((name) => plainPath(name).replace(/\/[^/]*$/, '')),
  );
  return [...new Set([...files, ...filled].map((name) => emittedPath(name, names)))].sort(byCodePoint);
}

function needFor(
  parts: KeptParts,
  disk: ProjectDisk,
  { moved, unmanaged }: Places,
  names: PathNames,
): Need | undefined {
  const { stay } = parts;
  const own = new Set(pathsOf(parts, names));
  const lines = lockLines(disk);
  const keys = new Map([...moved].map(([key, place]) => [place, key]));
  const patterns = stay.in.map((pattern) =>
    pattern.replaceAll('__package__', names.package).replaceAll('__name__', names.name),
  );
  for (const path of patterns.flatMap((pattern) => matching(pattern, disk, moved))) {
    const found = disk.look(path);
    if (found.kind !== 'file' || !isNamed(found, stay.word)) continue;
    const key = keys.get(path) ?? path;
    const isManaged =
      ![key, path].some((one) => isUnmanaged(one, unmanaged)) &&
      lines.some((line) => line.path === key && line.policy !== 'seed');
    // A managed file that nobody edited is the template's; an edited one, if the template itself names it elsewhere.
    if (isManaged && lines.some((line) => line.path === key && line.id === gitBlobId(found.bytes))) continue;
    if (isManaged && !own.has(key) && isNamed(disk.look(basePathOf(key)), stay.word)) continue;
    return { path, isEdited: isManaged };
  }
  return undefined;
}

function lockLines(disk: ProjectDisk): readonly LockLine[] {
  const lock = disk.look(BASE_LOCK);
  return lock.kind === 'file' ? parseLock(Buffer.from(lock.bytes).toString('utf8')).lines : [];
}

/** The files that a pattern may mean, where they are: by their own path, or by the one that the templates know. */
function matching(pattern: string, disk: ProjectDisk, moved: ReadonlyMap<RelPath, RelPath>): RelPath[] {
  const folder = pattern.includes('*') ? pattern.replace(/\/?[^/]*\*.*$/s, '') : undefined;
  const there = folder === undefined ? [pattern] : disk.leavesBelow(folder);
  const places = [...moved].flatMap(([key, place]) => (globMatches(pattern, key) ? [place] : []));
  return [...there.filter((path) => globMatches(pattern, path)), ...places]
    .sort(byCodePoint)
    .flatMap((path) => {
      const parsed = parseRelPath(path);
      return parsed.kind === 'path' ? [parsed.path] : [];
    });
}

function isNamed(found: OnDisk, word: string): boolean {
  return found.kind === 'file' && Buffer.from(found.bytes).includes(word);
}

/** One line on why parts stay: `lightgbm stays in pyproject.toml: src/churn/model.py names it.` */
export function stayText(
  { word, paths }: KeptPart,
  need: Need,
  restores: (path: RelPath) => boolean,
): string {
  const place = paths.length > 1 ? `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}` : paths[0];
  const why = need.isEdited ? `you edited ${need.path}, which names it` : `${need.path} names it`;
  if (need.isEdited)
    return `${word} stays in ${place}: ${why}. Delete that file, and the next run takes it out.`;
  const hint = restores(need.path) ? ` --restore=${need.path} takes the template's.` : '';
  return `${word} stays in ${place}: ${why}.${hint}`;
}
