import type { Profile } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import { type Archetype, eachArchetype, type Points, sumOfPoints } from './archetypes.ts';
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
  readonly weight: number;
}

export interface Adjustment {
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
  const adjustments = [...capAdjustments(worths), ...bonusAdjustments(profile)];
  return { worths, adjustments, scores: sumOfPoints([...worths, ...adjustments].map((one) => one.points)) };
}

function worthOf(profile: Profile, question: ScoredQuestion): Worth | undefined {
  const reading = READERS[question](profile);
  if (reading === undefined) return undefined;
  const row: { readonly group: Group; readonly cases: Readonly<Record<string, Case>> } = TABLE[question];
  const parts: { readonly part: Case; readonly share: number }[] = [];
  for (const { name, share } of reading.shares) {
    const part = row.cases[name];
    if (part !== undefined) parts.push({ part, share: share * reading.weight });
  }
  const main = parts.toSorted((a, b) => b.share - a.share)[0]?.part;
  if (main === undefined) return undefined;
  const worth = eachArchetype((id) =>
    parts.reduce((sum, { part, share }) => sum + part.points[id] * share, 0),
  );
  return {
    question,
    from: reading.from,
    value: reading.value,
    group: row.group,
    points: worth,
    main,
    weight: reading.weight,
  };
}

function capAdjustments(worths: readonly Worth[]): Adjustment[] {
  return GROUPS.flatMap((group) => {
    const cap = CAPS[group];
    if (cap === undefined) return [];
    const sum = sumOfPoints(worths.filter((one) => one.group === group).map((one) => one.points));
    const excess = eachArchetype((id) => excessOver(sum, id, cap));
    return isZero(excess) ? [] : [{ kind: 'cap', group, points: excess }];
  });
}

function excessOver(sum: Points, archetype: Archetype, cap: number): number {
  const value = sum[archetype];
  return Math.min(cap, Math.max(-cap, value)) - value;
}

function bonusAdjustments(profile: Profile): Adjustment[] {
  return bonusTraits(profile).length >= BONUS_TRAITS
    ? [{ kind: 'bonus', group: 'organisation', points: BONUS }]
    : [];
}

function isZero(all: Points): boolean {
  return Object.values(all).every((one) => one === 0);
}

function typedKeys<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  // Object.keys forgets the names that the type knows.
  return Object.keys(table) as Key[];
}
