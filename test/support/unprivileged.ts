import { spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MAIN, type Ran } from './mlops.ts';

// The tests run as root in a container, whom no permission binds: what they deny is then tried as another user.
const IS_ROOT = process.getuid?.() === 0;
const USER = 1000;

/** A command as a user whom permissions bind. */
export function unprivileged(...command: readonly string[]): readonly [string, ...string[]] {
  const [program = '', ...rest] = command;
  if (!IS_ROOT) return [program, ...rest];
  return ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', program, ...rest];
}

/** Runs the bin as that user, in a folder that is given to them. */
export function mlopsUnprivileged(cwd: string, ...args: readonly string[]): Ran {
  const [program, ...rest] = unprivileged(process.execPath, MAIN, ...args);
  const { status, stdout, stderr } = spawnSync(program, rest, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    input: '',
  });
  return { code: status, stdout, stderr };
}

/** Gives a folder, and all that is in it, to that user, lets them reach it, and returns it. */
export function givenToUser(folder: string): string {
  const above = dirname(folder);
  if ((statSync(above).mode & 0o001) === 0) chmodSync(above, 0o755);
  if (!IS_ROOT) return folder;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const path of [folder, ...names.map((name) => join(folder, name))]) lchownSync(path, USER, USER);
  return folder;
}

/** What a call gives that is made as that user. */
export function asUser<T>(call: () => T): T {
  if (!IS_ROOT) return call();
  process.seteuid?.(USER);
  try {
    return call();
  } finally {
    process.seteuid?.(0);
  }
}
