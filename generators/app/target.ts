import { homedir } from 'node:os';
import { basename, relative, resolve } from 'node:path';
import type { CommandInput } from '../cli/command.ts';
import { visible } from '../core/classify/layout.ts';
import { usageError } from '../core/errors.ts';
import { checkTarget, isClassified, isEmptyFolder } from '../core/io/target.ts';
import { nameFromFolder, type ProjectNames, projectNames } from '../core/plan/project.ts';
import type { Known } from '../core/profile/profile.ts';

/** Where the repository goes, and what it is called. */
export interface Target {
  readonly folder: string;
  /** The folder as a person would type it after `cd`. */
  readonly shown: string;
  readonly project: ProjectNames;
}

/** The folder where it is named or is where the person stands; undefined where it has to be asked for. */
export function namedFolder({ args, terminal, cwd }: CommandInput): string | undefined {
  const [dir] = args.positionals;
  if (dir === '')
    throw usageError(
      'The folder to write to is an empty text.',
      'Name a new folder, for example mlops new churn.',
    );
  if (dir !== undefined) return resolve(cwd, dir);
  if (terminal.interactive && !args.switches.has('yes')) return undefined;
  if (isEmptyFolder(cwd) || isClassified(cwd)) return cwd;
  throw usageError(
    'There is no folder to write to: this one is not empty.',
    'Name a new folder, for example mlops new churn --yes.',
  );
}

/** Folder and names; asked for where the folder is not named. Refuses what must not be touched. */
export async function chosenTarget(
  { terminal, cwd }: CommandInput,
  folder: string | undefined,
  known: ReadonlyMap<string, Known>,
  naming: Naming = projectNames,
): Promise<Target> {
  const name = textOf(known, 'name');
  const asked = folder === undefined ? await askedPlace(terminal, cwd, name, naming) : undefined;
  const place = asked?.folder ?? folder ?? cwd;
  checkTarget(place);
  const chosen = asked?.name ?? name ?? nameFromFolder(place);
  const project = naming(chosen === '' ? basename(place) : chosen, textOf(known, 'package'));
  return { folder: place, shown: shownFrom(cwd, place), project };
}

/** How a project's names come from the one that was chosen; a usage error where they cannot. */
export type Naming = (name: string, packageName: string | undefined) => ProjectNames;

async function askedPlace(
  terminal: CommandInput['terminal'],
  cwd: string,
  flagged: string | undefined,
  naming: Naming,
): Promise<{ readonly folder: string; readonly name: string }> {
  const name =
    flagged ??
    String(
      await terminal.ask({
        kind: 'text',
        message: 'What is the project called?',
        default: 'churn',
        problemWith: (text) => problemOf(() => naming(text, undefined)),
      }),
    );
  const folder = await terminal.ask({
    kind: 'text',
    message: 'In which folder?',
    default: `./${name}`,
    problemWith: (text) => problemOf(() => checkTarget(resolve(cwd, expanded(text)))),
  });
  return { folder: resolve(cwd, expanded(String(folder))), name };
}

/** `~/churn` as a shell would take it; at a prompt there is no shell. */
function expanded(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}

/** Relative where that is shorter to type. */
function shownFrom(cwd: string, folder: string): string {
  const path = relative(cwd, folder);
  if (path === '') return '.';
  return visible(path.startsWith('..') ? folder : path);
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function textOf(known: ReadonlyMap<string, Known>, key: string): string | undefined {
  const value = known.get(key)?.value;
  return typeof value === 'string' ? value : undefined;
}
