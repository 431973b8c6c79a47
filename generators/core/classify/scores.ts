import type { Profile } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import { eachArchetype, minus, type Points, plus, points } from './archetypes.ts';
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
  type Table,
} from './table.ts';
import { countedTraits } from './traits.ts';

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

/** What the answers of each group add up to, before any cap. */
type Sums = Readonly<Record<Group, Points>>;

export interface Scores {
  readonly worths: readonly Worth[];
  readonly sums: Sums;
  /** How many of the traits of a large-scale organisation hold. */
  readonly traits: number;
  readonly adjustments: readonly Adjustment[];
  /** Worths + adjustments, exactly. */
  readonly scores: Points;
}

const NOTHING = points(0, 0, 0, 0);

const NO_SUMS: Sums = {
  team: NOTHING,
  data: NOTHING,
  organisation: NOTHING,
  demand: NOTHING,
  technology: NOTHING,
  practice: NOTHING,
};

export const SCORED_QUESTIONS: readonly ScoredQuestion[] = typedKeys(TABLE);

/** Adds up what the answers are worth, within the caps. An unknown answer is worth nothing. */
export function scoreProfile(profile: Profile, table: Table = TABLE): Scores {
  const worths = SCORED_QUESTIONS.map((question) => worthOf(profile, question, table)).filter(
    (one) => one !== undefined,
  );
  const sums = groupSums(worths);
  const traits = countedTraits(profile);
  const bonus: Adjustment = { kind: 'bonus', group: 'organisation', points: BONUS };
  return {
    worths,
    sums,
    traits,
    adjustments: [...capAdjustments(sums), ...(traits >= BONUS_TRAITS ? [bonus] : [])],
    scores: totalOf(sums, traits),
  };
}

/** Scores after a change, with what they are made of, so that two changes can be put together. */
export interface Rescored {
  readonly sums: Sums;
  /** The groups in which an answer was read again. */
  readonly groups: readonly Group[];
  readonly traits: number;
  readonly scores: Points;
}

/**
 * The scores after some answers changed. Reads only the touched questions again: what would change a verdict is
 * found by some hundred trials, and they must not be felt.
 */
export function rescoreProfile(
  before: Scores,
  changed: Profile,
  touched: readonly ScoredQuestion[],
): Rescored {
  const sums = { ...before.sums };
  for (const question of touched) {
    const { group } = TABLE[question];
    const old = before.worths.find((worth) => worth.question === question)?.points ?? NOTHING;
    const now = worthOf(changed, question, TABLE)?.points ?? NOTHING;
    sums[group] = plus(minus(sums[group], old), now);
  }
  const groups = touched.map((question) => TABLE[question].group);
  const traits = groups.includes('organisation') ? countedTraits(changed) : before.traits;
  return { sums, groups, traits, scores: changedTotal(before, sums, groups, traits) };
}

/** The scores after two changes that touch different rows: both differences together. */
export function rescoredPair(before: Scores, one: Rescored, other: Rescored): Points {
  const isSame = one.traits === before.traits && other.traits === before.traits;
  // A cap holds within a group, so that changes in different ones add up as they are.
  if (isSame && !one.groups.some((group) => other.groups.includes(group)))
    return plus(minus(one.scores, before.scores), other.scores);
  const groups = [...one.groups, ...other.groups];
  const sums = { ...before.sums };
  for (const group of new Set(groups))
    sums[group] = plus(minus(one.sums[group], sums[group]), other.sums[group]);
  return changedTotal(before, sums, groups, one.traits + other.traits - before.traits);
}

/** The scores without one row, where leaving its answer out changes no other row and no trait. */
export function rescoredWithout(before: Scores, { group, points }: Worth): Points {
  const sums = { ...before.sums, [group]: minus(before.sums[group], points) };
  return changedTotal(before, sums, [group], before.traits);
}

/** The total, of which only some groups are other than before. */
function changedTotal(before: Scores, sums: Sums, groups: readonly Group[], traits: number): Points {
  let total = minus(plus(before.scores, bonusFor(traits)), bonusFor(before.traits));
  for (const [index, group] of groups.entries()) {
    if (groups.indexOf(group) !== index) continue;
    total = plus(minus(total, capped(before.sums[group], group)), capped(sums[group], group));
  }
  return total;
}

function worthOf(profile: Profile, question: ScoredQuestion, table: Table): Worth | undefined {
  const reading = READERS[question](profile);
  if (reading === undefined) return undefined;
  const row = table[question];
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
    points: pointsOf(parts),
    main,
  };
}

interface Part {
  readonly part: Case;
  readonly share: number;
}

function pointsOf(parts: readonly Part[]): Points {
  const [only] = parts;
  if (parts.length === 1 && only?.share === 1) return only.part.points;
  return eachArchetype((id) => parts.reduce((sum, { part, share }) => sum + part.points[id] * share, 0));
}

function groupSums(worths: readonly Worth[]): Sums {
  const sums = { ...NO_SUMS };
  for (const { group, points } of worths) sums[group] = plus(sums[group], points);
  return sums;
}

function totalOf(sums: Sums, traits: number): Points {
  return GROUPS.reduce((total, group) => plus(total, capped(sums[group], group)), bonusFor(traits));
}

function bonusFor(traits: number): Points {
  return traits >= BONUS_TRAITS ? BONUS : NOTHING;
}

function capped(sum: Points, group: Group): Points {
  const cap = CAPS[group];
  if (cap === undefined) return sum;
  const within = (value: number) => Math.min(cap.most, Math.max(cap.least, value));
  return points(
    within(sum['small-data']),
    within(sum['big-data']),
    within(sum.hybrid),
    within(sum['large-scale']),
  );
}

function capAdjustments(sums: Sums): readonly Adjustment[] {
  return GROUPS.flatMap((group) => {
    const points = minus(capped(sums[group], group), sums[group]);
    return Object.values(points).every((one) => one === 0) ? [] : [{ kind: 'cap' as const, group, points }];
  });
}

function typedKeys<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  // Object.keys forgets the names that the type knows.
  return Object.keys(table) as Key[];
}
