import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Installed = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string };

/** Runs `uv sync` in a project, its progress on the terminal (or on standard error, where stdout carries JSON). */
export function installed(folder: string, quietStdout: boolean, signal: AbortSignal): Promise<Installed> {
  return new Promise((settle) => {
    const child = spawn('uv', ['sync'], {
      cwd: folder,
      stdio: ['ignore', quietStdout ? process.stderr : 'inherit', 'inherit'],
      signal,
    });
    child.on('error', (error) => settle({ kind: 'failed', reason: spawnProblem(error) }));
    child.on('close', (code) =>
      settle(
        code === 0
          ? { kind: 'done' }
          : { kind: 'failed', reason: `uv sync ended with ${code ?? 'a signal'}` },
      ),
    );
  });
}

function spawnProblem(error: Error): string {
  if (error.name === 'AbortError') return 'it was interrupted';
  return 'code' in error && error.code === 'ENOENT' ? 'uv is not installed' : error.message;
}

/** Whether a program can be found on the PATH. */
export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
