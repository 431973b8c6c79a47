import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { peopleSigns } from '../../generators/core/detect/people.ts';
import { gitAuthors } from '../../generators/core/io/git-authors.ts';
import { tempFolder, withFiles } from '../support/folders.ts';

function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
  });
}

/** A repository with commits by these people, in this order. */
function repository(authors: readonly string[], folder = tempFolder()): string {
  git(folder, 'init', '-q');
  for (const author of authors) git(folder, 'commit', '-q', '--allow-empty', '-m', 'x', `--author=${author}`);
  return folder;
}

async function peopleIn(folder: string) {
  return peopleSigns(await gitAuthors(folder, 5000), true).map(
    ({ value, strength }) => `${strength} ${value}`,
  );
}

const twice = (...authors: string[]) => [...authors, ...authors];
const ANNA = 'Anna <anna@acme.com>';
const BEN = 'Ben <ben@acme.com>';

describe('people in a history', () => {
  it('are those with two commits or more, without bots', async () => {
    const bots = [
      'dependabot[bot] <1+dependabot[bot]@users.noreply.github.com>',
      'Renovate <bot@renovateapp.com>',
    ];
    const folder = repository([
      ...twice(ANNA, BEN, ...bots),
      'Once <once@x.com>',
      ...twice(ANNA, BEN),
      ANNA,
      BEN,
    ]);
    expect(await peopleIn(folder)).toEqual(['strong 2']);
  });

  it('are one person where the name or the address is the same, or the mailmap says so', async () => {
    const names = [
      ANNA,
      'Anna <anna@home.org>',
      'anna k <anna@home.org>',
      'AK <ak@acme.com>',
      BEN,
      'benny <b@b.org>',
    ];
    const folder = repository(twice(...names));
    expect(await peopleIn(folder)).toEqual(['strong 4']);
    withFiles(folder, { '.mailmap': 'Anna <anna@acme.com> <ak@acme.com>\nBen <ben@acme.com> <b@b.org>\n' });
    expect(await peopleIn(folder)).toEqual(['strong 2']);
  });

  it('are weak evidence while the history is short or of one person, or nothing of data was seen', async () => {
    expect(await peopleIn(repository(twice(ANNA, BEN)))).toEqual(['weak 2']);
    const alone = repository(Array.from({ length: 12 }, () => ANNA));
    expect(await peopleIn(alone)).toEqual(['weak 1']);
    const many = Array.from({ length: 20 }, (_, index) => ({
      name: `p${index % 5}`,
      email: `p${index % 5}`,
    }));
    expect(peopleSigns({ kind: 'commits', commits: many }, false)).toMatchObject([
      { strength: 'weak', value: 5 },
    ]);
  });

  it('are those of the last year', async () => {
    const folder = repository(twice(ANNA));
    const env = {
      ...process.env,
      GIT_AUTHOR_DATE: '2019-01-01T00:00:00Z',
      GIT_COMMITTER_DATE: '2019-01-01T00:00:00Z',
    };
    const old = tempFolder();
    git(old, 'init', '-q');
    const commit = ['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-q', '--allow-empty', '-m', 'x'];
    for (let n = 0; n < 3; n += 1) execFileSync('git', commit, { cwd: old, env });
    expect(await peopleIn(old)).toEqual([]);
    expect(await peopleIn(folder)).toEqual(['weak 1']);
  });

  it('are those who changed the folder, where it is part of a repository', async () => {
    const folder = repository([]);
    for (const [index, author] of [ANNA, ANNA, BEN, BEN].entries()) {
      withFiles(folder, { [`${author === ANNA ? 'ml' : 'web'}/${index}`]: 'x' });
      git(folder, 'add', '.');
      git(folder, 'commit', '-qm', 'x', `--author=${author}`);
    }
    expect(await peopleIn(join(folder, 'ml'))).toEqual(['weak 1']);
    expect(await peopleIn(folder)).toEqual(['weak 2']);
  });
});

describe('a history that cannot be read', () => {
  it('is unknown, with the reason', async () => {
    expect(await gitAuthors(tempFolder(), 5000)).toEqual({
      kind: 'unknown',
      reason: 'it is no git repository',
    });
    expect(await gitAuthors(repository([]), 5000)).toEqual({
      kind: 'unknown',
      reason: 'it has no commits yet',
    });
    const broken = repository(twice(ANNA));
    rmSync(join(broken, '.git/objects'), { recursive: true });
    expect(await gitAuthors(broken, 5000)).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['is not there', undefined, 'git is not installed'],
    ['never ends', '#!/bin/sh\nexec sleep 60\n', 'git took too long'],
    ['fails', '#!/bin/sh\nexit 1\n', 'git cannot read its history'],
  ])('is unknown where git %s', async (_, script, reason) => {
    const programs = tempFolder();
    if (script !== undefined) writeFileSync(join(programs, 'git'), script, { mode: 0o755 });
    const before = process.env.PATH;
    process.env.PATH = script === undefined ? programs : `${programs}:${before}`;
    const authors = await gitAuthors(tempFolder(), 300);
    process.env.PATH = before;
    expect(authors).toEqual({ kind: 'unknown', reason });
  });

  it.runIf(process.getuid?.() === 0)('is unknown where the repository belongs to another user', async () => {
    const folder = repository(twice(ANNA));
    for (const path of [folder, join(folder, '.git')]) chownSync(path, 4242, 4242);
    const before = process.env.HOME;
    process.env.HOME = tempFolder();
    const authors = await gitAuthors(folder, 5000);
    process.env.HOME = before;
    expect(authors).toEqual({ kind: 'unknown', reason: 'the repository belongs to another user' });
  });
});

