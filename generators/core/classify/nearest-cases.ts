import type { Profile } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import type { Archetype } from './archetypes.ts';
import { LABELLED_CASES, type LabelledCase } from './labelled-cases.ts';

/** A labelled public organisation that resembles this one. */
export interface NearestCase {
  readonly name: string;
  readonly label: Archetype;
  readonly source: string;
}

const MOST = 2;
// A fact or two in common is an accident, and half of them different is no resemblance.
const FEWEST_SHARED = 3;
const LEAST_AGREEMENT = 0.5;
// A hundred times as many people or as much data is as far apart as two answers can be.
const FULL_DECADES = 2;

/** The two labelled cases that share most with a profile. For the reader only: no verdict looks at them. */
export function nearestCases(profile: Profile): readonly NearestCase[] {
  const likenesses = LABELLED_CASES.map((one) => ({ one, likeness: likenessOf(profile, one) }));
  return likenesses
    .filter(({ likeness }) => likeness > 0)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, MOST)
    .map(({ one: { name, label, source } }) => ({ name, label, source }));
}

/** The mean agreement over the shared facts, counted for less when few are shared. */
function likenessOf(profile: Profile, { facts }: LabelledCase): number {
  const agreements = Object.entries(facts).flatMap(([key, value]) => {
    const known = profile.get(key);
    return known === undefined ? [] : [agreementOf(known.value, value)];
  });
  if (agreements.length < FEWEST_SHARED) return 0;
  const agreed = agreements.reduce((sum, one) => sum + one, 0);
  return agreed < LEAST_AGREEMENT * agreements.length ? 0 : agreed / (agreements.length + 2);
}

function agreementOf(a: AnswerValue, b: AnswerValue): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.max(0, 1 - Math.abs(Math.log10((a + 1) / (b + 1))) / FULL_DECADES);
  }
  if (typeof a === 'object' && typeof b === 'object') return overlapOf(a, b);
  return a === b ? 1 : 0;
}

function overlapOf(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b]);
  return all.size === 0 ? 1 : a.filter((item) => b.includes(item)).length / all.size;
}
