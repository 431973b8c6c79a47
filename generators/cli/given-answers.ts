import { join, resolve } from 'node:path';
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
  const keys = questions.map(({ key }) => key);
  return { answers: parseAnswersFile('mlops.yaml', found.text, keys, 'saved').answers, text: found.text };
}

function flagAnswers(args: Arguments): GivenAnswers {
  return new Map([...args.answers].map(([key, raw]): [string, Given] => [key, { raw, source: 'flag' }]));
}

function answersIn(file: string, cwd: string, keys: readonly string[]): GivenAnswers {
  const text = textAt(resolve(cwd, file));
  if (text.kind !== 'text') {
    const reason = text.kind === 'absent' ? 'there is no such file' : text.reason;
    throw usageError(
      `"${file}" cannot be read: ${reason}.`,
      'Give --answers the path of a YAML or JSON file.',
    );
  }
  return parseAnswersFile(file, text.text, keys, 'file').answers;
}
