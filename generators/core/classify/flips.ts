import type { Profile } from '../profile/profile.ts';
import { ARCHETYPES, type Archetype, type Points, ranked } from './archetypes.ts';
import { type Change, changedProfile } from './changes.ts';
import { scoreProfile } from './scores.ts';

// Pairs are tried only among the changes that gain most on the leader, by rival: trying all of them would cost more
// than the rest of a classification together, and a pair of weak changes changes nothing.
const STRONGEST = 6;

/** The archetype that leads. */
export function leaderOf(profile: Profile): Archetype {
  return ranked(scoreProfile(profile).scores)[0] ?? ARCHETYPES[0];
}

/** Pairs of changes to two questions under which another archetype leads, nearest first. */
export function flippingPairs(
  profile: Profile,
  changes: readonly Change[],
  leader: Archetype,
): readonly (readonly [Change, Change])[] {
  const moved = changes.map((change) => ({
    change,
    scores: scoreProfile(changedProfile(profile, change)).scores,
  }));
  const found = new Map<string, readonly [Change, Change]>();
  for (const rival of ARCHETYPES.filter((archetype) => archetype !== leader)) {
    for (const pair of pairsOf(strongest(moved, leader, rival))) {
      if (leaderOf(changedProfile(profile, ...pair)) !== leader) found.set(keyOf(pair), pair);
    }
  }
  return [...found.values()].toSorted((a, b) => distanceOf(a) - distanceOf(b));
}

function strongest(
  moved: readonly { readonly change: Change; readonly scores: Points }[],
  leader: Archetype,
  rival: Archetype,
): readonly Change[] {
  const gap = (scores: Points) => scores[rival] - scores[leader];
  const sorted = moved.toSorted((a, b) => gap(b.scores) - gap(a.scores)).map(({ change }) => change);
  const questions = new Set<string>();
  return sorted
    .filter(({ question }) => !questions.has(question) && questions.add(question))
    .slice(0, STRONGEST);
}

function pairsOf(changes: readonly Change[]): readonly (readonly [Change, Change])[] {
  return changes.flatMap((one, index) => changes.slice(index + 1).map((other) => [one, other] as const));
}

function distanceOf(pair: readonly [Change, Change]): number {
  return pair[0].distance + pair[1].distance;
}

function keyOf(pair: readonly [Change, Change]): string {
  return pair
    .map((change) => JSON.stringify(change.set))
    .toSorted()
    .join();
}
