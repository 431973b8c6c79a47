import type { AnswerValue } from '../profile/question.ts';
import type { Archetype } from './archetypes.ts';
import { type Change, changedProfile } from './changes.ts';
import { contradictionsIn } from './findings.ts';
import { flippingPairs } from './flips.ts';
import { leaderIn, type Trials } from './trials.ts';

/** Other answers under which another archetype would lead. */
export interface Counterfactual {
  readonly set: Readonly<Record<string, AnswerValue>>;
  readonly archetype: Archetype;
}

const MOST_SINGLE = 3;
const MOST_PAIRED = 2;

/**
 * The nearest changes of one answer that would change the archetype, and the nearest changes of two answers of
 * which neither does alone. Each was tried by scoring the changed profile; none makes the answers contradictory.
 */
export function counterfactualsOf(trials: Trials): readonly Counterfactual[] {
  const single = nearestOfEach(trials.single.filter(({ scores }) => leaderIn(scores) !== trials.leader));
  const possible = single.filter(({ change }) => isPossible(trials, [change])).slice(0, MOST_SINGLE);
  const paired = flippingPairs(trials, () => true).filter(({ pair }) => isPossible(trials, pair));
  return [
    ...possible.map(({ change, scores }) => ({ set: change.set, archetype: leaderIn(scores) })),
    ...paired.slice(0, MOST_PAIRED).map(({ pair: [one, other], archetype }) => {
      return { set: { ...one.set, ...other.set }, archetype };
    }),
  ];
}

/** The nearest change of each question, nearest first. */
function nearestOfEach(single: Trials['single']): Trials['single'] {
  const nearest = new Map<string, Trials['single'][number]>();
  for (const trial of single) {
    const known = nearest.get(trial.change.question);
    if (known === undefined || trial.change.distance < known.change.distance)
      nearest.set(trial.change.question, trial);
  }
  return [...nearest.values()].sort((a, b) => a.change.distance - b.change.distance);
}

function isPossible({ profile }: Trials, changes: readonly Change[]): boolean {
  const present = contradictionsIn(profile).map(({ code }) => code);
  return contradictionsIn(changedProfile(profile, ...changes)).every(({ code }) => present.includes(code));
}
