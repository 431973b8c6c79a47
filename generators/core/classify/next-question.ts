import { numberIn, type Profile } from '../profile/profile.ts';
import type { Archetype, Points } from './archetypes.ts';
import type { Change } from './changes.ts';
import { flippingPairs } from './flips.ts';
import { probabilitiesOf } from './probabilities.ts';
import { HEAD_COUNTS, rolesIn } from './roles.ts';
import { type ScoredQuestion, TABLE } from './table.ts';
import { groupsOf, isThin } from './thin.ts';
import { leaderIn, type Trials } from './trials.ts';

// From what one knows by heart to what one has to look up; settles ties.
const CHEAPEST_FIRST: readonly ScoredQuestion[] = [
  'team_size',
  'company_size',
  'teams_doing_ml',
  'roles_present',
  'deploy_owner',
  'data_velocity',
  'cloud',
  'legacy_systems',
  'regulation',
  'models_in_production',
  'big_data_tools',
  'frameworks',
  'accelerators',
  'ci_cd',
  'registry',
  'monitoring',
  'orchestration',
  'data_volume_gb',
  'data_sources',
  'predictions_per_day',
];

const DEFINING: readonly ScoredQuestion[] = [
  'team_size',
  'data_volume_gb',
  'company_size',
  'roles_present',
  'big_data_tools',
  'data_velocity',
];

/** What to ask next, and what hangs on it. */
export interface NextQuestion {
  /** The key of the fact. */
  readonly question: string;
  readonly reason: NextReason;
}

export type NextReason =
  /** Says which people, teams and data the other questions mean. */
  | { readonly kind: 'scope' }
  /** An answer can make another archetype lead: alone, or together with one other answer. */
  | { readonly kind: 'alone' | 'together'; readonly towards: Archetype }
  /** Without it too little is known for a verdict that is final. */
  | { readonly kind: 'evidence' }
  /** An answer can add the governance overlay. */
  | { readonly kind: 'overlay' };

/** The unanswered question that can move the verdict most, or none when no answer can change it any more. */
export function nextQuestionFor(
  trials: Trials,
  skipped: ReadonlySet<string> = new Set(),
): NextQuestion | undefined {
  if (isScopeOpen(trials.profile, skipped)) return { question: 'scope', reason: { kind: 'scope' } };
  const reasons = decisiveQuestions(trials, skipped);
  const moves = new Map<ScoredQuestion, number>();
  for (const { change, scores } of trials.single) {
    if (!reasons.has(change.question)) continue;
    const moved = movement(trials.before.scores, scores, trials.leader);
    moves.set(change.question, Math.max(moves.get(change.question) ?? 0, moved));
  }
  const missing = missingEvidence(trials, skipped);
  if (missing !== undefined && ![...reasons.values()].some(({ kind }) => kind !== 'overlay'))
    return { question: missing, reason: { kind: 'evidence' } };
  const [best] = [...moves].toSorted(([a, moveA], [b, moveB]) => moveB - moveA || cost(a) - cost(b));
  const reason = best && reasons.get(best[0]);
  const question = best && askedAs(best[0], trials.profile, skipped);
  return question === undefined || reason === undefined ? undefined : { question, reason };
}

/** Every scored fact that is still open, the cheapest first: for who wants to tell more than is needed. */
export function openQuestions(profile: Profile, skipped: ReadonlySet<string>): readonly string[] {
  const asked = CHEAPEST_FIRST.map((question) => askedAs(question, profile, skipped));
  return asked.filter((key) => key !== undefined);
}

/** While too little is known, a question about who, how much or which organisation, of which nothing is known. */
function missingEvidence({ profile, before }: Trials, skipped: ReadonlySet<string>): string | undefined {
  const groups = groupsOf(before);
  if (!isThin(groups)) return undefined;
  const core = DEFINING.filter((question) => !groups.has(TABLE[question].group));
  return core.map((question) => askedAs(question, profile, skipped)).find((key) => key !== undefined);
}

/** In a large organisation all other answers depend on whether one team or everybody is meant. */
function isScopeOpen(profile: Profile, skipped: ReadonlySet<string>): boolean {
  if (profile.has('scope') || skipped.has('scope')) return false;
  return (numberIn(profile, 'company_size') ?? 0) >= 1000 && (numberIn(profile, 'teams_doing_ml') ?? 1) <= 1;
}

/**
 * The fact to ask for a scored question. Roles are asked for in one question, and as head counts only where some
 * are counted already; who does not know the number of employees can say what kind of organisation it is.
 */
function askedAs(
  question: ScoredQuestion,
  profile: Profile,
  skipped: ReadonlySet<string>,
): string | undefined {
  switch (question) {
    case 'roles_present':
      return askedAsRoles(profile, skipped);
    case 'company_size':
      return profile.has('company_size')
        ? undefined
        : unasked(['company_size', 'org_type'], profile, skipped);
    default:
      return unasked([question], profile, skipped);
  }
}

function askedAsRoles(profile: Profile, skipped: ReadonlySet<string>): string | undefined {
  if (rolesIn(profile) !== undefined) return undefined;
  const counts = HEAD_COUNTS.map(([, key]) => key);
  return counts.some((key) => profile.has(key))
    ? unasked(['team_size', ...counts], profile, skipped)
    : unasked(['roles_present'], profile, skipped);
}

function unasked(
  keys: readonly string[],
  profile: Profile,
  skipped: ReadonlySet<string>,
): string | undefined {
  return keys.find((key) => !profile.has(key) && !skipped.has(key));
}

/** Open questions whose answer could change the winner, alone or with one other, or bring the overlay. */
function decisiveQuestions(
  trials: Trials,
  skipped: ReadonlySet<string>,
): ReadonlyMap<ScoredQuestion, NextReason> {
  const isOpen = ({ question }: Change) => askedAs(question, trials.profile, skipped) !== undefined;
  const reasons = new Map<ScoredQuestion, NextReason>();
  if (!trials.profile.has('regulation') && !skipped.has('regulation'))
    reasons.set('regulation', { kind: 'overlay' });
  for (const { pair, archetype } of flippingPairs(trials, isOpen).toReversed()) {
    for (const { question } of pair) reasons.set(question, { kind: 'together', towards: archetype });
  }
  for (const { change, scores } of trials.single) {
    const towards = leaderIn(scores);
    if (towards !== trials.leader && isOpen(change)) reasons.set(change.question, { kind: 'alone', towards });
  }
  return reasons;
}

function movement(before: Points, after: Points, leader: Archetype): number {
  return Math.abs(probabilitiesOf(after)[leader] - probabilitiesOf(before)[leader]);
}

function cost(question: ScoredQuestion): number {
  return CHEAPEST_FIRST.indexOf(question);
}
