import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { clean } from './clean.ts';
import { ensureUv, toolEnv } from './tools.ts';

// The README's first command: a repository through the real `yo`, without a terminal, and its main job.
const ROOT = resolve(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? 'churn');

clean();
ensureUv();
const env = { ...toolEnv(), NODE_PATH: linkedPackages(), NO_UPDATE_NOTIFIER: '1', ...asRoot() };
const yo = join(ROOT, 'node_modules/.bin/yo');
// A trial that was cut short goes on where it stopped.
if (!existsSync(join(target, 'mlops.yaml'))) {
  run(process.execPath, [yo, 'mlops', target, '--archetype=small-data', '--name=churn', '--yes'], ROOT);
}
run('uv', ['run', 'churn', 'run'], target);

/** A folder in which `yo` finds this checkout as an installed generator. */
function linkedPackages(): string {
  const folder = join(ROOT, '.cache/link');
  mkdirSync(folder, { recursive: true });
  const link = join(folder, 'generator-mlops');
  if (!existsSync(link)) symlinkSync(ROOT, link);
  return folder;
}

/** `yo` gives up root for user 1000, who may not even read a checkout of root's; in a container there is nobody else. */
function asRoot(): NodeJS.ProcessEnv {
  return process.getuid?.() === 0 && process.env.SUDO_UID === undefined ? { SUDO_UID: '-1' } : {};
}

/** Runs a program on this terminal; its failure is ours. */
function run(program: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(program, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) process.stderr.write(`${program} cannot be run: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
