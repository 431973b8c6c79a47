import type { Capability, Layer } from '../catalog/capability.ts';
import type { Selection } from '../catalog/selection.ts';
import { EXIT, MlopsError } from '../errors.ts';
import { byCodePoint } from '../io/package-files.ts';
import { emittedPath, type PathNames } from './emitted-path.ts';
import { globMatches } from './glob.ts';
import { pathClashes } from './path-clashes.ts';
import type { Fragment, PlannedFile, PlannedSlot } from './planned-file.ts';
import { planWorkflows } from './workflows.ts';

/** In path order; no path twice. */
export type Plan = readonly PlannedFile[];

/** For each path of a selection its template, layer, policy and mode. Two owners of one path is an error. */
export function planFiles(selection: Selection, names: PathNames): Plan {
  const owned = selection.capabilities.flatMap((capability) =>
    capability.files.flatMap((layer) =>
      layer.files.map((name) => plannedFile(capability, layer, name, selection, names)),
    ),
  );
  const plan = [...owned, ...planWorkflows(selection)].sort((a, b) => byCodePoint(a.path, b.path));
  checkOwners(plan);
  checkFragments(selection);
  return plan;
}

function plannedFile(
  capability: Capability,
  layer: Layer,
  name: string,
  selection: Selection,
  names: PathNames,
): PlannedFile {
  const path = emittedPath(name, names);
  const file = `${layer.folder}/${name}`;
  return {
    path,
    layer: capability.id,
    why: capability.title,
    ...treatment(capability, [plainPath(name)]),
    source: name.endsWith('.ejs')
      ? { kind: 'template', file, slots: plannedSlots(plainPath(name), capability, selection) }
      : { kind: 'copy', file },
  };
}

interface Treated {
  readonly policies: { readonly seed: readonly string[]; readonly generated: readonly string[] };
  readonly executable: readonly string[];
}

/** Policy and mode of a file, by the patterns of its manifest and the paths that they may mean. */
export function treatment(
  { policies, executable }: Treated,
  paths: readonly string[],
): Pick<PlannedFile, 'policy' | 'mode'> {
  const is = (patterns: readonly string[]) =>
    patterns.some((pattern) => paths.some((path) => globMatches(pattern, path)));
  return {
    policy: is(policies.seed) ? 'seed' : is(policies.generated) ? 'generated' : 'managed',
    mode: is(executable) ? 0o755 : 0o644,
  };
}

/** The path that manifests use: as in the catalog, without the suffix of a template. */
export function plainPath(name: string): string {
  return name.replace(/\.ejs$/, '');
}

function plannedSlots(path: string, owner: Capability, selection: Selection): PlannedSlot[] {
  const declared = owner.slots[path] ?? {};
  return Object.entries(declared).map(([name, kind]) => ({
    name,
    kind,
    fragments: selection.capabilities.flatMap((capability) => fragmentsFor(capability, `${path}/${name}`)),
  }));
}

function fragmentsFor(capability: Capability, target: string): Fragment[] {
  return capability.fragments.flatMap((layer) =>
    layer.files
      .filter((name) => plainPath(name) === target)
      .map((name) => ({ layer: capability.id, file: `${layer.folder}/${name}` })),
  );
}

function checkOwners(plan: Plan): void {
  const [clash] = pathClashes(plan.map(({ path }) => path));
  if (clash === undefined) return;
  const ownerOf = (path: string) => plan.find((file) => file.path === path)?.layer ?? path;
  if (clash.kind !== 'twin')
    throw planError(`${clash.path} cannot be written: ${clash.other} is the place of another file`);
  throw planError(`${clash.path} is written by both ${ownerOf(clash.other)} and ${ownerOf(clash.path)}`);
}

/** A fragment for a slot that nobody declares would vanish in silence. */
function checkFragments(selection: Selection): void {
  const declared = new Set(
    selection.capabilities.flatMap((capability) =>
      Object.entries(capability.slots).flatMap(([path, slots]) =>
        Object.keys(slots).map((slot) => `${path}/${slot}`),
      ),
    ),
  );
  for (const capability of selection.capabilities) {
    for (const layer of capability.fragments) {
      const orphan = layer.files.find((name) => !declared.has(plainPath(name)));
      if (orphan !== undefined)
        throw planError(`${capability.id} fills ${orphan}, a slot that no file declares`);
    }
  }
}

function planError(message: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_PLAN',
    exit: EXIT.kit,
    message: `${message}.`,
    hint: 'Give the file one owner, and let others contribute through its slots.',
  });
}
