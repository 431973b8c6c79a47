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
  const present = contradictionsIn(trials.profile).map(({ code }) => code);
  const isPossible = (changes: readonly Change[]) =>
    contradictionsIn(changedProfile(trials.profile, ...changes)).every(({ code }) => present.includes(code));
  const possible = firstOf(single, MOST_SINGLE, ({ change }) => isPossible([change]));
  const paired = firstOf(
    flippingPairs(trials, () => true),
    MOST_PAIRED,
    ({ pair }) => isPossible(pair),
  );
  return [
    ...possible.map(({ change, scores }) => ({ set: change.set, archetype: leaderIn(scores) })),
    ...paired.map(({ pair: [one, other], archetype }) => {
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

/** The first few that pass; the others are not looked at. */
function firstOf<T>(all: readonly T[], most: number, passes: (one: T) => boolean): readonly T[] {
  const passed: T[] = [];
  for (const one of all) {
    if (passed.length === most) break;
    if (passes(one)) passed.push(one);
  }
  return passed;
}
