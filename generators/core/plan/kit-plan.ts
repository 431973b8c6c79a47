import type { ErrorDetail } from '../errors.ts';
import { byCodePoint } from '../io/package-files.ts';
import type { Kit } from '../kit/kit.ts';
import { kitError } from '../kit/kit-error.ts';
import type { Rename } from '../kit/manifest.ts';
import { parseRelPath, type RelPath } from '../rel-path.ts';
import { type PathNames, parseEmittedPath } from './emitted-path.ts';
import { linkTargetAt } from './kit-links.ts';
import { pathClashes } from './path-clashes.ts';
import { type Plan, plainPath, treatment } from './plan.ts';
import { LINK, type PlannedFile } from './planned-file.ts';

export interface KitPlan {
  readonly plan: Plan;
  /** Files that the kit has under another name now: old to new. */
  readonly renames: ReadonlyMap<RelPath, RelPath>;
}

/** For each file of a kit its path, policy and mode. Throws one error (exit 8) with every path that cannot be. */
export function planKit(kit: Kit, names: PathNames): KitPlan {
  const problems: ErrorDetail[] = [];
  const placeOf = (name: string): RelPath[] => {
    const path = keepablePath(name, names);
    if (path.kind === 'path') return [path.path];
    problems.push({ path: `files/${name}`, message: path.reason });
    return [];
  };
  const places = new Map<string, RelPath>();
  const files = kit.files.flatMap(({ path: name, bytes }) =>
    placeOf(name).map((path) => {
      places.set(name, path);
      return plannedFile(kit, path, name, bytes);
    }),
  );
  const links = kit.links.flatMap((link) =>
    placeOf(link.path).flatMap((path): PlannedFile[] => {
      const target = linkTargetAt(path, link, places);
      if (target.kind === 'target') return [plannedLink(kit, path, link.path, target.target)];
      problems.push({ path: `files/${link.path}`, message: target.reason });
      return [];
    }),
  );
  const plan = [...files, ...links];
  plan.sort((a, b) => byCodePoint(a.path, b.path));
  problems.push(...clashProblems(plan));
  const renames = checkedRenames(kit.renames, plan, names, problems);
  if (problems.length > 0) throw kitError(kit.shown, problems);
  return { plan, renames };
}

/** The path of a file that the base can keep as well: its name is longer there. */
function keepablePath(name: string, names: PathNames) {
  const path = parseEmittedPath(name, names);
  const base = path.kind === 'path' ? parseRelPath(`.mlops/base/${path.path}.base`) : path;
  return base.kind === 'path' ? path : base;
}

function plannedFile(kit: Kit, path: RelPath, name: string, bytes: Uint8Array): PlannedFile {
  const isTemplate = name.endsWith('.ejs');
  return {
    path,
    layer: `kit ${kit.name}`,
    why: `kit ${kit.name} ${kit.version}`,
    ...treatment(kit, [plainPath(name), path]),
    source: isTemplate ? { kind: 'kit-template', file: `files/${name}`, bytes } : { kind: 'kit-copy', bytes },
  };
}

function plannedLink(kit: Kit, path: RelPath, name: string, target: string): PlannedFile {
  const file = plannedFile(kit, path, name, new Uint8Array());
  return { ...file, mode: LINK, source: { kind: 'kit-link', target } };
}

function clashProblems(plan: Plan): ErrorDetail[] {
  return pathClashes(plan.map(({ path }) => path)).map(({ path, other, kind }) => ({
    path: `files/${path}`,
    message:
      kind === 'twin'
        ? `it differs from ${other} in nothing that every system sees`
        : `it needs a folder where ${other} is a file`,
  }));
}

/** Each rename leads from a path that is no file of the kit now to one that is, at once or through others. */
function checkedRenames(
  renames: readonly Rename[],
  plan: Plan,
  names: PathNames,
  problems: ErrorDetail[],
): Map<RelPath, RelPath> {
  const held = new Set(plan.map(({ path }) => path));
  const parsed = renames.flatMap(({ from, to, at }) => {
    const [old, now] = [parseEmittedPath(from, names), parseEmittedPath(to, names)];
    if (old.kind === 'path' && now.kind === 'path') return [{ old: old.path, now: now.path, at }];
    const reason = old.kind === 'refused' ? old.reason : now.kind === 'refused' ? now.reason : '';
    problems.push({ ...at, message: `the rename of ${from} is refused: ${reason}` });
    return [];
  });
  const byOld = new Map(parsed.map(({ old, now }) => [old, now]));
  for (const { old, now, at } of parsed) {
    const twin = parsed.find((other) => other.now === now && other.old !== old);
    const message = twin === undefined ? renameProblem(old, byOld, held) : bothRenamed(old, twin.old, now);
    if (message !== undefined) problems.push({ ...at, message });
  }
  return byOld;
}

function renameProblem(
  old: RelPath,
  byOld: ReadonlyMap<RelPath, RelPath>,
  held: ReadonlySet<RelPath>,
): string | undefined {
  if (held.has(old)) return `${old} is renamed, but it is still a file of the kit`;
  const seen = new Set<RelPath>();
  let at: RelPath | undefined = old;
  while (at !== undefined && !held.has(at) && !seen.has(at)) {
    seen.add(at);
    at = byOld.get(at);
  }
  return at !== undefined && held.has(at)
    ? undefined
    : `${old} is renamed to a path that is no file of the kit`;
}

function bothRenamed(old: RelPath, other: RelPath, now: RelPath): string {
  return `${old} and ${other} are both renamed to ${now}`;
}
