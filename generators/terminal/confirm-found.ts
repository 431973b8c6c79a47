import type { DetectedAnswers } from '../core/profile/detected-answers.ts';
import { factNamed } from '../core/profile/facts.ts';
import { type Profile, withAnswer, withAnswers } from '../core/profile/profile.ts';
import { type AnswerValue, answerText } from '../core/profile/question.ts';
import { askQuestion } from './ask.ts';
import type { Terminal } from './terminal.ts';

interface Confirmed {
  readonly profile: Profile;
  /** What Enter takes, where a question comes up. */
  readonly presets: ReadonlyMap<string, AnswerValue>;
  /** What a person did not know, and is not asked again. */
  readonly skipped: ReadonlySet<string>;
}

/** What was found as a person leaves it: taken, corrected one by one, or put aside; and what it raises, asked. */
export async function confirmedFacts(
  terminal: Terminal,
  known: Profile,
  { facts, presets }: DetectedAnswers,
): Promise<Confirmed> {
  const found = [...known].filter(([, { source }]) => source === 'detected').map(([key]) => key);
  const wish = found.length === 0 ? 'take' : await askedWish(terminal);
  const kept =
    wish === 'take' ? known : withAnswers(known, Object.fromEntries(found.map((key) => [key, undefined])));
  const hints = facts.filter(({ strength }) => strength === 'hint').map(({ key }) => key);
  const open = [...(wish === 'correct' ? found : []), ...hints.filter((key) => !known.has(key))];
  const profile = await asked(terminal, kept, known, open);
  return { profile, presets, skipped: new Set(open.filter((key) => !profile.has(key))) };
}

async function askedWish(terminal: Terminal): Promise<string | boolean> {
  return await terminal.ask({
    kind: 'select',
    message: 'Is what was found right?',
    choices: [
      { value: 'take', name: 'Yes, count it' },
      { value: 'correct', name: 'Let me correct it' },
      { value: 'ignore', name: 'No, leave it out' },
    ],
    default: 'take',
  });
}

/** Each question in turn; what was known before is what Enter takes, and keeps its evidence. */
async function asked(
  terminal: Terminal,
  start: Profile,
  before: Profile,
  keys: readonly string[],
): Promise<Profile> {
  let profile = start;
  for (const key of keys) {
    const fact = factNamed(key);
    const known = before.get(key);
    const answer = fact === undefined ? undefined : await askQuestion(terminal, fact, known?.value);
    if (answer === undefined) continue;
    const isSame = known !== undefined && answerText(answer) === answerText(known.value);
    profile = isSame ? new Map([...profile, [key, known]]) : withAnswer(profile, key, answer);
  }
  return profile;
}
