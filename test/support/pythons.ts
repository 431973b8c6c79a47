import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const NEWEST_FIRST = ['3.14', '3.13', '3.12', '3.11'];

/** The interpreters at hand, by version, newest first. uv does not see those behind a version manager's shims. */
export function pythonsAtHand(): ReadonlyMap<string, string> {
  const found = NEWEST_FIRST.map((version): [string, string | undefined] => [version, pythonPath(version)]);
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function pythonPath(version: string): string | undefined {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, `python${version}`));
  const managed = versionsBelow(
    join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions'),
    version,
  );
  return [...managed, ...onPath].find((path) => isPython(path, version));
}

function versionsBelow(folder: string, version: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${version}.`))
    .map((name) => join(folder, name, 'bin/python'));
}

function isPython(path: string, version: string): boolean {
  if (!existsSync(path)) return false;
  const program = 'import sys; print("%d.%d" % sys.version_info[:2])';
  return spawnSync(path, ['-c', program], { encoding: 'utf8' }).stdout?.trim() === version;
}
