import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tempFolder, withFiles } from '../support/folders.ts';
import { MAIN, mlops } from '../support/mlops.ts';
import { OnTerminal } from '../support/on-terminal.ts';
import { givenToUser, mlopsUnprivileged } from '../support/unprivileged.ts';

const CODE = {
  'pyproject.toml': '[project]\ndependencies = [\n  "torch",\n  "prometheus-client",\n]\n',
  'jobs/stream.py': 'from pyspark.sql import SparkSession\n',
  'README.md': 'HIPAA applies.\n',
};

function code(more: Readonly<Record<string, string>> = {}): string {
  return withFiles(tempFolder(), { ...CODE, ...more });
}

interface Classified {
  readonly evidence: readonly { question: string; source: string; where?: string }[];
  readonly findings: readonly { code: string }[];
  readonly detected?: readonly object[];
}

function classified(folder: string, ...args: string[]): Classified {
  return JSON.parse(mlops(folder, 'classify', '--yes', '--json', ...args).stdout);
}

describe('classify where there is code', () => {
  it('counts strong evidence, with its place, and shows the rest', () => {
    const { evidence, detected } = classified(code());
    expect(evidence.map(({ question, source, where }) => [question, source, where])).toEqual([
      ['big_data_tools', 'detected', 'jobs/stream.py:1'],
      ['frameworks', 'detected', 'pyproject.toml:3'],
    ]);
    expect(detected).toMatchObject([
      { question: 'frameworks', value: ['pytorch'], strength: 'strong', where: 'pyproject.toml:3' },
      { question: 'monitoring', value: 'partial', strength: 'weak', where: 'pyproject.toml:4' },
      { question: 'big_data_tools', value: ['spark'], strength: 'strong' },
      { question: 'regulation', strength: 'hint', where: 'README.md:1' },
    ]);
  });

  it('says what it found before the verdict, in words', () => {
    const { stdout } = mlops(code(), 'classify', '--yes');
    expect(stdout).toMatch(
      /Found in this folder:\n {2}frameworks: pytorch — pyproject\.toml:3: torch is a dependency[\s\S]*not counted unless you say so:\n {2}monitoring: partial[\s\S]*Worth a question:\n {2}regulation — README\.md:1[\s\S]*Why/,
    );
  });

  it('lets a flag, a flag that says unknown, and an answers file win', () => {
    const folder = code({ 'answers.yaml': 'facts: {big_data_tools: none}\n' });
    const { evidence } = classified(folder, '--frameworks=unknown', '--answers=answers.yaml');
    expect(evidence).toMatchObject([
      { question: 'big_data_tools', source: 'answer', where: 'answers.yaml:1' },
    ]);
  });

  it('reads nothing with --no-detect, and another folder with --detect=FOLDER', () => {
    expect(classified(code(), '--no-detect')).toMatchObject({ evidence: [] });
    expect(classified(code(), '--no-detect').detected).toBeUndefined();
    expect(classified(tempFolder(), `--detect=${code()}`).evidence).toHaveLength(2);
    expect(classified(code(), '--detect').evidence).toHaveLength(2);
  });

  it('notes an application of a language model, in which nothing is trained', () => {
    const folder = withFiles(tempFolder(), { 'requirements.txt': 'langchain\nopenai\n' });
    expect(classified(folder).findings.map(({ code: name }) => name)).toContain('LLM_APPLICATION');
    withFiles(folder, { 'requirements.txt': 'langchain\nopenai\nscikit-learn\n' });
    expect(classified(folder).findings.map(({ code: name }) => name)).not.toContain('LLM_APPLICATION');
  });

  it('does not let a number that is a lower bound contradict an answer', () => {
    const folder = code();
    const run = (...args: string[]) => execFileSync('git', args, { cwd: folder });
    run('init', '-q');
    for (const name of Array.from({ length: 24 }, (_, index) => `p${index % 4}`)) {
      const who = ['-c', `user.name=${name}`, '-c', `user.email=${name}@x`];
      run(...who, 'commit', '-q', '--allow-empty', '-m', 'x');
    }
    expect(classified(folder).evidence).toMatchObject([{ question: 'team_size', value: 4 }, {}, {}]);
    for (const flag of ['--data-scientists=9', '--teams-doing-ml=6', '--company-size=2']) {
      const codes = classified(folder, flag).findings.map(({ code: name }) => name);
      expect(codes.filter((name) => /EXCEED/.test(name))).toEqual([]);
    }
  });

  it('reads nothing by itself from what this generator wrote', () => {
    const folder = tempFolder();
    mlops(folder, 'new', 'churn', '--archetype=small-data', '--yes');
    expect(classified(join(folder, 'churn')).evidence).toEqual([]);
    expect(classified(join(folder, 'churn'), '--detect').evidence.length).toBeGreaterThan(0);
  });
});

