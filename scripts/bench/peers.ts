import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureUv, toolEnv } from '../tools.ts';

export const PEERS = { hygen: '6.2.11', copier: '9.19.1', cookiecutter: '2.7.1', cruft: '2.16.0' } as const;

const FOLDER = resolve(import.meta.dirname, '../../.cache/bench');

export interface PeerPrograms {
  /** A script for node. */
  readonly hygen: string;
  readonly copier: string;
  readonly cookiecutter: string;
  readonly cruft: string;
}

/** Installs the peers at exact versions into a folder that git ignores, and says where their programs are. */
export function peerPrograms(): PeerPrograms {
  const [node, python] = [join(FOLDER, 'node'), join(FOLDER, 'python')];
  const env = toolEnv();
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  run('npm', 'install', '--silent', '--no-save', '--prefix', node, `hygen@${PEERS.hygen}`);
  ensureUv();
  run('uv', 'venv', '--quiet', '--allow-existing', python);
  const wanted = (['copier', 'cookiecutter', 'cruft'] as const).map((name) => `${name}==${PEERS[name]}`);
  run('uv', 'pip', 'install', '--quiet', '--compile-bytecode', '--python', python, ...wanted);
  return {
    hygen: join(node, 'node_modules/hygen/dist/bin.js'),
    copier: join(python, 'bin/copier'),
    cookiecutter: join(python, 'bin/cookiecutter'),
    cruft: join(python, 'bin/cruft'),
  };
}