/** Makes the last commit look signed, so that a git that checks signatures starts gpg. */
function sign(folder: string): void {
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n';
  const commit = git(folder, 'cat-file', 'commit', 'HEAD').replace('\n\n', `\n${signature}\n`);
  writeFileSync(join(folder, '.git/signed'), commit);
  const id = git(folder, 'hash-object', '-t', 'commit', '-w', '.git/signed').trim();
  git(folder, 'update-ref', 'HEAD', id);
}

describe('a hostile repository', () => {
  /** A repository whose every setting that could start a program starts one that leaves a mark. */
  function hostile(): { folder: string; mark: string } {
    const folder = repository(twice(ANNA, BEN));
    sign(folder);
    const mark = join(tempFolder(), 'mark');
    const script = join(folder, 'evil.sh');
    writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> ${mark}\n`);
    chmodSync(script, 0o755);
    const settings = [
      'core.fsmonitor',
      'core.pager',
      'pager.log',
      'core.sshCommand',
      'core.askPass',
      'core.editor',
      'diff.external',
      'diff.evil.textconv',
      'diff.evil.command',
      'filter.evil.clean',
      'filter.evil.smudge',
      'gpg.program',
      'gpg.ssh.program',
      'core.alternateRefsCommand',
      'core.gitProxy',
      'credential.helper',
      'sequence.editor',
      'uploadpack.packObjectsHook',
      'interactive.diffFilter',
    ];
    for (const name of settings) git(folder, 'config', name, script);
    git(folder, 'config', 'alias.log', `!${script}`);
    git(folder, 'config', 'core.hooksPath', folder);
    git(folder, 'config', 'log.showSignature', 'true');
    git(folder, 'config', 'log.diffMerges', 'on');
    git(folder, 'config', 'mailmap.file', '/etc/passwd');
    git(folder, 'config', 'protocol.ext.allow', 'always');
    git(folder, 'config', 'protocol.ssh.allow', 'always');
    for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout'])
      symlinkSync(script, join(folder, hook));
    withFiles(folder, { '.gitattributes': '* diff=evil filter=evil\n', 'a.txt': 'x' });
    return { folder, mark };
  }

  it('starts no program while its authors are read, and is not changed', async () => {
    const { folder, mark } = hostile();
    const before = readdirSync(folder, { recursive: true }).sort();
    expect(await peopleIn(folder)).toEqual(['weak 2']);
    expect(existsSync(mark)).toBe(false);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  });

  it.each(['ext::{}', 'ssh://acme.invalid/x'])('fetches no missing object from %s', async (url) => {
    const { folder, mark } = hostile();
    const parent = git(folder, 'rev-parse', 'HEAD~1').trim();
    git(folder, 'config', 'remote.origin.url', url.replace('{}', join(folder, 'evil.sh')));
    git(folder, 'config', 'remote.origin.promisor', 'true');
    git(folder, 'config', 'extensions.partialClone', 'origin');
    git(folder, 'config', 'core.repositoryFormatVersion', '1');
    rmSync(join(folder, '.git/objects', parent.slice(0, 2), parent.slice(2)));
    expect(await gitAuthors(folder, 5000)).toMatchObject({ kind: 'unknown' });
    expect(existsSync(mark)).toBe(false);
  });

  it('starts no git of its own, where the way to programs leads through it', async () => {
    const { folder, mark } = hostile();
    symlinkSync(join(folder, 'evil.sh'), join(folder, 'git'));
    const before = process.env.PATH;
    process.env.PATH = `.:${before}`;
    const people = await peopleIn(folder);
    process.env.PATH = before;
    expect([people, existsSync(mark)]).toEqual([['weak 2'], false]);
  });

  it('would start programs without the settings that are given: the test can fail', () => {
    const { folder, mark } = hostile();
    try {
      git(folder, 'status');
    } catch {
      // The monitor says nothing that git understands.
    }
    expect(existsSync(mark)).toBe(true);
  });
});
