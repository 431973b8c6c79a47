import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tempFolder, withFiles } from '../support/folders.ts';
import { mlops } from '../support/mlops.ts';
import { givenToUser, mlopsUnprivileged } from '../support/unprivileged.ts';

const SMALL = ['--archetype=small-data', '--yes', '--no-install'];

/** What a command that must not write left behind: nothing. */
function refused(folder: string, ...args: string[]) {
  const before = readdirSync(folder, { recursive: true }).sort();
  const ran = mlops(folder, ...args);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
  expect(ran.stderr).not.toMatch(/\n\s+at /);
  return ran;
}

describe('new without a terminal', () => {
  it('writes into a new folder and prints commands that can be pasted', () => {
    const folder = tempFolder();
    const { code, stdout } = mlops(folder, 'new', 'churn', ...SMALL);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /cd churn\n(?: {2}python3 -m pip install uv\n)? {2}git init\n {2}uv lock && git add uv.lock\n {2}uv run churn run/,
    );
    expect(existsSync(join(folder, 'churn/pyproject.toml'))).toBe(true);
  });

  it('takes the current folder when it is empty and none is named', () => {
    const folder = join(tempFolder(), 'my-model');
    mkdirSync(folder);
    expect(mlops(folder, 'new', ...SMALL).code).toBe(0);
    expect(parse(readFileSync(join(folder, 'mlops.yaml'), 'utf8')).project.package).toBe('my_model');
  });

  it('lists the questions that have no answer, as flags', () => {
    const { code, stderr } = refused(tempFolder(), 'new', 'churn');
    expect(code).toBe(2);
    expect(stderr).toMatch(/--archetype[\s\S]*--ci/);
  });

  it('keeps the reason for another kind, whatever its characters, in mlops.yaml', () => {
    const folder = tempFolder();
    const reason = `it's "ours": \${{ secrets.X }} $(id) # no\\n é ✓`;
    const { code } = mlops(folder, 'new', 'churn', ...SMALL, `--reason=${reason}`);
    expect(code).toBe(0);
    expect(parse(readFileSync(join(folder, 'churn/mlops.yaml'), 'utf8')).reason).toBe(reason);
  });

  it('takes facts and choices from an answers file, and lets a flag win', () => {
    const folder = withFiles(tempFolder(), {
      'answers.yaml': 'facts: {team_size: 3, data_volume_gb: 5 GB}\nchoices: {ci: none, license: mit}\n',
    });
    const { code } = mlops(
      folder,
      'new',
      'churn',
      ...SMALL,
      '--answers=answers.yaml',
      '--license=apache-2.0',
    );
    expect(code).toBe(0);
    const saved = parse(readFileSync(join(folder, 'churn/mlops.yaml'), 'utf8'));
    expect(saved).toMatchObject({
      facts: { team_size: 3, data_volume_gb: 5 },
      choices: { ci: 'none', license: 'apache-2.0' },
    });
    expect(existsSync(join(folder, 'churn/.github'))).toBe(false);
  });

  it('finds what classify saved, and keeps its comments', () => {
    const folder = tempFolder();
    mlops(folder, 'classify', '--team-size=3', '--data-volume-gb=5', '--company-size=12', '--save');
    writeFileSync(join(folder, 'mlops.yaml'), `# ours\n${readFileSync(join(folder, 'mlops.yaml'), 'utf8')}`);
    expect(mlops(folder, 'new', '.', '--name=churn', '--yes').code).toBe(0);
    const text = readFileSync(join(folder, 'mlops.yaml'), 'utf8');
    expect(text).toMatch(/^# ours\n/);
    expect(parse(text)).toMatchObject({
      facts: { team_size: 3 },
      archetype: 'small-data',
      choices: { ci: 'github' },
    });
  });

  it('takes a saved mlops.yaml with a byte order mark, and keeps it', () => {
    const folder = withFiles(tempFolder(), {
      'mlops.yaml': '\ufeff# ours\nschema: 1\nfacts:\n  team_size: 3\n',
    });
    expect(mlops(folder, 'new', '.', '--name=x', '--archetype=small-data', '--yes').code).toBe(0);
    expect(readFileSync(join(folder, 'mlops.yaml'), 'utf8')).toMatch(
      /^\ufeff# ours[\s\S]*team_size: 3[\s\S]*generator:/,
    );
    expect(mlops(folder, 'regenerate', '--check').code).toBe(0);
  });

  it('makes a saved mlops.yaml say what is written, also where its sections are empty', () => {
    const folder = withFiles(tempFolder(), {
      'a/mlops.yaml':
        'schema: 1\nproject: {name: foo, package: foopkg}\narchetype: big-data\nfacts:\n  # nothing yet\nchoices: {serving: batch, ci: none}\n',
    });
    const { code } = mlops(folder, 'new', 'a', ...SMALL, '--serving=both', '--team-size=4');
    expect(code).toBe(0);
    expect(parse(readFileSync(join(folder, 'a/mlops.yaml'), 'utf8'))).toMatchObject({
      generator: '0.1.0',
      project: { name: 'foo', package: 'foopkg', command: 'foo' },
      archetype: 'small-data',
      facts: { team_size: 4 },
      choices: { serving: 'both', ci: 'none', python: '3.11', license: 'proprietary' },
    });
    expect(existsSync(join(folder, 'a/src/foopkg'))).toBe(true);
  });

  it('needs no answer for a choice that has one value', () => {
    const choices = ['python=3.11', 'license=mit', 'model-framework=lightgbm', 'serving=batch', 'ci=none'];
    const flags = choices.map((choice) => `--${choice}`);
    expect(mlops(tempFolder(), 'new', 'churn', '--archetype=small-data', ...flags).code).toBe(0);
  });

  it('adopts what is there and identical', () => {
    const folder = tempFolder();
    mlops(folder, 'new', 'a', ...SMALL, '--name=churn');
    withFiles(join(folder, 'b'), { 'README.md': readFileSync(join(folder, 'a/README.md'), 'utf8') });
    const { stdout } = mlops(folder, 'new', 'b', ...SMALL, '--name=churn', '--json');
    const files: { path: string; op: string }[] = JSON.parse(stdout).files;
    expect(files.find(({ path }) => path === 'README.md')?.op).toBe('adopt');
  });
});

