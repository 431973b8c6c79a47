import { ARCHETYPES, type Archetype, type Points } from './archetypes.ts';
import type { Change } from './changes.ts';
import { leaderIn, scoresAfter, type Trial, type Trials } from './trials.ts';

// Pairs are tried only among the changes that gain most on the leader, by rival: trying all of them would cost more
// than the rest of a classification together, and a pair of weak changes changes nothing.
const STRONGEST = 5;

/** Two changes to two questions under which another archetype leads. */
export interface Flip {
  readonly pair: readonly [Change, Change];
  readonly archetype: Archetype;
}

/** Pairs of changes that change the leader though neither does alone, nearest first. */
export function flippingPairs(trials: Trials, isTried: (change: Change) => boolean): readonly Flip[] {
  const { leader } = trials;
  const weak = trials.single.filter(({ change, scores }) => isTried(change) && leaderIn(scores) === leader);
  const flips = new Map<string, Flip>();
  for (const rival of ARCHETYPES.filter((archetype) => archetype !== leader)) {
    for (const pair of pairsOf(strongest(weak, leader, rival))) {
      const archetype = leaderIn(scoresAfter(trials, pair));
      if (archetype !== leader) flips.set(keyOf(pair), { pair, archetype });
    }
  }
  return [...flips.values()].toSorted((a, b) => distanceOf(a) - distanceOf(b));
}

function strongest(weak: readonly Trial[], leader: Archetype, rival: Archetype): readonly Change[] {
  const gain = (scores: Points) => scores[rival] - scores[leader];
  const sorted = weak.toSorted((a, b) => gain(b.scores) - gain(a.scores)).map(({ change }) => change);
  const isFirst = (change: Change, index: number) =>
    sorted.findIndex((one) => one.question === change.question) === index;
  return sorted.filter(isFirst).slice(0, STRONGEST);
}

function pairsOf(changes: readonly Change[]): readonly (readonly [Change, Change])[] {
  return changes.flatMap((one, index) => changes.slice(index + 1).map((other) => [one, other] as const));
}

function distanceOf({ pair }: Flip): number {
  return pair[0].distance + pair[1].distance;
}

function keyOf(pair: readonly [Change, Change]): string {
  return pair
    .map((change) => JSON.stringify(change.set))
    .toSorted()
    .join();
}
