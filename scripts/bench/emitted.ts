import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureUv, toolEnv } from '../tools.ts';
import { type Case, SERVICE_PY } from './services.ts';

export interface Emitted {
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  /** The raw model, saved for MLflow. */
  readonly model: string;
  readonly cases: readonly Case[];
  readonly versions: ReadonlyMap<string, string>;
}

const CHOICES = ['--archetype=small-data', '--serving=both', '--model-framework=lightgbm', '--yes'];
const SHOWN = ['fastapi', 'uvicorn', 'lightgbm', 'numpy', 'pandas', 'mlflow'];

/** Emits a repository into `scratch`, installs it, and runs its loop, so that it has a champion. */
export function emittedRepository(scratch: string, packed: string): Emitted {
  ensureUv();
  const project = join(scratch, 'repository');
  const env = environment(project);
  const run = (cwd: string, program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const main = join(packed, 'dist/generators/cli/main.js');
  run(scratch, process.execPath, main, 'new', project, '--name=acme-churn', ...CHOICES);
  run(project, 'uv', 'sync', '--quiet');
  run(project, 'uv', 'run', 'acme-churn', 'run');
  const model = join(scratch, 'mlflow-model');
  const cases: readonly Case[] = JSON.parse(run(scratch, 'python', SERVICE_PY, 'save', project, model));
  const python = run(project, 'python', '--version').replace('Python', '').trim();
  const listed = run(project, 'uv', 'pip', 'list', '--format', 'json', '--python', '.venv');
  return { project, env, model, cases, versions: new Map([['Python', python], ...packageVersions(listed)]) };
}

function environment(project: string): NodeJS.ProcessEnv {
  const env = toolEnv();
  return {
    ...env,
    PATH: `${join(project, '.venv/bin')}:${env.PATH}`,
    MLFLOW_ALLOW_PICKLE_DESERIALIZATION: 'false',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    // Threads that spin would be counted as work. The emitted service asks for one thread by itself.
    OMP_NUM_THREADS: '1',
    VIRTUAL_ENV: undefined,
  };
}

function packageVersions(listed: string): readonly [string, string][] {
  const packages: readonly { readonly name: string; readonly version: string }[] = JSON.parse(listed);
  const shown = packages.filter(({ name }) => SHOWN.includes(name));
  return shown.map(({ name, version }) => [name, version]);
}