describe('new beside files that are there', () => {
  it('leaves a file that differs as it is, and puts its own beside it', () => {
    const folder = withFiles(tempFolder(), { 'churn/README.md': 'mine' });
    const { code, stdout } = mlops(folder, 'new', 'churn', ...SMALL, '--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'conflicts',
      nextSteps: expect.arrayContaining([
        'compare README.md with README.md.mlops-new, then rm README.md.mlops-new',
      ]),
    });
    expect(readFileSync(join(folder, 'churn/README.md'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'churn/README.md.mlops-new'), 'utf8')).toMatch(/^# churn/);
  });

  it('adds its own entries to a list that holds others', () => {
    const folder = withFiles(tempFolder(), { 'churn/.gitignore': 'secrets/\n' });
    const { code, stdout } = mlops(folder, 'new', 'churn', ...SMALL, '--json');
    expect([code, JSON.parse(stdout).backup]).toEqual([0, '.mlops/undo/1']);
    expect(readFileSync(join(folder, 'churn/.gitignore'), 'utf8')).toMatch(/^secrets\/\n[\s\S]*\.venv/);
  });
});

describe('--plan and --json', () => {
  it('say what would be written and write nothing', () => {
    const { code, stdout } = refused(tempFolder(), 'new', 'churn', ...SMALL, '--plan', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      status: 'planned',
      archetype: 'small-data',
      from: null,
      backup: null,
    });
  });

  it('are what the run then does', () => {
    const folder = tempFolder();
    const planned = JSON.parse(mlops(folder, 'new', 'churn', ...SMALL, '--plan', '--json').stdout);
    const written = JSON.parse(mlops(folder, 'new', 'churn', ...SMALL, '--json').stdout);
    expect(written.files).toEqual(planned.files);
    expect(written.status).toBe('written');
  });

  it('give an error in the documented shape', () => {
    const { code, stdout } = refused(
      tempFolder(),
      'new',
      'churn',
      ...SMALL,
      '--team-size=abc',
      '--data-volume-gb=-1',
      '--json',
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      error: { code: 'MLOPS_E_USAGE', exit: 2, hint: expect.any(String), details: [{}, {}] },
    });
  });
});

describe('a target that must not be touched', () => {
  it('is a file', () => {
    const folder = withFiles(tempFolder(), { churn: 'mine' });
    expect(refused(folder, 'new', 'churn', ...SMALL)).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/is a file/),
    });
  });

  it('is inside a generated project', () => {
    const folder = tempFolder();
    mlops(folder, 'new', 'churn', ...SMALL);
    expect(refused(folder, 'new', 'churn/src/inner', ...SMALL, '--name=inner')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/was written by this generator/),
    });
  });

  it('has a link in the way', () => {
    const folder = tempFolder();
    const elsewhere = tempFolder();
    mkdirSync(join(folder, 'churn'));
    symlinkSync(elsewhere, join(folder, 'churn/src'));
    expect(refused(folder, 'new', 'churn', ...SMALL).code).toBe(5);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it.each([
    ['lies below a file', 'file.txt/x'],
    ['is a link that leads nowhere', 'nowhere'],
    ['is a link in a circle', 'circle'],
    ['holds a folder called mlops.yaml', 'odd'],
    ['is an empty text', ''],
    ['has a name that is a device somewhere', 'con'],
  ])('%s', (_, target) => {
    const folder = withFiles(tempFolder(), { 'file.txt': 'mine', 'odd/mlops.yaml/x': '' });
    symlinkSync(join(folder, 'gone'), join(folder, 'nowhere'));
    symlinkSync(join(folder, 'circle'), join(folder, 'circle'));
    const { code, stderr } = mlops(folder, 'new', target, ...SMALL);
    expect([2, 5, 7]).toContain(code);
    expect(stderr).not.toMatch(/a bug of/);
  });

  it('is inside a generated project through a link', () => {
    const folder = tempFolder();
    mlops(folder, 'new', 'churn', ...SMALL);
    symlinkSync(join(folder, 'churn/src'), join(folder, 'link'));
    expect(mlops(folder, 'new', 'link/inner', ...SMALL)).toMatchObject({ code: 5 });
  });

  it('cannot be written', () => {
    const folder = givenToUser(tempFolder());
    chmodSync(folder, 0o555);
    expect(mlopsUnprivileged(folder, 'new', 'churn', ...SMALL)).toMatchObject({ code: 5 });
    chmodSync(folder, 0o755);
  });
});

