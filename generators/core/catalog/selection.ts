import type { Capability } from './capability.ts';
import type { Catalog, Preset } from './catalog.ts';
import { type Choices, conditionHolds } from './condition.ts';

/** The capabilities to write, in the order in which their blocks appear, and the choices they were selected by. */
export interface Selection {
  readonly preset: Preset;
  readonly choices: Choices;
  readonly capabilities: readonly Capability[];
}

/** Selects the capabilities of a preset whose condition holds; a preset that contradicts itself is a bug. */
export function selectCapabilities(catalog: Catalog, preset: Preset, choices: Choices): Selection {
  const wanted = preset.capabilities
    .map((id) => {
      const capability = catalog.capabilities.get(id);
      if (capability === undefined)
        throw new Error(`archetype ${preset.id} names a missing capability: ${id}`);
      return capability;
    })
    .filter((capability) => conditionHolds(capability.when, choices));
  for (const capability of wanted) checkRelations(capability, wanted);
  return { preset, choices, capabilities: inOrder(wanted) };
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
