import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/folders.ts';
import { followed, writeBlocks } from '../support/how-to.ts';
import { mlops, ROOT } from '../support/mlops.ts';

/** The program of a changed checkout. */
function run(checkout: string, ...args: string[]) {
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const target = join(tempFolder(), 'acme');
  const main = join(checkout, 'generators/cli/main.ts');
  const { status, stderr } = spawnSync(
    process.execPath,
    [main, 'new', target, '--archetype=small-data', '--yes', ...args],
    {
      encoding: 'utf8',
    },
  );
  return { status, stderr, target, main, file: (path: string) => readFileSync(join(target, path), 'utf8') };
}

describe('a person who follows the page', () => {
  it('adds a capability: its file is written and its line is in .gitignore', () => {
    const { status, stderr, file } = run(followed('add-a-capability.md'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(file('docs/onboarding.md')).toContain('Your first day with acme');
    expect(file('.gitignore').split('\n')).toContain('onboarding-notes/');
  });

  it('adds a choice: the flag decides the files, and mlops.yaml keeps it', () => {
    const { status, stderr, file } = run(followed('add-a-choice.md'), '--changelog=fragments');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(file('changes/README.md')).toContain('One file a change');
    expect(file('mlops.yaml')).toContain('changelog: fragments');
    expect(() => file('CHANGELOG.md')).toThrow();
  });

  it('adds a library that stays while a file of the user needs it', () => {
    const { status, file, target, main } = run(followed('add-a-choice.md'), '--changelog=fragments');
    expect(status).toBe(0);
    expect(file('pyproject.toml')).toContain('"towncrier>=24"');
    const page = () =>
      spawnSync(process.execPath, [main, 'regenerate', '--changelog=page'], {
        cwd: target,
        encoding: 'utf8',
      });
    writeFileSync(join(target, 'docs/own.md'), 'We run towncrier.\n');
    expect(page().stdout).toContain('towncrier stays in pyproject.toml: docs/own.md names it.');
    expect(file('pyproject.toml')).toContain('"towncrier>=24"');
    writeFileSync(join(target, 'docs/own.md'), 'We run nothing.\n');
    expect(page().status).toBe(0);
    expect(file('pyproject.toml')).not.toContain('towncrier');
  });

  it('adds a question: the flag is known, checked and saved', () => {
    const { status, stderr, file } = run(followed('add-a-question.md'), '--owned-data-sets=3');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(file('mlops.yaml')).toContain('owned_data_sets: 3');
    expect(file('.mlops/schema.json')).toContain('How many data sets have a named owner?');
  });

  it('adds a CI job: it is in the workflow', () => {
    const { status, stderr, file } = run(followed('add-a-ci-job.md'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(file('.github/workflows/ci.yml')).toContain('uv run python notebooks/explore.py');
  });

  it('writes a kit and a project from it, then its next version', () => {
    const home = tempFolder();
    writeBlocks('kits.md', home);
    expect(mlops(home, 'new', 'churn', '--kit=./acme-kit', '--yes').code).toBe(0);
    expect(readFileSync(join(home, 'churn/README.md'), 'utf8')).toBe('# churn\n\nRun `./run.sh`.\n');
    expect(statSync(join(home, 'churn/run.sh')).mode & 0o111).toBe(0o111);
    const manifest = join(home, 'acme-kit/kit.yaml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('1.0.0', '1.1.0'));
    writeFileSync(join(home, 'acme-kit/files/run.sh'), '#!/bin/sh\necho "train well"\n');
    expect(mlops(join(home, 'churn'), 'regenerate', '--kit=../acme-kit', '--yes').code).toBe(0);
    expect(readFileSync(join(home, 'churn/run.sh'), 'utf8')).toContain('train well');
  });
});
