import { spawnSync } from 'node:child_process';

const TIMEOUT_MS = 10_000;

// What uv says where no interpreter fits; any other failure says nothing about the interpreters.
const NONE_FOUND = /No interpreter found/;

/**
 * Whether the machine is known to lack a Python that fits a specifier such as `>=3.11,<3.15`. Asks uv, which downloads
 * nothing here and runs nothing that lies in a project.
 */
export function lacksPython(specifier: string): boolean {
  const args = ['python', 'find', '--no-project', '--no-config', '--system', '--offline', specifier];
  const { status, stderr } = spawnSync('uv', args, { cwd: '/', encoding: 'utf8', timeout: TIMEOUT_MS });
  return status !== 0 && NONE_FOUND.test(stderr ?? '');
}
