import { ARCHETYPES, type Archetype } from './archetypes.ts';
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
    for (const [one, other] of pairsOf(strongest(weak, leader, rival))) {
      const archetype = leaderIn(scoresAfter(trials, one, other));
      const pair = [one.change, other.change] as const;
      if (archetype !== leader) flips.set(keyOf(pair), { pair, archetype });
    }
  }
  return [...flips.values()].toSorted((a, b) => distanceOf(a) - distanceOf(b));
}

/** For each question the change that gains most on the leader, and of those the strongest. */
function strongest(weak: readonly Trial[], leader: Archetype, rival: Archetype): readonly Trial[] {
  const gain = ({ scores }: Trial) => scores[rival] - scores[leader];
  const best = new Map<string, Trial>();
  for (const trial of weak) {
    const known = best.get(trial.change.question);
    if (known === undefined || gain(trial) > gain(known)) best.set(trial.change.question, trial);
  }
  const sorted = [...best.values()].sort((a, b) => gain(b) - gain(a));
  return sorted.slice(0, STRONGEST);
}

function pairsOf(trials: readonly Trial[]): readonly (readonly [Trial, Trial])[] {
  return trials.flatMap((one, index) => trials.slice(index + 1).map((other) => [one, other] as const));
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
