import { basename, relative, resolve } from 'node:path';
import type { CommandInput } from '../cli/command.ts';
import { usageError } from '../core/errors.ts';
import { checkTarget, isEmptyFolder } from '../core/io/target.ts';
import { nameFromFolder, type ProjectNames, projectNames } from '../core/plan/project.ts';
import type { Known } from '../core/profile/profile.ts';

/** Where the repository goes, and what it is called. */
export interface Target {
  readonly folder: string;
  /** The folder as a person would type it after `cd`. */
  readonly shown: string;
  readonly project: ProjectNames;
}

/** From the argument, the name, or a question; refuses a folder that must not be touched before anything else is asked. */
export async function chosenTarget(
  { args, terminal, cwd }: CommandInput,
  known: ReadonlyMap<string, Known>,
): Promise<Target> {
  const [dir] = args.positionals;
  const flagged = textOf(known, 'name');
  if (dir !== undefined)
    return targetAt(resolve(cwd, dir), cwd, flagged ?? nameFromFolder(resolve(cwd, dir)), known);
  if (terminal.interactive && !args.switches.has('yes')) return askedTarget(terminal, cwd, flagged, known);
  if (isEmptyFolder(cwd)) return targetAt(cwd, cwd, flagged ?? nameFromFolder(cwd), known);
  throw usageError(
    'There is no folder to write to: this one is not empty.',
    'Name a new folder, for example mlops new churn --yes.',
  );
}

async function askedTarget(
  terminal: CommandInput['terminal'],
  cwd: string,
  flagged: string | undefined,
  known: ReadonlyMap<string, Known>,
): Promise<Target> {
  const name =
    flagged ??
    String(
      await terminal.ask({
        kind: 'text',
        message: 'What is the project called?',
        default: 'churn',
        problemWith: nameProblem,
      }),
    );
  const folder = await terminal.ask({
    kind: 'text',
    message: 'In which folder?',
    default: `./${name}`,
    problemWith: (text) => problemOf(() => checkTarget(resolve(cwd, text))),
  });
  return targetAt(resolve(cwd, String(folder)), cwd, name, known);
}

function targetAt(folder: string, cwd: string, name: string, known: ReadonlyMap<string, Known>): Target {
  const project = projectNames(name === '' ? basename(folder) : name, textOf(known, 'package'));
  checkTarget(folder);
  return { folder, shown: shownFrom(cwd, folder), project };
}

/** Relative where that is shorter to type. */
function shownFrom(cwd: string, folder: string): string {
  const path = relative(cwd, folder);
  if (path === '') return '.';
  return path.startsWith('..') ? folder : path;
}

function nameProblem(text: string): string | undefined {
  return problemOf(() => projectNames(text));
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
