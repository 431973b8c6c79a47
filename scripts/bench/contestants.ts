import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measure.ts';
import type { PeerPrograms } from './peers.ts';
import {
  cookiecutterTemplates,
  copierTemplates,
  type Files,
  hygenTemplates,
  writeFiles,
} from './templates.ts';

/** Who is compared with whom: what is written, and to which disk. */
export const GROUPS = {
  nothing: { files: 'nothing', memoryDisk: false },
  everything: { files: 'everything', memoryDisk: false },
  everythingInMemory: { files: 'everything', memoryDisk: true },
  visible: { files: 'visible', memoryDisk: false },
} as const;

export type Group = keyof typeof GROUPS;

export interface Contestant {
  readonly name: string;
  readonly group: Group;
  /** The command that writes the project into `target`, which does not exist; it runs in the folder above. */
  readonly command: (target: string) => Omit<Command, 'cwd'>;
}

/** The unpacked package, and the same from its sources. */
export interface Copies {
  readonly packed: string;
  readonly sources: string;
}

export const NAME = 'acme-churn';
const MAIN = 'dist/generators/cli/main.js';
const MEMORY_DISK = '/dev/shm';
const NEW = ['--archetype=small-data', '--yes'];
const FACTS = ['--team-size=3', '--data-volume-gb=5', '--company-size=12', '--json'];

export function ourContestants({ packed, sources }: Copies): readonly Contestant[] {
  const node = (name: string, group: Group, args: (target: string) => readonly string[]): Contestant => ({
    name,
    group,
    command: (target) => ({ program: process.execPath, args: args(target) }),
  });
  const main = join(packed, MAIN);
  const source = join(sources, 'generators/cli/main.ts');
  return [
    node('`node -e 0`', 'nothing', () => ['-e', '0']),
    node('`mlops --help`', 'nothing', () => [main, '--help']),
    node('`mlops classify --json`', 'nothing', () => [main, 'classify', ...FACTS]),
    node('`mlops new --plan`', 'nothing', (target) => [main, 'new', target, ...NEW, '--plan']),
    node('`mlops new`', 'everything', (target) => [main, 'new', target, ...NEW]),
    node('`mlops new`', 'everythingInMemory', (target) => [main, 'new', target, ...NEW]),
    node('`mlops new`, not bundled', 'everything', (target) => [source, 'new', target, ...NEW]),
  ];
}

/** The peers, with templates made of `files` in `folder`; the project's name is the only variable. */
export function peerContestants(
  folder: string,
  group: Group,
  files: Files,
  programs: PeerPrograms,
): readonly Contestant[] {
  const at = (name: string) => join(folder, group, name);
  const peer = (name: string, templates: Files, command: Contestant['command']): Contestant => {
    writeFiles(at(name), templates);
    return { name, group, command };
  };
  const names = ['kebab=acme-churn', 'snake=acme_churn'];
  const data = names.flatMap((name) => ['--data', name]);
  return [
    {
      ...peer('copy', files, (target) => ({
        program: 'sh',
        args: ['-c', '"$1" -e 0; cp -r "$2" "$3"', 'sh', process.execPath, at('copy'), target],
      })),
      name: '`node -e 0` and `cp -r`',
    },
    peer('hygen', hygenTemplates(files), () => ({
      program: process.execPath,
      args: [programs.hygen, 'project', 'new', ...names.map((name) => `--${name}`)],
      env: { HYGEN_TMPLS: at('hygen') },
    })),
    peer('cookiecutter', cookiecutterTemplates(files), () => ({
      program: programs.cookiecutter,
      args: ['--no-input', at('cookiecutter'), ...names],
    })),
    peer('copier', copierTemplates(files), (target) => ({
      program: programs.copier,
      args: ['copy', '--quiet', ...data, at('copier'), target],
    })),
  ];
}

/** An empty folder for one run. On a disk it stays until the end: some file systems make new files dearer after many
 * were deleted, and the next in turn would pay for that. */
export function inEmptyFolder<T>(scratch: string, { group }: Contestant, use: (empty: string) => T): T {
  const { memoryDisk } = GROUPS[group];
  const empty = mkdtempSync(join(memoryDisk ? MEMORY_DISK : scratch, 'mlops-bench-'));
  try {
    return use(empty);
  } finally {
    if (memoryDisk) rmSync(empty, { recursive: true });
  }
}