describe('an answers file that is no good', () => {
  it.each([
    ['is not there', {}, /there is no such file/],
    ['is not YAML', { 'a.yaml': 'facts: [team_size\n' }, /a\.yaml:\d+:\d+/],
    [
      'holds unknown keys',
      { 'a.yaml': 'facts:\n  team_sise: 3\nchoises: {}\n' },
      /a\.yaml:2:3 {2}unknown key "team_sise"; did you mean team_size\?[\s\S]*a\.yaml:3:1/,
    ],
    [
      'holds values that are none',
      { 'a.yaml': 'team_size: many\ndata_volume_gb: -3\nci: gitlap\n' },
      /a\.yaml:1:1[\s\S]*a\.yaml:2:1[\s\S]*a\.yaml:3:1/,
    ],
    ['is a list', { 'a.yaml': '- 1\n' }, /expected answers/],
    ['is enormous', { 'a.yaml': `reason: ${'x'.repeat(300_000)}\n` }, /larger than/],
    ['answers with 10,000 characters', { 'a.yaml': `reason: ${'x'.repeat(10_000)}\n` }, /at most/],
  ])('%s', (_, files, sentence) => {
    const folder = withFiles(tempFolder(), files);
    const { code, stderr } = refused(folder, 'new', 'churn', ...SMALL, '--answers=a.yaml');
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});

describe('an answers file that never ends', () => {
  it.each(['/dev/zero', 'pipe'])('%s is refused at once', (path) => {
    const folder = tempFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const { code, stderr } = mlops(folder, 'new', 'churn', ...SMALL, `--answers=${path}`);
    expect(stderr).toMatch(/no ordinary file/);
    expect(code).toBe(2);
  });
});

describe('classify without a terminal', () => {
  it('takes the mlops.yaml of a project as answers', () => {
    const folder = tempFolder();
    mlops(folder, 'new', 'churn', ...SMALL, '--team-size=3', '--data-volume-gb=5', '--company-size=12');
    const { code, stdout } = mlops(join(folder, 'churn'), 'classify', '--answers=mlops.yaml', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ archetype: 'small-data', answered: 3 });
  });

  it('lists unknown keys, unknown options and bad values of flags and file in one go', () => {
    const folder = withFiles(tempFolder(), {
      'a.yaml': 'facts:\n  team_sise: 3\n  company_size: many\n  ml_engineers: .nan\ncolour: blue\n',
    });
    const { code, stdout } = mlops(
      folder,
      'classify',
      '--answers=a.yaml',
      '--bogus',
      '--team-size=-1',
      '--json',
    );
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout);
    expect([error.message, ...error.details.map(({ message }: { message: string }) => message)]).toEqual([
      'Unknown option --bogus.',
      'team_size cannot be negative.',
      expect.stringMatching(/unknown key "team_sise"; did you mean team_size/),
      expect.stringMatching(/company_size takes a number, not "many"/),
      expect.stringMatching(/ml_engineers takes a .*number/),
      expect.stringMatching(/unknown key "colour"/),
    ]);
    expect(error.details[1]).toMatchObject({ path: 'a.yaml', line: 2, column: 3 });
  });

  it('gives the verdict that is not final for --yes alone', () => {
    const { code, stdout } = mlops(tempFolder(), 'classify', '--yes', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'needs-more-information' });
  });
});

describe('--install', () => {
  it('leaves a complete repository when there is no uv', () => {
    const folder = tempFolder();
    const before = process.env.PATH;
    process.env.PATH = '/nonexistent';
    const { code, stdout } = mlops(
      folder,
      'new',
      'churn',
      '--archetype=small-data',
      '--yes',
      '--install',
      '--json',
    );
    process.env.PATH = before;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'written', install: 'failed' });
    expect(JSON.parse(stdout).nextSteps).toContain('python3 -m pip install uv');
  });
});

describe('the program', () => {
  it('names the nearest command', () => {
    expect(mlops(tempFolder(), 'clasify')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Did you mean mlops classify\?/),
    });
  });

  it.each([['--help'], ['new', '--help'], ['classify', '--help'], ['--version'], ['new', '--version']])(
    'answers %j %j',
    (...args) => {
      expect(mlops(tempFolder(), ...args)).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringMatching(/\S/),
      });
    },
  );
});