describe('what was found, when it is saved', () => {
  it('stands in mlops.yaml with its place as a comment, and counts as said from then on', () => {
    const folder = code({ 'jobs/stream.py': '', 'odd\n# name/requirements.txt': 'pyspark\n' });
    mlops(folder, 'classify', '--yes', '--save', '--team-size=3');
    const text = readFileSync(join(folder, 'mlops.yaml'), 'utf8');
    expect(text).toContain('frameworks: [pytorch] # found: pyproject.toml:3\n');
    expect(text).toMatch(/team_size: 3\n/);
    expect(parse(text).facts).toEqual({
      team_size: 3,
      frameworks: ['pytorch'],
      big_data_tools: ['spark'],
    });
  });

  it('is added to a mlops.yaml that is there, beside what it says', () => {
    const folder = code({ 'mlops.yaml': '# ours\nschema: 1\nfacts: {frameworks: [xgboost]}\n' });
    const { code: exit } = mlops(folder, 'new', '.', '--name=x', '--archetype=small-data', '--yes');
    expect(exit).toBe(4);
    const target = withFiles(tempFolder(), { 'mlops.yaml': CODE_ANSWERS });
    expect(
      mlops(target, 'new', '.', '--name=x', '--archetype=small-data', '--yes', `--detect=${folder}`).code,
    ).toBe(0);
    const text = readFileSync(join(target, 'mlops.yaml'), 'utf8');
    expect(text).toMatch(/^# ours\n[\s\S]* {2}frameworks: \[ ?xgboost ?\]\n/);
    expect(text).toMatch(/ {2}big_data_tools: \[ ?spark ?\] # found: jobs\/stream\.py:1\n/);
    expect(parse(text).facts).toMatchObject({ frameworks: ['xgboost'], big_data_tools: ['spark'] });
  });
});

const CODE_ANSWERS = '# ours\nschema: 1\nfacts:\n  frameworks: [xgboost]\n';

describe('new where there is code', () => {
  it('overwrites nothing of it, and puts its own version beside what differs', () => {
    const folder = code();
    const before = readFileSync(join(folder, 'pyproject.toml'), 'utf8');
    const ran = mlops(folder, 'new', '.', '--name=x', '--archetype=small-data', '--yes');
    expect(ran.code).toBe(4);
    const now = readFileSync(join(folder, 'pyproject.toml'), 'utf8').split('\n');
    expect(now).toEqual(expect.arrayContaining(before.trimEnd().split('\n')));
    expect(ran.stdout).toMatch(/compare (\S+) with \1\.mlops-new/);
  });

  it('takes facts from a folder that is named, and keeps their places', () => {
    const folder = tempFolder();
    const ran = mlops(folder, 'new', 'x', '--archetype=small-data', '--yes', `--detect=${code()}`);
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/Found in \/\S+:\n/) });
    expect(readFileSync(join(folder, 'x/mlops.yaml'), 'utf8')).toContain('# found: pyproject.toml:3');
  });
});

describe('a folder to read that is no good', () => {
  it.each([
    [['--detect=gone'], /--detect=gone cannot be read: there is no such folder/],
    [['--detect=file'], /cannot be read: it is no folder/],
    [['--detect='], /its name is empty/],
    [['--detect', '--no-detect'], /exclude each other/],
    [['--detect=.', '--no-detect'], /exclude each other/],
    [['--no-detect=x'], /takes no value/],
  ])('is one sentence and exit 2: %j', (args, sentence) => {
    const folder = withFiles(tempFolder(), { file: '' });
    for (const command of [['classify'], ['new', 'x', '--archetype=small-data']]) {
      const { code: exit, stderr } = mlops(folder, ...command, '--yes', ...args);
      expect(exit).toBe(2);
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('may not be read', () => {
    const folder = givenToUser(tempFolder());
    chmodSync(folder, 0);
    const from = givenToUser(tempFolder());
    const { code: exit, stderr } = mlopsUnprivileged(from, 'classify', '--yes', `--detect=${folder}`);
    chmodSync(folder, 0o755);
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringMatching(/may not read/) });
  });
});

describe('on a terminal', () => {
  it('new reads the code where a person stands, when it asks where to write', async () => {
    const terminal = new OnTerminal(process.execPath, [MAIN, 'new'], code());
    await terminal.until('What is the project called?');
    terminal.enter('churn');
    await terminal.until('In which folder?');
    terminal.enter();
    expect(await terminal.until('Is what was found right?')).toMatch(/Found in this folder:[\s\S]*pytorch/);
    terminal.close();
  });

  const started = (...args: string[]) =>
    new OnTerminal(process.execPath, [MAIN, 'classify', ...args], code());

  it('a person takes what was found, and is asked what it raises', async () => {
    const terminal = started('--team-size=3', '--data-volume-gb=5', '--company-size=12');
    const screen = await terminal.until('Is what was found right?');
    expect(screen).toMatch(/Found in this folder:[\s\S]*pytorch/);
    terminal.enter();
    await terminal.until('Which rules apply to the models?');
    terminal.enter('hipaa');
    await terminal.until('Which roles are there in the ML and data team?');
    terminal.close();
  });

  it('a person corrects it, with what was found as the answer that Enter takes', async () => {
    const terminal = started('--team-size=3', '--data-volume-gb=5', '--company-size=12');
    await terminal.until('Is what was found right?');
    terminal.type('\u001b[B');
    terminal.enter();
    await terminal.until(/Which big-data tools are in use\?[^\n]*\(spark\)/);
    terminal.enter('none');
    await terminal.until(/Which ML frameworks are in use\?[^\n]*\(pytorch\)/);
    terminal.enter();
    await terminal.until('Which rules apply to the models?');
    terminal.close();
  });
});
