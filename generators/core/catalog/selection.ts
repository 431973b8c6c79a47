import { type Capability, isAmong, type Layer, type Stay } from './capability.ts';
import type { Catalog, Preset } from './catalog.ts';
import { type Choices, conditionHolds } from './condition.ts';

/** The capabilities to write, in the order in which their blocks appear, and the choices they were selected by. */
export interface Selection {
  readonly preset: Preset;
  readonly choices: Choices;
  /** Each with those of its layers, and of their files, that are laid. */
  readonly capabilities: readonly Capability[];
  /** What is laid although the choices do not ask for it. */
  readonly kept: readonly KeptParts[];
}

export interface KeptParts {
  readonly capability: Capability;
  readonly stay: Stay;
}

/** Whether parts that the choices do not ask for stay. */
export type Staying = (parts: KeptParts) => boolean;

/** Selects the capabilities of a preset whose condition holds; a preset that contradicts itself is a bug. */
export function selectCapabilities(
  catalog: Catalog,
  preset: Preset,
  choices: Choices,
  isStaying: Staying = () => false,
): Selection {
  const all = preset.capabilities.map((id) => {
    const capability = catalog.capabilities.get(id);
    if (capability === undefined) throw new Error(`archetype ${preset.id} names a missing capability: ${id}`);
    return capability;
  });
  const kept = all.flatMap((capability) =>
    capability.stays
      .map((stay) => ({ capability, stay }))
      .filter((parts) => isLeftOut(parts, choices) && isStaying(parts)),
  );
  const wanted = all.flatMap((capability) => {
    const parts = kept.filter((one) => one.capability === capability).flatMap(({ stay }) => stay.parts);
    const isChosen = conditionHolds(capability.when, choices);
    return isChosen || parts.length > 0 ? [laidOf(capability, choices, parts)] : [];
  });
  for (const capability of wanted) checkRelations(capability, wanted);
  return { preset, choices, capabilities: inOrder(wanted), kept };
}

/** Whether the choices alone leave some of the parts out. */
function isLeftOut({ capability, stay }: KeptParts, choices: Choices): boolean {
  return [...capability.files, ...capability.fragments].some(
    (layer) =>
      !isChosenLayer(capability, layer, choices) &&
      layer.files.some((name) => isAmong(stay.parts, layer, name)),
  );
}

function isChosenLayer(capability: Capability, layer: Layer, choices: Choices): boolean {
  return conditionHolds(capability.when, choices) && conditionHolds(layer.when, choices);
}

/** A capability with what is laid of it: what the choices ask for, and the parts that stay. */
function laidOf(capability: Capability, choices: Choices, parts: readonly string[]): Capability {
  const laid = (layers: readonly Layer[]) =>
    layers.flatMap((layer): Layer[] => {
      if (isChosenLayer(capability, layer, choices)) return [layer];
      const files = layer.files.filter((name) => isAmong(parts, layer, name));
      return files.length === 0 ? [] : [{ ...layer, files }];
    });
  return {
    ...capability,
    files: laid(capability.files),
    fragments: laid(capability.fragments),
    jobs: conditionHolds(capability.when, choices) ? capability.jobs : undefined,
  };
}

function checkRelations(capability: Capability, wanted: readonly Capability[]): void {
  const ids = new Set(wanted.map((other) => other.id));
  const missing = capability.requires.find((id) => !ids.has(id));
  if (missing !== undefined) throw new Error(`capability ${capability.id} requires ${missing}`);
  const clash = capability.conflicts.find((id) => ids.has(id));
  if (clash !== undefined) throw new Error(`capability ${capability.id} conflicts with ${clash}`);
}

/** The preset's order, except that a capability comes after those it names in `requires` and `after`. */
function inOrder(wanted: readonly Capability[]): Capability[] {
  const ordered = new Set<Capability>();
  const byId = new Map(wanted.map((capability) => [capability.id, capability]));
  const place = (capability: Capability, above: readonly string[]): void => {
    if (above.includes(capability.id)) throw new Error(`capabilities in a circle: ${above.join(' → ')}`);
    for (const id of [...capability.requires, ...capability.after]) {
      const earlier = byId.get(id);
      if (earlier !== undefined && !ordered.has(earlier)) place(earlier, [...above, capability.id]);
    }
    ordered.add(capability);
  };
  for (const capability of wanted) place(capability, []);
  return [...ordered];
}
