import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { goTool } from '../../scripts/tools.ts';
import { EmittedProject } from '../support/emitted.ts';
import { tempFolder } from '../support/folders.ts';

const MINUTES = 60_000;

/** What each action that we emit takes: `act` and the validators do not know an action that is named by its commit. */
const ACTION_INPUTS: Readonly<
  Record<string, { readonly required: readonly string[]; readonly optional: readonly string[] }>
> = {
  'actions/checkout': { required: [], optional: ['persist-credentials', 'ref', 'fetch-depth'] },
  'astral-sh/setup-uv': { required: [], optional: ['enable-cache', 'version', 'python-version'] },
  'actions/upload-artifact': {
    required: ['path'],
    optional: ['name', 'retention-days', 'if-no-files-found'],
  },
  'docker/login-action': { required: ['registry', 'username', 'password'], optional: [] },
};

interface WorkflowStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const project = EmittedProject.ready(['--name=acme-churn']);
const workflow = join(project.folder, '.github/workflows/ci.yml');
const release = join(project.folder, '.github/workflows/release.yml');

beforeAll(() => {
  project.must('uv', 'lock', '--quiet');
  project.must('git', 'init', '--quiet', '--initial-branch=main');
  commit('First');
});

function commit(message: string): void {
  project.must('git', 'add', '--all');
  project.must(
    'git',
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.com',
    'commit',
    '--quiet',
    '-m',
    message,
  );
}

function stepsIn(path: string): WorkflowStep[] {
  const { jobs }: { jobs: Record<string, { steps: WorkflowStep[] }> } = parse(readFileSync(path, 'utf8'));
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

/** A stand-in for every action but checkout, which act replaces itself. It fails where a required input is empty. */
function stubs(path: string): string[] {
  const folder = tempFolder();
  const used = new Set(stepsIn(path).flatMap(({ uses }) => (uses === undefined ? [] : [uses])));
  return [...used]
    .filter((reference) => !reference.startsWith('actions/checkout@'))
    .flatMap((reference) => {
      const name = reference.split('@')[0] ?? '';
      const inputs = ACTION_INPUTS[name];
      if (inputs === undefined) throw new Error(`${name} is not in the table of inputs`);
      const stub = join(folder, name.replace('/', '-'));
      mkdirSync(stub);
      const declared = [...inputs.required, ...inputs.optional].map(
        (input) => `  ${input}: {required: false}`,
      );
      const checks = inputs.required.map((input) => `test -n "\${{ inputs.${input} }}"`);
      const lines = [
        'name: stub',
        'description: stub',
        'inputs:',
        ...declared,
        'runs:',
        '  using: composite',
        '  steps:',
      ];
      writeFileSync(
        join(stub, 'action.yml'),
        [...lines, `    - run: ${[...checks, 'true'].join(' && ')}`, '      shell: bash', ''].join('\n'),
      );
      return ['--local-repository', `${reference}=${stub}`];
    });
}

/** Runs one workflow on the host; programs in `bin` come before those of the machine. */
function act(path: string, args: readonly string[] = [], bin?: string) {
  const env = bin === undefined ? [] : [`PATH=${bin}${delimiter}${process.env.PATH}`];
  const common = ['push', '-W', path, '-P', 'ubuntu-24.04=-self-hosted', '--pull=false', ...stubs(path)];
  return project.run('env', ...env, goTool('act'), ...common, ...args);
}

const ON_ONE_PYTHON = ['--matrix', 'python:3.11'];

describe('the emitted workflow', { timeout: 15 * MINUTES }, () => {
  it('passes actionlint, which refuses a broken one', () => {
    const actionlint = goTool('actionlint');
    expect(project.run(actionlint)).toEqual({ code: 0, text: '' });
    const broken = join(tempFolder(), 'ci.yml');
    writeFileSync(broken, readFileSync(workflow, 'utf8').replace('matrix.python', 'matrix.pyton'));
    expect(project.run(actionlint, broken)).toMatchObject({ code: 1 });
  });

  it('passes zizmor at its strictest, which refuses a broken one', () => {
    const zizmor = ['--quiet', 'zizmor@1.32.0', '--offline', '--persona', 'pedantic', '--no-progress'];
    expect(project.run('uvx', ...zizmor, '.')).toMatchObject({ code: 0 });
    const broken = join(tempFolder(), 'ci.yml');
    writeFileSync(
      broken,
      readFileSync(workflow, 'utf8')
        .replace('permissions: {}', 'permissions: write-all')
        .replace(/@[0-9a-f]{40}/, '@v7'),
    );
    expect(project.run('uvx', ...zizmor, broken).code).not.toBe(0);
  });

  it('fits the schema of GitHub, as do the updates', () => {
    const check = ['--quiet', 'check-jsonschema@0.39.0', '--builtin-schema'];
    project.must('uvx', ...check, 'vendor.github-workflows', workflow);
    project.must('uvx', ...check, 'vendor.dependabot', join(project.folder, '.github/dependabot.yml'));
  });

  it('gives every action only inputs that it has, and all that it needs', () => {
    for (const { uses = '', with: given = {} } of [...stepsIn(workflow), ...stepsIn(release)]) {
      if (uses === '') continue;
      const inputs = ACTION_INPUTS[uses.split('@')[0] ?? ''];
      expect([...(inputs?.required ?? []), ...(inputs?.optional ?? [])]).toEqual(
        expect.arrayContaining(Object.keys(given)),
      );
      expect(Object.keys(given)).toEqual(expect.arrayContaining([...(inputs?.required ?? [])]));
    }
  });

  it('runs on the host, job by job', () => {
    const { code, text } = act(workflow, ON_ONE_PYTHON);
    expect(text.slice(-3000)).toMatch(/Job succeeded/);
    expect(text.match(/Job succeeded/g)).toHaveLength(2);
    expect(code).toBe(0);
  });

  it('stops at a lint error, and does not train then', () => {
    const path = join(project.folder, 'src/acme_churn/ops/settings.py');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, `${before}import colorsys\n`);
    const { code, text } = act(workflow, ON_ONE_PYTHON);
    writeFileSync(path, before);
    expect(code).not.toBe(0);
    expect(text).toMatch(/F401|I001/);
    expect(text).not.toMatch(/Run the loop/);
  });

  it('says what to do when uv.lock was not committed', () => {
    project.must('git', 'rm', '--quiet', '--cached', 'uv.lock');
    project.must('rm', 'uv.lock');
    const { code, text } = act(workflow, [...ON_ONE_PYTHON, '--job', 'checks']);
    expect(code).not.toBe(0);
    expect(text).toMatch(/Run 'uv lock', then commit uv\.lock/);
  });
});

