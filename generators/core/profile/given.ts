import { type ErrorDetail, usageError } from '../errors.ts';
import type { Known, Source } from './profile.ts';
import { flagOf, parseAnswer, type Question } from './question.ts';

/** An answer as it was written, not yet checked. */
export interface Given {
  readonly raw: unknown;
  readonly source: Source;
  /** Where it was detected, which need not be a line: `git log`. */
  readonly where?: string;
  readonly place?: { readonly path: string; readonly line: number; readonly column: number };
}

/** By question key. */
export type GivenAnswers = ReadonlyMap<string, Given>;

export interface ResolvedAnswers {
  readonly known: ReadonlyMap<string, Known>;
  /** What was understood differently from how it was written. */
  readonly notes: readonly string[];
}

/** Later answers win: pass them from the weakest source to the strongest. */
export function mergeGiven(...answers: readonly GivenAnswers[]): GivenAnswers {
  return new Map(answers.flatMap((given) => [...given]));
}

/** Checks every answer that was given; throws one usage error that lists all that are not valid. */
export function resolveAnswers(questions: readonly Question[], given: GivenAnswers): ResolvedAnswers {
  const known = new Map<string, Known>();
  const notes: string[] = [];
  const problems: ErrorDetail[] = [];
  for (const question of questions) {
    const entry = given.get(question.key);
    if (entry === undefined) continue;
    const answer = parseAnswer(question, entry.raw);
    if (answer.kind === 'invalid') problems.push({ ...entry.place, message: answer.message });
    if (answer.kind === 'value') known.set(question.key, knownFrom(entry, answer.value));
    if (answer.kind === 'value' && answer.note !== undefined) notes.push(answer.note);
  }
  if (problems.length > 0) throw invalidAnswers(problems);
  return { known, notes };
}

/** Exit 2: nobody can be asked and these questions have no answer. */
export function unansweredError(questions: readonly Question[]): Error {
  return usageError(
    `${questions.length} ${questions.length === 1 ? 'question has' : 'questions have'} no answer and there is no terminal to ask on.`,
    'Give these flags, or --yes to take the defaults and leave facts unknown.',
    questions.map((question) => ({ message: `${flagOf(question)}  ${question.message}` })),
  );
}

function knownFrom({ source, place, where }: Given, value: Known['value']): Known {
  const at = where ?? (place === undefined ? undefined : `${place.path}:${place.line}`);
  return { value, source, ...(at === undefined ? {} : { where: at }) };
}

function invalidAnswers(unsorted: readonly ErrorDetail[]): Error {
  const problems = unsorted.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const [first] = problems;
  const count = problems.length === 1 ? '' : ` (1 of ${problems.length} problems)`;
  return usageError(
    `An answer is not valid${count}: ${first?.message ?? ''}`,
    'Correct the answers listed and run again.',
    problems,
  );
}
