import { relative, resolve, sep } from 'node:path';
import type { CommandInput } from '../cli/command.ts';
import { usageError } from '../core/errors.ts';
import type { ConflictStyle } from '../core/merge/decide.ts';
import { nearest } from '../core/profile/question.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';

const STYLES: readonly ConflictStyle[] = ['markers', 'side', 'yours', 'theirs'];
const DIRECTIONS = ['back', 'forward'] as const;

export function conflictStyle({ args }: CommandInput): ConflictStyle {
  return wordOf('conflict', args.texts.get('conflict') ?? 'markers', STYLES);
}

export function recoveryDirection({ args }: CommandInput): 'back' | 'forward' {
  return wordOf('recover', args.texts.get('recover') ?? '', DIRECTIONS);
}

/** The path to restore, as typed from the folder where the person stands. */
export function restoredPath({ args, cwd }: CommandInput, root: string): RelPath | undefined {
  const typed = args.texts.get('restore');
  if (typed === undefined) return undefined;
  const path = parseRelPath(relative(root, resolve(cwd, typed)).split(sep).join('/'));
  if (path.kind === 'path') return path.path;
  throw usageError(`${JSON.stringify(typed)} is no file of this project.`, 'Name a path inside the project.');
}

function wordOf<T extends string>(name: string, word: string, words: readonly T[]): T {
  const found = words.find((candidate) => candidate === word);
  if (found !== undefined) return found;
  const close = nearest(word, words);
  throw usageError(
    `--${name} takes ${words.join(', ')}, not ${JSON.stringify(word.slice(0, 40))}.`,
    `Write --${name}=${close ?? words[0]}.`,
  );
}
