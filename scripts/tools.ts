import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Where programs go that the tests need and the machine may lack. Nothing outside this folder is changed. */
const FOLDER = resolve(import.meta.dirname, '../.cache/tools');

const UV = 'uv==0.13.9';

/** Go programs that check emitted CI, at exact versions. */
const GO_TOOLS = {
  actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  act: 'github.com/nektos/act@v0.2.89',
} as const;

/** The environment in which `uv` and Node of this project are found first. */
export function toolEnv(): NodeJS.ProcessEnv {
  const path = [join(FOLDER, 'bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, PATH: path, PYTHONPATH: undefined };
}

/** Makes sure that `uv` can be run, from the package index if the machine has none. */
export function ensureUv(): void {
  if (works('uv', ['--version'])) return;
  mkdirSync(FOLDER, { recursive: true });
  // --target needs neither a virtual environment nor the rights to change the system's Python.
  execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', FOLDER, UV], { stdio: 'inherit' });
}

/** The path of a Go program, built on first use. */
export function goTool(name: keyof typeof GO_TOOLS): string {
  const path = join(FOLDER, 'bin', name);
  if (!existsSync(path)) {
    execFileSync('go', ['install', GO_TOOLS[name]], {
      env: { ...process.env, GOBIN: join(FOLDER, 'bin') },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
  }
  return path;
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { env: toolEnv(), stdio: 'ignore' }).status === 0;
}

if (import.meta.main) {
  ensureUv();
  for (const name of Object.keys(GO_TOOLS)) goTool(name as keyof typeof GO_TOOLS);
}
