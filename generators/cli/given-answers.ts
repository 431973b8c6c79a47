import { join, resolve } from 'node:path';
import { type ErrorDetail, MlopsError, usageError } from '../core/errors.ts';
import { textAt } from '../core/io/text-file.ts';
import { parseAnswersFile } from '../core/profile/answers-file.ts';
import { type Given, type GivenAnswers, mergeGiven } from '../core/profile/given.ts';
import type { Question } from '../core/profile/question.ts';
import type { Arguments } from './arguments.ts';

/** The answers file that was named, with its text. */
export interface NamedFile {
  readonly file: string;
  readonly text: string;
}

/** What flags and the answers file say; flags win. */
export function givenAnswers(
  args: Arguments,
  questions: readonly Question[],
  cwd: string,
  named: NamedFile | undefined = namedAnswers(args, cwd),
): GivenAnswers {
  const flags = [...args.answers].map(([key, raw]): [string, Given] => [key, { raw, source: 'flag' }]);
  return mergeGiven(named === undefined ? new Map() : answersIn(named, questions), new Map(flags));
}

/** The text of `--answers=FILE`; it may be a pipe, which can be read only once. */
export function namedAnswers({ texts }: Pick<Arguments, 'texts'>, cwd: string): NamedFile | undefined {
  const file = texts.get('answers');
  if (file === undefined) return undefined;
  const found = textAt(resolve(cwd, file));
  if (found.kind === 'text') return { file, text: found.text };
  const reason = found.kind === 'absent' ? 'there is no such file' : found.reason;
  throw usageError(`"${file}" cannot be read: ${reason}.`, 'Give --answers the path of a YAML or JSON file.');
}

/** What is wrong in the answers file, to be listed beside what is wrong in the arguments. */
export function problemsInAnswers(
  args: Pick<Arguments, 'texts'>,
  questions: readonly Question[],
  cwd: string,
): readonly ErrorDetail[] {
  try {
    const named = namedAnswers(args, cwd);
    if (named !== undefined) answersIn(named, questions);
    return [];
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    return error.details.length > 0 ? error.details : [{ message: error.message }];
  }
}

interface SavedFile {
  readonly answers: GivenAnswers;
  readonly text: string | undefined;
}

/** The answers that `classify --save` left in a folder. */
export function savedAnswers(folder: string | undefined, questions: readonly Question[]): SavedFile {
  if (folder === undefined) return { answers: new Map(), text: undefined };
  const found = textAt(join(folder, 'mlops.yaml'));
  if (found.kind === 'absent') return { answers: new Map(), text: undefined };
  if (found.kind === 'unreadable') {
    throw usageError(`mlops.yaml in ${folder} cannot be used: ${found.reason}.`, 'Move it away, or mend it.');
  }
  const { answers } = parseAnswersFile('mlops.yaml', found.text, questions, 'saved');
  return { answers, text: found.text };
}

function answersIn({ file, text }: NamedFile, questions: readonly Question[]): GivenAnswers {
  return parseAnswersFile(file, text, questions, 'file').answers;
}
