import { rolesIn } from '../../generators/core/classify/roles.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { FACTS } from '../../generators/core/profile/facts.ts';
import type { Profile } from '../../generators/core/profile/profile.ts';
import { type AnswerValue, answerText } from '../../generators/core/profile/question.ts';
import { askedFacts } from '../../generators/terminal/ask-facts.ts';
import { type Prompt, painter, type Terminal } from '../../generators/terminal/terminal.ts';
import { type LabelledCase, parsedCase } from '../../test/classify/labelled.ts';
import { median, share } from './tables.ts';

// Of the twenty scored questions; a case that answers fewer says nothing about how soon asking may stop.
const COMPLETE = 17;

interface Asked {
  readonly id: string;
  readonly questions: number;
  readonly agrees: boolean;
}

/** How many questions are asked of who can answer all, and whether the verdict is that of asking all. */
export async function askingLines(cases: readonly LabelledCase[]): Promise<string> {
  const complete = cases.filter((one) => classifyProfile(parsedCase(one).profile).answered >= COMPLETE);
  const asked: Asked[] = [];
  for (const one of complete) asked.push(await interviewOf(one));
  const counts = asked.map(({ questions }) => questions);
  const others = asked.filter(({ agrees }) => !agrees).map(({ id }) => `\`${id}\``);
  const silent = await interviewed(new Map());
  return [
    `- Cases that answer at least ${COMPLETE} of the 20 scored questions: ${complete.length}.`,
    `- Questions asked of them: median ${median(counts)}, from ${Math.min(...counts)} to ${Math.max(...counts)}.`,
    `- The same verdict as from asking all: ${share(asked.length - others.length, asked.length)}; another one: ${others.join(', ') || 'none'}.`,
    `- Questions asked of a person who knows none of the answers: ${silent.questions}.`,
  ].join('\n');
}

async function interviewOf(one: LabelledCase): Promise<Asked> {
  const { profile } = parsedCase(one);
  const { questions, archetype } = await interviewed(profile);
  return { id: one.id, questions, agrees: archetype === classifyProfile(profile).archetype };
}

/** Runs the real interview with a person who answers from a profile and never wants to tell more. */
async function interviewed(full: Profile): Promise<{ questions: number; archetype: string }> {
  let questions = 0;
  const terminal: Terminal = {
    interactive: true,
    paint: painter(false),
    say: () => undefined,
    result: () => undefined,
    ask: async (prompt) => {
      const fact = FACTS.find(({ message }) => prompt.message.startsWith(message));
      if (fact === undefined) return lastOrDefault(prompt);
      questions += 1;
      const value = answerIn(full, fact.key);
      return value === undefined ? 'unknown' : answerText(value);
    },
  };
  const { verdict } = await askedFacts(terminal, new Map());
  return { questions, archetype: verdict.archetype };
}

/** "Show the verdict", and "None: all of them are right". */
function lastOrDefault(prompt: Prompt): string {
  if (prompt.kind !== 'select') return '';
  return prompt.default ?? prompt.choices.at(-1)?.value ?? '';
}

/** Who can count the roles can name them. */
function answerIn(full: Profile, key: string): AnswerValue | undefined {
  if (key === 'roles_present') return rolesIn(full)?.words;
  return full.get(key)?.value;
}
