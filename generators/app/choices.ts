import type { CommandInput } from '../cli/command.ts';
import type { Choices } from '../core/catalog/condition.ts';
import type { Known } from '../core/profile/profile.ts';
import type { Question } from '../core/profile/question.ts';
import { askQuestion } from '../terminal/ask.ts';

/** The value of every choice: what was given, else asked on a terminal, else the default. */
export async function chosenValues(
  { args, terminal }: CommandInput,
  questions: readonly Question[],
  known: ReadonlyMap<string, Known>,
): Promise<Choices> {
  const asks = terminal.interactive && !args.switches.has('yes');
  const values = new Map<string, string>();
  for (const question of questions) {
    const given = known.get(question.key)?.value;
    const preset = question.kind === 'choice' ? question.default : undefined;
    const value =
      given ?? (asks && isOpen(question) ? await askQuestion(terminal, question, preset) : preset);
    values.set(question.key, String(value));
  }
  return values;
}

/** A choice that has one value today is settled; the flag is there for the day it has two. */
export function isOpen(question: Question): boolean {
  return question.kind !== 'choice' || question.values.length > 1;
}
