import { accessSync, constants, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, parse, resolve } from 'node:path';
import { EXIT, MlopsError } from '../errors.ts';
import { reasonOf, textAt } from './text-file.ts';

/** Whether a folder is there and holds nothing. */
export function isEmptyFolder(folder: string): boolean {
  return existsSync(folder) && lstatSync(folder).isDirectory() && readdirSync(folder).length === 0;
}

/** Where a folder is once its links are followed. */
export function realFolder(folder: string): string {
  return realpathSync(folder);
}

/** Whether a folder holds nothing but the answers that a classification left. */
export function isClassified(folder: string): boolean {
  return readdirSync(folder).every((name) => name === 'mlops.yaml');
}

/** The root of the generated project that a folder is in: the nearest `mlops.yaml` with a `generator:` line. */
export function projectRootAbove(folder: string): string | undefined {
  return nearestAbove(folder, isProject);
}

/** As `projectRootAbove`, also where `mlops.yaml` is gone, is damaged, or was not written yet. */
export function writtenRootAbove(folder: string): string | undefined {
  const left = (at: string) => ['base.lock', 'txn'].some((name) => existsSync(join(at, '.mlops', name)));
  return nearestAbove(folder, (at) => isProject(at) || left(at));
}

function isProject(folder: string): boolean {
  const found = textAt(join(folder, 'mlops.yaml'));
  return found.kind === 'text' && /^generator:/m.test(found.text);
}

function nearestAbove(folder: string, isRoot: (at: string) => boolean): string | undefined {
  for (let at = realpathSync(nearestThere(folder)); ; at = dirname(at)) {
    if (isRoot(at)) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Whether a folder holds something of its owner's that can be read for facts: not a home, not what we wrote. */
export function isWorthReading(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true || !mayUse(folder, constants.R_OK)) return false;
  if (isHomeOrRoot(realpathSync(folder))) return false;
  return readdirSync(folder).some((name) => name !== 'mlops.yaml') && projectRootAbove(folder) === undefined;
}

function isHomeOrRoot(real: string): boolean {
  return real === realpathSync(homedir()) || real === parse(real).root;
}

/** Whether this user may enter a folder, and read or write in it. */
function mayUse(folder: string, right: number): boolean {
  try {
    accessSync(folder, right | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Refuses, before anything is written, a folder that must not be touched or cannot be written. */
export function checkTarget(folder: string): void {
  try {
    checkFolder(folder);
  } catch (error) {
    if (error instanceof MlopsError) throw error;
    throw refused(`${folder} cannot be used: ${reasonOf(error)}.`, 'Name another folder.');
  }
}

function checkFolder(folder: string): void {
  const there = nearestThere(folder);
  const real = realpathSync(there);
  if (resolve(folder) === there && isHomeOrRoot(real)) {
    throw refused(
      `${folder} is not a place for a project.`,
      'Name a new folder, for example mlops new churn.',
    );
  }
  if (!lstatSync(real).isDirectory()) {
    throw refused(`${there} is a file, so no project can be written there.`, 'Name another folder.');
  }
  const root = projectRootAbove(folder);
  if (root !== undefined) {
    throw refused(
      `${root} was written by this generator already.`,
      'Run mlops regenerate there to change it, or name a folder outside it.',
    );
  }
  if (!mayUse(real, constants.W_OK)) {
    throw refused(`${there} cannot be written by this user.`, `Choose another folder${loweredUserNote()}.`);
  }
}

function nearestThere(folder: string): string {
  let at = resolve(folder);
  while (lstatSync(at, { throwIfNoEntry: false }) === undefined) at = dirname(at);
  return at;
}

/** `yo` gives up root for user 1000, who may not write where root stands; the home folder is still root's. */
function loweredUserNote(): string {
  const uid = process.getuid?.() ?? 0;
  const home = lstatSync(homedir(), { throwIfNoEntry: false });
  return uid !== 0 && home?.uid === 0 && isYeoman()
    ? `, or use the program mlops, which stays root (yo runs as user ${uid})`
    : '';
}

function isYeoman(): boolean {
  return /\byo(\/|$|\.)/.test(process.argv[1] ?? '');
}

function refused(message: string, hint: string): MlopsError {
  return new MlopsError({ code: 'MLOPS_E_TARGET', exit: EXIT.refused, message, hint });
}

/** Whether a folder is, or lies in, a git work tree. */
export function isInsideGit(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}
