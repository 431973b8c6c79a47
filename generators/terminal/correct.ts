import type { Finding } from '../core/classify/finding.ts';
import { contradictionsIn } from '../core/classify/findings.ts';
import { factNamed } from '../core/profile/facts.ts';
import type { Profile } from '../core/profile/profile.ts';
import { type AnswerValue, answerText } from '../core/profile/question.ts';
import { askQuestion } from './ask.ts';
import type { Terminal } from './terminal.ts';

const LEAVE = 'leave';

interface Correction {
  readonly key: string;
  /** Undefined where the person does not know after all. */
  readonly answer: AnswerValue | undefined;
}

/** The first contradiction among the answers that the person has not yet been shown. */
export function contradictionToSettle(profile: Profile, settled: ReadonlySet<string>): Finding | undefined {
  return contradictionsIn(profile).find(({ code }) => !settled.has(code));
}

/** Names the answers that contradict each other and asks the wrong one again; undefined if none is wrong. */
export async function correctedAnswer(
  terminal: Terminal,
  profile: Profile,
  { message, questions }: Finding,
): Promise<Correction | undefined> {
  terminal.say(terminal.paint.bad(`\n! ${message}`));
  const answers = questions.flatMap((key) => {
    const [fact, known] = [factNamed(key), profile.get(key)];
    return fact === undefined || known === undefined ? [] : [{ key, fact, value: known.value }];
  });
  const chosen = await terminal.ask({
    kind: 'select',
    message: 'Which answer is to be corrected?',
    choices: [
      ...answers.map(({ key, fact, value }) => ({
        value: key,
        name: `${fact.message} ${answerText(value)}`,
      })),
      { value: LEAVE, name: 'None: all of them are right' },
    ],
  });
  const wrong = answers.find(({ key }) => key === chosen);
  if (wrong === undefined) return undefined;
  return { key: wrong.key, answer: await askQuestion(terminal, wrong.fact, wrong.value) };
}
