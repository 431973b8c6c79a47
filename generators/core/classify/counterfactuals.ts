import type { Profile } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import type { Archetype } from './archetypes.ts';
import { type Change, changedProfile, changesOf } from './changes.ts';
import { contradictionsIn } from './findings.ts';
import { flippingPairs, leaderOf } from './flips.ts';

/** Other answers under which another archetype would lead. */
export interface Counterfactual {
  readonly set: Readonly<Record<string, AnswerValue>>;
  readonly archetype: Archetype;
}

const MOST_SINGLE = 3;
const MOST_PAIRED = 2;

/**
 * The nearest changes of one answer that would change the archetype, and the nearest changes of two answers of
 * which neither does alone. Each was tried by scoring the changed profile.
 */
export function counterfactualsOf(profile: Profile, leader: Archetype): readonly Counterfactual[] {
  const present = new Set(contradictionsIn(profile).map(({ code }) => code));
  const isPossible = (changes: readonly Change[]) =>
    contradictionsIn(changedProfile(profile, ...changes)).every(({ code }) => present.has(code));
  const changes = changesOf(profile);
  const single = changes.filter((change) => leaderOf(changedProfile(profile, change)) !== leader);
  const nearestSingle = nearestOfEach(single.filter((change) => isPossible([change])));
  const rest = changes.filter((change) => !single.includes(change));
  const paired = flippingPairs(profile, rest, leader).filter(isPossible);
  return [
    ...nearestSingle.slice(0, MOST_SINGLE).map((change) => counterfactual(profile, [change])),
    ...paired.slice(0, MOST_PAIRED).map((pair) => counterfactual(profile, pair)),
  ];
}

/** The nearest change of each question, nearest first. */
function nearestOfEach(changes: readonly Change[]): readonly Change[] {
  const sorted = changes.toSorted((a, b) => a.distance - b.distance);
  return sorted.filter(
    (change, index) => sorted.findIndex((one) => one.question === change.question) === index,
  );
}

function counterfactual(profile: Profile, changes: readonly Change[]): Counterfactual {
  const set = Object.assign({}, ...changes.map((change) => change.set));
  return { set, archetype: leaderOf(changedProfile(profile, ...changes)) };
}
