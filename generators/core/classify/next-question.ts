import type { Profile } from '../profile/profile.ts';
import type { Archetype, Points } from './archetypes.ts';
import type { Change } from './changes.ts';
import { flippingPairs } from './flips.ts';
import { probabilitiesOf } from './probabilities.ts';
import { HEAD_COUNTS, rolesIn } from './roles.ts';
import type { ScoredQuestion } from './table.ts';
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

/** The unanswered question that can move the verdict most, or none when no answer can change it any more. */
export function nextQuestionFor(
  trials: Trials,
  skipped: ReadonlySet<string> = new Set(),
): string | undefined {
  const decisive = decisiveQuestions(trials);
  const moves = new Map<ScoredQuestion, number>();
  for (const { change, scores } of trials.single) {
    if (!decisive.has(change.question) || askedAs(change.question, trials.profile, skipped) === undefined)
      continue;
    const moved = movement(trials.before.scores, scores, trials.leader);
    moves.set(change.question, Math.max(moves.get(change.question) ?? 0, moved));
  }
  const [best] = [...moves].toSorted(([a, moveA], [b, moveB]) => moveB - moveA || cost(a) - cost(b));
  return best === undefined ? undefined : askedAs(best[0], trials.profile, skipped);
}

/** The fact to ask for a scored question; roles are asked for as head counts, one by one. */
function askedAs(
  question: ScoredQuestion,
  profile: Profile,
  skipped: ReadonlySet<string>,
): string | undefined {
  const facts =
    question === 'roles_present' ? ['team_size', ...HEAD_COUNTS.map(([, key]) => key)] : [question];
  return facts.find((key) => !profile.has(key) && !skipped.has(key));
}

/** Open questions whose answer could change the winner, alone or with one other, or bring the overlay. */
function decisiveQuestions(trials: Trials): ReadonlySet<ScoredQuestion> {
  const isOpen = ({ question }: Change) =>
    question === 'roles_present' ? rolesIn(trials.profile) === undefined : !trials.profile.has(question);
  const single = trials.single.filter(
    ({ change, scores }) => isOpen(change) && leaderIn(scores) !== trials.leader,
  );
  const paired = flippingPairs(trials, isOpen).flatMap(({ pair }) => pair);
  const overlay: readonly ScoredQuestion[] = trials.profile.has('regulation') ? [] : ['regulation'];
  return new Set([
    ...[...single.map(({ change }) => change), ...paired].map(({ question }) => question),
    ...overlay,
  ]);
}

function movement(before: Points, after: Points, leader: Archetype): number {
  return Math.abs(probabilitiesOf(after)[leader] - probabilitiesOf(before)[leader]);
}

function cost(question: ScoredQuestion): number {
  return CHEAPEST_FIRST.indexOf(question);
}
