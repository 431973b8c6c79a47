import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

export interface Commit {
  readonly name: string;
  readonly email: string;
}

export type GitAuthors =
  | { readonly kind: 'commits'; readonly commits: readonly Commit[] }
  | { readonly kind: 'unknown'; readonly reason: string };

const MOST_COMMITS = 20_000;

/**
 * The authors of one year's commits that touch a folder, after the mailmap.
 *
 * The repository may be anybody's, and git does what its configuration says. `log` without a patch needs no hook,
 * no filter, no textconv and no index; what it could still be made to run is switched off here: a pager, gpg for
 * signatures, and a fetch of objects that are missing. `test/detect/people.test.ts` tries them all.
 * A repository of another user is refused by git itself, and then the authors are unknown.
 */
export function gitAuthors(folder: string, timeoutMs: number): Promise<GitAuthors> {
  const below = existsSync(join(folder, '.git')) ? [] : ['--', '.'];
  const options = { cwd: folder, env: environment(), timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024 };
  return new Promise((settle) => {
    execFile('git', [...SAFE, ...LOG, ...below], options, (error, stdout, stderr) => {
      if (error === null) settle({ kind: 'commits', commits: commitsIn(stdout) });
      else settle({ kind: 'unknown', reason: reasonFor(error, stderr) });
    });
  });
}

const SETTINGS = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.pager=cat',
  'core.sshCommand=false',
  'core.askPass=false',
  'diff.external=',
  'gpg.program=false',
  'gpg.ssh.program=false',
  'gpg.x509.program=false',
  'log.showSignature=false',
  'log.follow=false',
  'mailmap.file=',
  'mailmap.blob=',
  'protocol.allow=never',
];
const SAFE = ['--no-pager', '--no-optional-locks', ...SETTINGS.flatMap((setting) => ['-c', setting])];
const LOG = [
  'log',
  '--since=1.year',
  `--max-count=${MOST_COMMITS}`,
  '--no-show-signature',
  '--no-patch',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--use-mailmap',
  '--format=tformat:%aN%x09%aE',
];

/** The person's own environment, without what would point git elsewhere, or to a git in the folder that is read. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return {
    ...Object.fromEntries(kept),
    PATH: folders.join(delimiter),
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    GIT_SSH_COMMAND: 'false',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
}

function commitsIn(stdout: string): Commit[] {
  return stdout
    .split('\n')
    .filter((line) => line.includes('\t'))
    .map((line) => {
      const at = line.lastIndexOf('\t');
      return { name: line.slice(0, at), email: line.slice(at + 1) };
    });
}

function reasonFor(error: Error, stderr: string): string {
  if ('code' in error && error.code === 'ENOENT') return 'git is not installed';
  if ('killed' in error && error.killed === true) return 'git took too long';
  if (stderr.includes('dubious ownership')) return 'the repository belongs to another user';
  if (stderr.includes('not a git repository')) return 'it is no git repository';
  if (stderr.includes('does not have any commits')) return 'it has no commits yet';
  return 'git cannot read its history';
}
