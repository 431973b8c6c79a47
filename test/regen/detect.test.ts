import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder, withFiles } from '../support/folders.ts';
import { kitAt, newFrom } from '../support/kits.ts';
import { MAIN, mlops } from '../support/mlops.ts';
import { OnTerminal } from '../support/on-terminal.ts';

let made = '';

beforeAll(() => {
  made = join(tempFolder(), 'churn');
  const ran = mlops(dirname(made), 'new', 'churn', '--archetype=small-data', '--yes', '--team-size=3');
  expect(ran.code).toBe(0);
});

/** A fresh copy of a small-data project, with files of its team. */
function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = join(tempFolder(), 'churn');
  cpSync(made, folder, { recursive: true });
  return withFiles(folder, files);
}

function text(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function edit(folder: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(folder, path), change(text(folder, path)));
}

/** The facts that `mlops.yaml` states, with their comments. */
function facts(folder: string): readonly string[] {
  return text(folder, 'mlops.yaml').match(/^ {2}[a-z_]+: .*(?=\n(?:.*\n)*choices:)/gm) ?? [];
}

const OWN = { 'jobs/daily.py': 'import pyspark\n', 'jobs/fast.py': 'import lightgbm\n' };

describe('regenerate --detect', () => {
  it('finds nothing in what this generator wrote, also where it was moved', () => {
    const folder = project();
    const { code, stdout } = mlops(folder, 'regenerate', '--detect', '--yes');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/Nothing was found/) });
    expect(stdout).toMatch(/Nothing to do/);
    mkdirSync(join(folder, 'host'));
    renameSync(join(folder, 'deploy/crontab'), join(folder, 'host/crontab'));
    edit(folder, 'mlops.yaml', (yaml) => yaml.replace('moved: {}', 'moved: {deploy/crontab: host/crontab}'));
    mlops(folder, 'regenerate', '--detect', '--yes');
    expect(facts(folder)).toEqual(['  team_size: 3']);
  });

  it('is not done unless it is asked for', () => {
    const folder = project(OWN);
    mlops(folder, 'regenerate', '--yes');
    expect(facts(folder)).toEqual(['  team_size: 3']);
  });

  it('saves under --yes what the team wrote says, with its place; the same again is nothing to do', () => {
    const folder = project(OWN);
    edit(folder, 'pyproject.toml', (toml) => toml.replace('dependencies = [\n', '$&  "torch",\n'));
    const { code, stdout } = mlops(folder, 'regenerate', '--detect', '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Found in this folder:[\s\S]*torch is\s+a dependency[\s\S]*answer big_data_tools/);
    expect(facts(folder)).toEqual([
      '  team_size: 3',
      expect.stringMatching(/^ {2}big_data_tools: \[spark\] # found: jobs\/daily\.py:1$/),
      expect.stringMatching(/^ {2}frameworks: \[lightgbm, pytorch\] # found: pyproject\.toml:\d+$/),
    ]);
    const again = mlops(folder, 'regenerate', '--detect', '--yes');
    expect(again.stdout).toMatch(/Nothing was found that is not known[\s\S]*Nothing to do/);
    expect(mlops(folder, 'regenerate', '--check').code).toBe(0);
  });

  it('writes nothing with --plan, and ends with 9 under --check where it finds something', () => {
    const folder = project(OWN);
    const before = text(folder, 'mlops.yaml');
    expect(mlops(folder, 'regenerate', '--detect', '--plan').code).toBe(0);
    expect(mlops(folder, 'regenerate', '--detect', '--check').code).toBe(9);
    expect(text(folder, 'mlops.yaml')).toBe(before);
  });

  it('gives way to a flag and to what is saved', () => {
    const folder = project(OWN);
    edit(folder, 'mlops.yaml', (yaml) => yaml.replace(/^ {2}# frameworks:.*$/m, '  frameworks: [xgboost]'));
    mlops(folder, 'regenerate', '--detect', '--yes', '--big-data-tools=dask');
    expect(facts(folder)).toEqual(
      expect.arrayContaining(['  big_data_tools: [dask]', '  frameworks: [xgboost]']),
    );
  });

  it('keeps its evidence where the facts are written in one line', () => {
    const folder = project(OWN);
    edit(folder, 'mlops.yaml', (yaml) =>
      yaml.replace(/facts:[\s\S]*(?=choices:)/, 'facts: {team_size: 3}\n'),
    );
    mlops(folder, 'regenerate', '--detect', '--yes');
    expect(text(folder, 'mlops.yaml')).toMatch(/big_data_tools: \[ ?spark ?\],? # found: jobs\/daily\.py:1/);
    expect(mlops(folder, 'regenerate', '--check').code).toBe(0);
  });

  it('looks at the whole project from a folder in it, and elsewhere by name', () => {
    const folder = project(OWN);
    mlops(join(folder, 'tests'), 'regenerate', '--detect', '--yes');
    expect(text(folder, 'mlops.yaml')).toContain('# found: jobs/daily.py:1');
    const other = withFiles(tempFolder(), { 'requirements.txt': 'ray\ndask\ntensorflow\n' });
    mlops(folder, 'regenerate', `--detect=${other}`, '--yes');
    expect(text(folder, 'mlops.yaml')).toContain('frameworks: [lightgbm] # found: jobs/fast.py:1');
    expect(mlops(folder, 'regenerate', '--detect=gone')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/there is no such folder/),
    });
  });

  it('is not fooled where a link to the project is named', () => {
    const folder = project();
    const link = join(tempFolder(), 'link');
    symlinkSync(folder, link);
    mlops(folder, 'regenerate', `--detect=${link}`, '--yes');
    expect(facts(folder)).toEqual(['  team_size: 3']);
  });

  it.each(['src', '..', '.'])(
    'is not fooled by what it wrote where a folder of the project is named: %s',
    (named) => {
      const folder = project();
      mlops(folder, 'regenerate', `--detect=${named}`, '--yes');
      expect(facts(folder)).toEqual(['  team_size: 3']);
    },
  );

  it('asks on a terminal whether what was found is right', async () => {
    const folder = project(OWN);
    const terminal = new OnTerminal(process.execPath, [MAIN, 'regenerate', '--detect'], folder);
    await terminal.until('Is what was found right?');
    terminal.type('\u001b[B\u001b[B');
    terminal.enter();
    await terminal.until('Nothing to do');
    expect(await terminal.exit()).toBe(0);
    expect(facts(folder)).toEqual(['  team_size: 3']);
  });

  it('is refused where it would have no effect', () => {
    expect(mlops(project(), 'regenerate', '--undo', '--detect').code).toBe(2);
    const home = tempFolder();
    newFrom(kitAt(join(home, 'kit'), { files: { a: '1\n' } }), join(home, 'churn'));
    expect(mlops(join(home, 'churn'), 'regenerate', '--detect')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/it has no facts/),
    });
  });
});
