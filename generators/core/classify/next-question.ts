import type { Profile } from '../profile/profile.ts';
import type { Archetype } from './archetypes.ts';
import { type Change, changedProfile, changesOf } from './changes.ts';
import { flippingPairs, leaderOf } from './flips.ts';
import { probabilitiesOf } from './probabilities.ts';
import { scoreProfile } from './scores.ts';
import type { ScoredQuestion } from './table.ts';

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
export function nextQuestionFor(profile: Profile, leader: Archetype): string | undefined {
  const answered = new Set(scoreProfile(profile).worths.map((worth) => worth.from));
  const open = changesOf(profile).filter((change) => isOpen(change, profile, answered));
  const decisive = new Set(decisiveQuestions(profile, open, leader));
  const moves = new Map<ScoredQuestion, number>();
  for (const change of open.filter(({ question }) => decisive.has(question))) {
    const moved = movement(profile, change, leader);
    moves.set(change.question, Math.max(moves.get(change.question) ?? 0, moved));
  }
  const [best] = [...moves].toSorted(([a, moveA], [b, moveB]) => moveB - moveA || cost(a) - cost(b));
  return best === undefined ? undefined : best[0] === 'roles_present' ? 'data_scientists' : best[0];
}

function isOpen(change: Change, profile: Profile, answered: ReadonlySet<string>): boolean {
  if (change.question === 'roles_present')
    return !answered.has('roles_present') && !answered.has('data_scientists');
  return !profile.has(change.question);
}

/** Questions whose answer could change the winner, alone or with one other, or bring the governance overlay. */
function decisiveQuestions(
  profile: Profile,
  open: readonly Change[],
  leader: Archetype,
): readonly ScoredQuestion[] {
  const single = open.filter((change) => leaderOf(changedProfile(profile, change)) !== leader);
  const rest = open.filter((change) => !single.includes(change));
  const paired = flippingPairs(profile, rest, leader).flat();
  const overlay: readonly ScoredQuestion[] = profile.has('regulation') ? [] : ['regulation'];
  return [...[...single, ...paired].map((change) => change.question), ...overlay];
}

function movement(profile: Profile, change: Change, leader: Archetype): number {
  const before = probabilitiesOf(scoreProfile(profile).scores)[leader];
  return Math.abs(probabilitiesOf(scoreProfile(changedProfile(profile, change)).scores)[leader] - before);
}

function cost(question: ScoredQuestion): number {
  return CHEAPEST_FIRST.indexOf(question);
}