describe('the emitted release', { timeout: 10 * MINUTES }, () => {
  const bin = tempFolder();
  const calls = join(bin, 'calls');
  const released = () => {
    writeFileSync(calls, '');
    const ended = act(release, ['--secret', 'GITHUB_TOKEN=none'], bin);
    return { ...ended, calls: readFileSync(calls, 'utf8') };
  };

  beforeAll(() => {
    // There is no engine here: the two programs only write down how they were called.
    for (const name of ['docker', 'curl']) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${calls}'\n`, { mode: 0o755 });
    }
    const shared = tempFolder();
    writeFileSync(join(project.folder, 'conf/pipeline.yaml'), `store: {uri: "${shared}"}\n`);
    project.must('uv', 'lock', '--quiet');
    commit('Share the store');
  });

  it('builds nothing before there is a champion, and says what to do', () => {
    const { code, text, calls } = released();
    expect(code).not.toBe(0);
    expect(text).toMatch(/No champion yet: run, then publish/);
    expect(calls).toBe('');
  });

  it('builds nothing from a bundle that is not in the store', () => {
    project.must('uv', 'run', '--quiet', project.command, 'run');
    commit('First model');
    const { code, calls } = released();
    expect(code).not.toBe(0);
    expect(calls).toBe('');
  });

  it('takes the published champion, checks it, and pushes images of this release', () => {
    project.must('uv', 'run', '--quiet', project.command, 'publish');
    const { code, text, calls } = released();
    expect(text.slice(-3000)).toMatch(/Job succeeded/);
    expect(code).toBe(0);
    expect(calls).toMatch(/docker build --target batch/);
    expect(calls).toMatch(/docker build --target service[\s\S]*curl .*readyz[\s\S]*docker push ghcr\.io/);
  });
});
