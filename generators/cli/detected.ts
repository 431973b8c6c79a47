import { resolve } from 'node:path';
import type { OwnTexts } from '../core/detect/own-texts.ts';
import { usageError } from '../core/errors.ts';
import { folderProblem } from '../core/io/source-tree.ts';
import { isWorthReading } from '../core/io/target.ts';
import { type DetectedAnswers, detectedAnswers, NOTHING_DETECTED } from '../core/profile/detected-answers.ts';
import type { GivenAnswers } from '../core/profile/given.ts';
import type { Arguments, OptionSpec } from './arguments.ts';

export const DETECT_OPTION: OptionSpec = {
  name: 'detect',
  takes: 'FOLDER',
  isOptional: true,
  help: 'read facts from the code in FOLDER, or here',
};

export const DETECT_OPTIONS: readonly OptionSpec[] = [
  DETECT_OPTION,
  { name: 'no-detect', help: 'do not read facts from code that is there' },
];

const HERE = 'this folder';

/** Whether a folder is to be read for facts: one that was named, none, or the usual one if there is code in it. */
export type DetectionWish =
  | { readonly kind: 'folder'; readonly folder: string; readonly named: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'usual' };

/** What the flags say; a folder that cannot be read is a usage error, before anything is asked. */
export function detectionWish({ switches, texts }: Arguments, cwd: string): DetectionWish {
  const named = texts.get('detect');
  const isWanted = named !== undefined || switches.has('detect');
  if (switches.has('no-detect')) {
    if (isWanted) throw usageError('--detect and --no-detect exclude each other.', 'Give one of the two.');
    return { kind: 'none' };
  }
  if (!isWanted) return { kind: 'usual' };
  const folder = resolve(cwd, named ?? '.');
  const problem = named === '' ? 'its name is empty' : folderProblem(folder);
  if (problem === undefined) return { kind: 'folder', folder, named: named ?? HERE };
  throw usageError(
    `The folder of --detect=${named ?? '.'} cannot be read: ${problem}.`,
    'Name a folder that holds code, or leave the flag out.',
  );
}

/**
 * Facts from code that is there. The usual folder is read where it holds something of the owner's; what this
 * generator wrote says nothing about an organisation, and is read only by name; `ours` names what of it to leave out.
 */
export async function detectedIn(
  wish: DetectionWish,
  usual: string,
  given: GivenAnswers,
  ours?: OwnTexts,
): Promise<DetectedAnswers> {
  if (wish.kind === 'none' || (wish.kind === 'usual' && !isWorthReading(usual))) return NOTHING_DETECTED;
  const { detectedFrom } = await import('../core/detect/detected-from.ts');
  const { folder, named } = wish.kind === 'folder' ? wish : { folder: usual, named: HERE };
  return detectedAnswers(named, await detectedFrom(folder, ours), given);
}
