import { join, resolve } from 'node:path';
import { usageError } from '../core/errors.ts';
import { textIfThere } from '../core/io/package-files.ts';
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

interface SavedFile {
  readonly answers: GivenAnswers;
  readonly text: string | undefined;
}

/** The answers that `classify --save` left in a folder. */
export function savedAnswers(folder: string, questions: readonly Question[]): SavedFile {
  const text = textIfThere(join(folder, 'mlops.yaml'));
  const keys = questions.map(({ key }) => key);
  if (text === undefined) return { answers: new Map(), text };
  return { answers: parseAnswersFile('mlops.yaml', text, keys, 'saved').answers, text };
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
