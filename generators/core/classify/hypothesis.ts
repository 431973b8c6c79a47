import { type Profile, withAnswers } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import { HEAD_COUNTS, type Role, rolesIn } from './roles.ts';
import { SCORED_QUESTIONS } from './scores.ts';
import { answerInWords, ROLE_WORDS } from './sentences.ts';
import { countOf } from './words.ts';

/** What would be different, in words: "a team of nine people, together with no legacy systems". */
export function changeInWords(profile: Profile, set: Readonly<Record<string, AnswerValue>>): string {
  const hired = HEAD_COUNTS.filter(([, key]) => key in set);
  const changed = withAnswers(profile, set);
  // A hire changes the size of the team too; saying both would sound like two changes.
  const others = SCORED_QUESTIONS.filter(
    (question) => question in set && !(hired.length > 0 && question === 'team_size'),
  );
  const isHire = rolesIn(profile) !== undefined;
  const mix = hired.length === 0 ? [] : [answerInWords('roles_present', changed)];
  const hires = isHire ? hired.map(([role, key]) => `${headsText(role, set[key])} more`) : mix;
  return [...hires, ...others.map((question) => answerInWords(question, changed))].join(', together with ');
}

function headsText(role: Role, count: AnswerValue | undefined): string {
  const [one, many] = ROLE_WORDS[role];
  return countOf(typeof count === 'number' ? count : 0, one, many);
}
