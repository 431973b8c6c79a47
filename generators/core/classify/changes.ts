import { numberIn, type Profile, withAnswers } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import { BANDS, type BandedQuestion } from './bands.ts';
import { HEAD_COUNTS, rolesIn } from './roles.ts';
import { SCORED_QUESTIONS } from './scores.ts';
import type { ScoredQuestion } from './table.ts';
import { volumeIn } from './volume.ts';

/** Another answer to one question, with how far it is from the present one. */
export interface Change {
  readonly question: ScoredQuestion;
  /** One answer; a hire changes a head count and the size of the team together. */
  readonly set: Readonly<Record<string, AnswerValue>>;
  /** Bands crossed, or 1. */
  readonly distance: number;
}

// One answer for each case of the table.
const WORDS: Readonly<Partial<Record<ScoredQuestion, readonly AnswerValue[]>>> = {
  deploy_owner: ['self', 'other_team', 'same_team', 'platform'],
  data_velocity: ['batch', 'mixed', 'streaming'],
  big_data_tools: [[], ['snowflake'], ['spark'], ['spark', 'kafka']],
  regulation: [[], ['banking']],
  legacy_systems: [false, true],
  frameworks: [['scikit-learn'], ['pytorch'], ['spark-mllib']],
  accelerators: ['none', 'gpu'],
  cloud: ['none', 'aws', 'multi', 'hybrid'],
  orchestration: ['none', 'airflow'],
  ci_cd: ['none', 'partial', 'automated'],
  registry: ['none', 'mlflow'],
  monitoring: ['none', 'partial', 'full'],
};

// Clear of the zones in which the classes blend.
const VOLUMES = [5, 20, 700, 1500];

/** Every other answer worth trying, one for each case of each question that is not the present one. */
export function changesOf(profile: Profile): readonly Change[] {
  return SCORED_QUESTIONS.flatMap((question) => changesTo(profile, question));
}

/** The profile after some changes. */
export function changedProfile(profile: Profile, ...changes: readonly Change[]): Profile {
  return withAnswers(profile, Object.assign({}, ...changes.map((change) => change.set)));
}

function changesTo(profile: Profile, question: ScoredQuestion): readonly Change[] {
  if (question === 'roles_present') return roleChanges(profile);
  if (question === 'data_volume_gb') return volumeChanges(profile);
  if (isBanded(question)) return bandChanges(profile, question);
  const present = JSON.stringify(profile.get(question)?.value);
  const others = (WORDS[question] ?? []).filter((value) => JSON.stringify(value) !== present);
  return others.map((value) => ({ question, set: { [question]: value }, distance: 1 }));
}

function bandChanges(profile: Profile, question: BandedQuestion): readonly Change[] {
  const ends = BANDS[question].upTo.map(([upTo]) => upTo);
  const present = numberIn(profile, question);
  const bandIn = (value: number) => ends.filter((end) => value > end).length;
  return [...ends, Number.POSITIVE_INFINITY].flatMap((end, band) => {
    const below = ends[band - 1];
    const lowest = below === undefined ? end : justAbove(question, below);
    if (present === undefined) return [{ question, set: { [question]: lowest }, distance: 1 }];
    if (bandIn(present) === band) return [];
    const nearest = bandIn(present) < band ? lowest : end;
    return [{ question, set: { [question]: nearest }, distance: Math.abs(bandIn(present) - band) }];
  });
}

// Traffic is known in round numbers only.
function justAbove(question: BandedQuestion, end: number): number {
  return question === 'predictions_per_day' ? 2 * end : end + 1;
}

function volumeChanges(profile: Profile): readonly Change[] {
  const volume = volumeIn(profile);
  const times = volume === undefined || volume.answered === 0 ? 1 : volume.perRun / volume.answered;
  const classOf = (gigabytes: number) => (gigabytes <= 10 ? 0 : gigabytes <= 1000 ? 1 : 2);
  return VOLUMES.flatMap((gigabytes) => {
    const distance = volume === undefined ? 1 : Math.abs(classOf(gigabytes) - classOf(volume.perRun));
    const set = { data_volume_gb: Number((gigabytes / times).toPrecision(6)) };
    return distance === 0 ? [] : [{ question: 'data_volume_gb' as const, set, distance }];
  });
}

const ROLE_SETS = [
  ['ds'],
  ['ds', 'de'],
  ['ds', 'mle'],
  ['ds', 'de', 'devops'],
  ['ds', 'de', 'mle', 'devops'],
];

function roleChanges(profile: Profile): readonly Change[] {
  const roles = rolesIn(profile);
  const uncounted = HEAD_COUNTS.filter(([, key]) => numberIn(profile, key) === undefined);
  if (uncounted.length === HEAD_COUNTS.length) return namedRoleChanges(roles?.words.join());
  if (roles === undefined) return completedCounts(uncounted.map(([, key]) => key));
  // Where heads are counted, a change of roles is a hire, and the counts still add up.
  return HEAD_COUNTS.filter(([role]) => !roles.present[role]).map(([, key]) =>
    roleChange({ [key]: 2, ...grownTeam(profile) }),
  );
}

function namedRoleChanges(present: string | undefined): readonly Change[] {
  const others = ROLE_SETS.filter((set) => set.join() !== present);
  return others.map((set) => roleChange({ roles_present: set }));
}

// Some heads are counted and the rest are not: nobody else, one role more, or all of them.
function completedCounts(keys: readonly string[]): readonly Change[] {
  const sets = [[], ...keys.map((key) => [key]), keys];
  return sets.map((hired) =>
    roleChange(Object.fromEntries(keys.map((key) => [key, hired.includes(key) ? 2 : 0]))),
  );
}

function roleChange(set: Change['set']): Change {
  return { question: 'roles_present', set, distance: 1 };
}

function grownTeam(profile: Profile): Readonly<Record<string, AnswerValue>> {
  const team = numberIn(profile, 'team_size');
  return team === undefined ? {} : { team_size: team + 2 };
}

function isBanded(question: ScoredQuestion): question is BandedQuestion {
  return question in BANDS;
}
