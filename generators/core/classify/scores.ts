import type { Profile } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import { type Archetype, eachArchetype, type Points } from './archetypes.ts';
import { READERS } from './readings.ts';
import {
  BONUS,
  BONUS_TRAITS,
  CAPS,
  type Case,
  GROUPS,
  type Group,
  type ScoredQuestion,
  TABLE,
} from './table.ts';
import { bonusTraits } from './traits.ts';

/** What one answer is worth. */
export interface Worth {
  readonly question: ScoredQuestion;
  /** The fact that was read: `org_type` where it stands in for `company_size`. */
  readonly from: string;
  readonly value: AnswerValue;
  readonly group: Group;
  readonly points: Points;
  /** The case that counts most. */
  readonly main: Case;
}

interface Adjustment {
  readonly kind: 'cap' | 'bonus';
  readonly group: Group;
  readonly points: Points;
}

export interface Scores {
  readonly worths: readonly Worth[];
  readonly adjustments: readonly Adjustment[];
  /** Worths + adjustments, exactly. */
  readonly scores: Points;
}

export const SCORED_QUESTIONS: readonly ScoredQuestion[] = typedKeys(TABLE);

/** Adds up what the answers are worth, within the caps. An unknown answer is worth nothing. */
export function scoreProfile(profile: Profile): Scores {
  const worths = SCORED_QUESTIONS.map((question) => worthOf(profile, question)).filter(
    (one) => one !== undefined,
  );
  const hasBonus = bonusTraits(profile).length >= BONUS_TRAITS;
  const bonus: Adjustment = { kind: 'bonus', group: 'organisation', points: BONUS };
  return {
    worths,
    adjustments: [...capAdjustments(worths), ...(hasBonus ? [bonus] : [])],
    scores: eachArchetype((archetype) => totalOf(worths, archetype, hasBonus)),
  };
}

/**
 * The scores after some answers changed. Reads only the touched questions again: what would change a verdict is
 * found by some hundred trials, and they must not be felt.
 */
export function rescoreProfile(before: Scores, changed: Profile, touched: readonly ScoredQuestion[]): Points {
  const worths = before.worths.filter(({ question }) => !touched.includes(question));
  for (const question of touched) {
    const worth = worthOf(changed, question);
    if (worth !== undefined) worths.push(worth);
  }
  const hasBonus = bonusTraits(changed).length >= BONUS_TRAITS;
  return eachArchetype((archetype) => totalOf(worths, archetype, hasBonus));
}

function worthOf(profile: Profile, question: ScoredQuestion): Worth | undefined {
  const reading = READERS[question](profile);
  if (reading === undefined) return undefined;
  const row: { readonly group: Group; readonly cases: Readonly<Record<string, Case>> } = TABLE[question];
  const parts = reading.shares.flatMap(({ name, share }) => {
    const part = row.cases[name];
    return part === undefined ? [] : [{ part, share: share * reading.weight }];
  });
  const main = parts.toSorted((a, b) => b.share - a.share)[0]?.part;
  if (main === undefined) return undefined;
  return {
    question,
    from: reading.from,
    value: reading.value,
    group: row.group,
    points: eachArchetype((id) => parts.reduce((sum, { part, share }) => sum + part.points[id] * share, 0)),
    main,
  };
}

function totalOf(worths: readonly Worth[], archetype: Archetype, hasBonus: boolean): number {
  let total = hasBonus ? BONUS[archetype] : 0;
  for (const group of GROUPS) total += capped(groupSum(worths, group, archetype), group);
  return total;
}

function groupSum(worths: readonly Worth[], group: Group, archetype: Archetype): number {
  let sum = 0;
  for (const worth of worths) if (worth.group === group) sum += worth.points[archetype];
  return sum;
}

function capped(sum: number, group: Group): number {
  const cap = CAPS[group];
  return cap === undefined ? sum : Math.min(cap.most, Math.max(cap.least, sum));
}

function capAdjustments(worths: readonly Worth[]): readonly Adjustment[] {
  return GROUPS.flatMap((group) => {
    const points = eachArchetype((archetype) => {
      const sum = groupSum(worths, group, archetype);
      return capped(sum, group) - sum;
    });
    return Object.values(points).every((one) => one === 0) ? [] : [{ kind: 'cap' as const, group, points }];
  });
}

function typedKeys<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  // Object.keys forgets the names that the type knows.
  return Object.keys(table) as Key[];
}
