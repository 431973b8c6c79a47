import { resolve } from 'node:path';
import { usageError } from '../core/errors.ts';
import { textAt } from '../core/io/text-file.ts';
import { parseAnswersFile } from '../core/profile/answers-file.ts';
import { type Given, type GivenAnswers, mergeGiven } from '../core/profile/given.ts';
import type { Question } from '../core/profile/question.ts';
import type { Arguments } from './arguments.ts';

/** What flags and the answers file say; flags win. */
export function givenAnswers(args: Arguments, questions: readonly Question[], cwd: string): GivenAnswers {
  const file = args.texts.get('answers');
  const keys = questions.map(({ key }) => key);
  return mergeGiven(file === undefined ? new Map() : answersIn(file, cwd, keys), flagAnswers(args));
}

function flagAnswers(args: Arguments): GivenAnswers {
  return new Map([...args.answers].map(([key, raw]): [string, Given] => [key, { raw, source: 'flag' }]));
}

function answersIn(file: string, cwd: string, keys: readonly string[]): GivenAnswers {
  const text = textAt(resolve(cwd, file));
  if (text.kind === 'unreadable') {
    throw usageError(
      `${file} cannot be read: ${text.reason}.`,
      'Give --answers the path of a YAML or JSON file.',
    );
  }
  return parseAnswersFile(file, text.text, keys, 'file').answers;
}
