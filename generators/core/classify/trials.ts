import { type Profile, withAnswers } from '../profile/profile.ts';
import { ARCHETYPES, type Archetype, type Points } from './archetypes.ts';
import { type Change, changedProfile, changesOf } from './changes.ts';
import { HEAD_COUNTS } from './roles.ts';
import {
  type Rescored,
  rescoredPair,
  rescoredWithout,
  rescoreProfile,
  type Scores,
  type Worth,
} from './scores.ts';
import type { ScoredQuestion } from './table.ts';

/** A change that was tried, and the scores that it led to. */
export interface Trial {
  readonly change: Change;
  readonly scores: Points;
  readonly touched: readonly ScoredQuestion[];
  readonly rescored: Rescored;
}

/** Everything that trying other answers starts from. */
export interface Trials {
  readonly profile: Profile;
  readonly before: Scores;
  readonly leader: Archetype;
  /** Every single change, tried once. */
  readonly single: readonly Trial[];
}

export function trialsOn(profile: Profile, before: Scores): Trials {
  const single = changesOf(profile).map((change) => {
    const touched = touchedBy(Object.keys(change.set));
    const rescored = rescoreProfile(before, changedProfile(profile, change), touched);
    return { change, scores: rescored.scores, touched, rescored };
  });
  return { profile, before, leader: leaderIn(before.scores), single };
}

/** The archetype with the highest score; of equal ones the smallest. */
export function leaderIn(scores: Points): Archetype {
  return ARCHETYPES.reduce((best, id) => (scores[id] > scores[best] ? id : best));
}

/** The scores after two changes at once; where they touch different rows, no answer has to be read again. */
export function scoresAfter({ profile, before }: Trials, one: Trial, other: Trial): Points {
  if (!one.touched.some((question) => other.touched.includes(question)))
    return rescoredPair(before, one.rescored, other.rescored);
  const both = [...new Set([...one.touched, ...other.touched])];
  return rescoreProfile(before, changedProfile(profile, one.change, other.change), both).scores;
}

/** The scores with one question unanswered. */
export function scoresWithout(profile: Profile, before: Scores, worth: Worth): Points {
  const { question, from, group } = worth;
  // The size of the team completes the roles; what is known of the organisation makes traits, and stands in for its size.
  if (question !== 'team_size' && group !== 'organisation') return rescoredWithout(before, worth);
  return rescoreProfile(before, withAnswers(profile, { [from]: undefined }), touchedBy([from])).scores;
}

const ROLE_KEYS: readonly string[] = ['roles_present', ...HEAD_COUNTS.map(([, key]) => key)];

/** The rows of the table that read a fact. The size of the team says whether the counted heads are all of it. */
function touchedBy(keys: readonly string[]): readonly ScoredQuestion[] {
  const [only = ''] = keys;
  return keys.length === 1 ? rowsReading(only) : [...new Set(keys.flatMap(rowsReading))];
}

function rowsReading(key: string): readonly ScoredQuestion[] {
  if (ROLE_KEYS.includes(key)) return ['roles_present'];
  switch (key) {
    case 'team_size':
      return ['team_size', 'roles_present'];
    case 'org_type':
      return ['company_size'];
    default:
      // Every other fact that is changed is a row by its own name; changesOf makes no others.
      return [key as ScoredQuestion];
  }
}
