import { resolve } from 'node:path';
import { usageError } from '../core/errors.ts';
import { folderProblem } from '../core/io/source-tree.ts';
import type { GivenAnswers } from '../core/profile/given.ts';

/** The folder that `--kit` or `mlops.yaml` names, from the place where it is named; a usage error (2) for all else. */
export function kitFolder(source: string, from: string): string {
  const folder = resolve(from, source);
  const isPath = /^(\.{0,2}\/|\.{1,2}$)/.test(source);
  if (isPath && folderProblem(folder) !== 'it is no folder') return folder;
  const isThere = !isPath && source !== '' && folderProblem(folder) === undefined;
  throw usageError(
    `${JSON.stringify(source.slice(0, 200))} is no folder by its name: this version takes kits only from folders.`,
    isThere
      ? `Write --kit=./${source}.`
      : 'Write a path that begins with "." or "/", for example --kit=../acme-kit.',
  );
}

const NAMES = ['name', 'package'];

/** A kit that stands alone asks nothing: an answer would have no effect. */
export function refuseAnswers(kit: string, given: GivenAnswers): void {
  const without = [...given.keys()].filter((key) => !NAMES.includes(key));
  if (without.length === 0) return;
  throw usageError(
    `The kit ${kit} stands alone (extends: none): it takes no answers and no archetype.`,
    'Leave out what is listed.',
    without.map((key) => ({ message: `${key} was given` })),
  );
}
