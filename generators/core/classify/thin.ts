import type { Scores } from './scores.ts';
import type { Group } from './table.ts';

/** The groups of facts of which something is known. */
export function groupsOf(scores: Scores): ReadonlySet<Group> {
  return new Set(scores.worths.map((worth) => worth.group));
}

/** Who, how much and which organisation are what the archetypes are defined by; two of them must be known. */
export function isThin(groups: ReadonlySet<Group>): boolean {
  const core = (['team', 'data', 'organisation'] as const).filter((group) => groups.has(group)).length;
  return core === 0 || (core === 1 && groups.size < 3);
}
