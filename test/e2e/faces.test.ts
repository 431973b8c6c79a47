import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, tempFolder, withFiles } from '../support/folders.ts';
import { mlops, ROOT } from '../support/mlops.ts';
import { OnTerminal } from '../support/on-terminal.ts';

const FLAGS = ['--archetype=small-data', '--yes', '--name=acme-churn', '--serving=batch'];
const YO = join(ROOT, 'node_modules/.bin/yo');
const NEWEST = join(ROOT, 'test/e2e/fixtures/newest-environment.ts');

/** A folder in which Yeoman finds this checkout as an installed generator. */
function linked(): string {
  const folder = tempFolder();
  mkdirSync(folder, { recursive: true });
  symlinkSync(ROOT, join(folder, 'generator-mlops'));
  return folder;
}

const env: NodeJS.ProcessEnv = { ...process.env, NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' };

beforeAll(() => {
  env.NODE_PATH = linked();
  // As root `yo` becomes user 1000, who may not read everybody's checkout; test/e2e/packed.full.test.ts lets it.
  if (process.getuid?.() === 0) env.SUDO_UID = '-1';
});

function run(script: string, ...args: string[]) {
  return spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env,
    input: '',
    cwd: tempFolder(),
  });
}

describe('yo', () => {
  it('lists exactly our names', () => {
    const { stdout } = run(YO, '--generators');
    expect(
      stdout
        .trim()
        .split(/\s*\n\s*/)
        .slice(1),
    ).toEqual(['mlops', 'classify', 'regenerate']);
  });

  it('writes the same bytes as the program, in its own environment and in the newest', () => {
    const folder = tempFolder();
    expect(mlops(folder, 'new', 'bin', ...FLAGS)).toMatchObject({ code: 0 });
    const yo = run(YO, 'mlops', join(folder, 'yo'), ...FLAGS);
    expect([yo.status, yo.stderr]).toEqual([0, '']);
    const newest = run(NEWEST, 'mlops', join(folder, 'newest'), ...FLAGS);
    expect([newest.status, newest.stderr]).toEqual([0, '']);
    expect(contentsOf(join(folder, 'yo'))).toEqual(contentsOf(join(folder, 'bin')));
    expect(contentsOf(join(folder, 'newest'))).toEqual(contentsOf(join(folder, 'bin')));
  });

  it('prints the same JSON and ends with the same code', () => {
    const facts = ['--team-size=3', '--data-volume-gb=5', '--company-size=12', '--json'];
    const yo = run(YO, 'mlops:classify', ...facts);
    const bin = mlops(tempFolder(), 'classify', ...facts);
    expect([yo.status, yo.stdout]).toEqual([bin.code, bin.stdout]);
    expect(JSON.parse(bin.stdout)).toMatchObject({ schema: 1, status: 'final', archetype: 'small-data' });
  });

  it('finds the same in a folder with code', () => {
    const code = withFiles(tempFolder(), { 'requirements.txt': 'torch\npyspark\n' });
    const flags = ['--yes', '--json', `--detect=${code}`];
    const yo = run(YO, 'mlops:classify', ...flags);
    const bin = mlops(tempFolder(), 'classify', ...flags);
    expect([yo.status, yo.stdout]).toEqual([bin.code, bin.stdout]);
    expect(JSON.parse(bin.stdout).detected).toHaveLength(2);
  });

  it.each([
    [['mlops', 'x', '--bogus'], 2, /Unknown option --bogus/],
    [['mlops', 'x', '--archetype=hybrid', '--yes'], 2, /does not write it yet/],
    [['mlops', 'x', '--force'], 2, /never overwritten/],
    [['mlops', 'x', '--yes'], 3, /too few answers/],
    [['mlops', '/', '--yes', '--name=acme', '--archetype=small-data'], 5, /not a place for a project/],
    [['mlops:classify'], 2, /no answer and there is no terminal/],
    [['mlops:classify', '--team-size=-1'], 2, /cannot be negative/],
  ])('%j ends with %i and one sentence', (args, code, sentence) => {
    const { status, stderr } = run(YO, ...args);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(code);
  });

  it('shows our help and version, not its own', () => {
    expect(run(YO, 'mlops', '--help').stdout).toMatch(/^Usage: yo mlops \[DIR\]/);
    expect(run(YO, 'mlops:classify', '--help').stdout).toMatch(/^Usage: yo mlops:classify/);
    expect(run(YO, 'mlops:regenerate', '--help').stdout).toMatch(
      /^Usage: yo mlops:regenerate[\s\S]*--undo\[=N\]/,
    );
    expect(run(YO, 'mlops', '--version').stdout.trim()).toBe('0.1.0');
  });

  it('regenerates with the same bytes, JSON and code as the program', () => {
    const folder = tempFolder();
    for (const name of ['yo', 'bin']) expect(mlops(folder, 'new', name, ...FLAGS)).toMatchObject({ code: 0 });
    const args = ['--ci=none', '--license=mit', '--json'];
    const yo = spawnSync(process.execPath, [YO, 'mlops:regenerate', ...args], {
      cwd: join(folder, 'yo'),
      encoding: 'utf8',
      env,
    });
    const bin = mlops(join(folder, 'bin'), 'regenerate', ...args);
    expect([yo.status, yo.stdout]).toEqual([bin.code, bin.stdout]);
    expect(contentsOf(join(folder, 'yo/src'))).toEqual(contentsOf(join(folder, 'bin/src')));
    expect(readdirSync(join(folder, 'yo'))).toEqual(readdirSync(join(folder, 'bin')));
    const check = spawnSync(process.execPath, [YO, 'mlops:regenerate', '--python=3.12', '--check'], {
      cwd: join(folder, 'yo'),
      env,
    });
    expect(check.status).toBe(9);
  });

  it('asks on a terminal through the prompts of Yeoman, and writes after a yes', async () => {
    const folder = tempFolder();
    const choices = [
      '--archetype=small-data',
      '--python=3.11',
      '--license=mit',
      '--model-framework=lightgbm',
    ];
    const terminal = new OnTerminal(
      process.execPath,
      [YO, 'mlops', ...choices, '--ci=none', '--no-install'],
      folder,
      env,
    );
    await terminal.until('What is the project called?');
    terminal.enter('acme');
    await terminal.until('In which folder?');
    terminal.enter();
    await terminal.until('Who uses a prediction?');
    terminal.enter();
    await terminal.until('Write these files?');
    terminal.enter();
    await terminal.until('uv run acme run');
    expect(await terminal.exit()).toBe(0);
    expect(existsSync(join(folder, 'acme/mlops.yaml'))).toBe(true);
  });

  it('stops at Ctrl-C with one sentence and exit 130', async () => {
    const folder = tempFolder();
    const terminal = new OnTerminal(process.execPath, [YO, 'mlops'], folder, env);
    await terminal.until('What is the project called?');
    terminal.type('\u0003');
    expect(await terminal.exit()).toBe(130);
    expect(terminal.rest).toMatch(/Stopped before anything was written/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
