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
  const others = SCORED_QUESTIONS.filter(
    (question) => question in set && !(hired.length > 0 && isGrowth(question)),
  );
  return [
    ...hired.map(([role, key]) => hireText(role, set[key], rolesIn(profile) !== undefined)),
    ...others.map((question) => answerInWords(question, changed)),
  ].join(', together with ');
}

// A hire changes the size of the team too; saying both would sound like two changes.
function isGrowth(question: string): boolean {
  return question === 'team_size';
}

function hireText(role: Role, count: AnswerValue | undefined, isMore: boolean): string {
  const [one, many] = ROLE_WORDS[role];
  const people = countOf(typeof count === 'number' ? count : 0, one, many);
  return isMore ? `${people} more` : people;
}
