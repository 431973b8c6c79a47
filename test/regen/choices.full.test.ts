import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { choiceQuestions, packageCatalog } from '../../generators/core/catalog/catalog.ts';
import { EmittedProject } from '../support/emitted.ts';
import { mlops } from '../support/mlops.ts';
import { pythonsAtHand } from '../support/pythons.ts';
import { codeIn, editAll, missingEdits, treeOf } from './fixtures/edited-project.ts';

const MINUTES = 60_000;
const MODEL = 'src/acme_churn/model.py';
const SERVING = 'src/acme_churn/ops/serving.py';
const pythons = pythonsAtHand();

interface Step {
  readonly there: string;
  readonly back: string;
  /** What the run says, beside the files. */
  readonly notes?: readonly RegExp[];
  /** Paths that stay although nothing asks for them. */
  readonly stays?: readonly string[];
  readonly goes?: readonly string[];
  /** What must be in pyproject.toml afterwards. */
  readonly brings?: RegExp;
  /** The tests to run, where all tests ran on each of its Python files before; else all. */
  readonly tests?: readonly string[];
}

// The tests that train with the user's two modules, and those that load bundles.
const OF_MINE = ['tests/test_mine.py', 'tests/ops/test_plugin.py'];
const OF_MODELS = [...OF_MINE, 'tests/ops/test_release.py'];

const STEPS: readonly Step[] = [
  {
    there: '--model-framework=scikit-learn',
    back: '--model-framework=lightgbm',
    notes: [/^lightgbm stays in .*pyproject\.toml: src\/acme_churn\/model\.py names it\. --restore=/],
    stays: [MODEL],
    brings: /"lightgbm>=[\s\S]*"onnxruntime>=[\s\S]*"skl2onnx>=/,
    tests: OF_MODELS,
  },
  {
    there: '--serving=batch',
    back: '--serving=both',
    notes: [/^fastapi stays in pyproject\.toml, .*: you edited src\/acme_churn\/ops\/serving\.py/],
    stays: [SERVING, 'tests/ops/test_serving.py'],
    brings: /"fastapi>=/,
  },
  { there: '--serving=online', back: '--serving=both', stays: [SERVING] },
  {
    there: '--ci=none',
    back: '--ci=github',
    stays: ['.github/workflows/ci.yml'],
    goes: ['.github/workflows/release.yml', '.github/dependabot.yml'],
  },
  { there: '--license=mit', back: '--license=proprietary', stays: ['LICENSE'], brings: /license = "MIT"/ },
  { there: '--license=apache-2.0', back: '--license=proprietary', brings: /license = "Apache-2\.0"/ },
  { there: '--python=3.12', back: '--python=3.11', brings: /target-version = "py312"/, tests: OF_MINE },
  { there: '--python=3.13', back: '--python=3.11', brings: /">=3\.13,/, tests: OF_MODELS },
];

let project: EmittedProject;
/** The states of the code that were found healthy. */
const checked = new Set<string>();
/** The Python files that all tests ran on. */
const tested = new Set<string>();

/** Runs `uv` with the Python that the project asks for. */
function uv(...args: readonly string[]): string {
  const wanted = /requires-python = ">=([\d.]+)/.exec(text('pyproject.toml'))?.[1] ?? '';
  const python = pythons.get(wanted);
  if (python === undefined) throw new Error(`there is no Python ${wanted} on this machine`);
  return project.must('env', `UV_PYTHON=${python}`, 'uv', ...args);
}

function text(path: string): string {
  return readFileSync(join(project.folder, path), 'utf8');
}

/**
 * The linters, the types, the loop and the tests of the repository as it is; once for each state of its code. Some
 * tests are enough where only packages or the Python differ from what all tests ran on.
 */
function expectHealthy(tests: readonly string[] = [], others: readonly string[] = []): void {
  uv('sync', '--quiet');
  const code = codeIn(project);
  if (checked.has(code)) return;
  const python = Object.entries(treeOf(project)).filter(([path]) => /^(src|tests)\/.*\.py$/.test(path));
  const isNew = ([path, content]: readonly [string, string]) => !tested.has(`${path} ${content}`);
  if (tests.length > 0) expect(python.filter(isNew).map(([path]) => path)).toEqual(others);
  uv('run', '--quiet', 'ruff', 'check', '.');
  uv('run', '--quiet', 'ruff', 'format', '--check', '.');
  uv('run', '--quiet', 'mypy');
  expect(uv('run', '--quiet', project.command, 'run')).toMatch(/champion/);
  expect(uv('run', '--quiet', 'pytest', ...tests)).toMatch(/\d+ passed/);
  checked.add(code);
  if (tests.length === 0) for (const [path, content] of python) tested.add(`${path} ${content}`);
}

interface Ran {
  readonly status: string;
  readonly notes: readonly string[];
  readonly files: readonly { readonly path: string; readonly op: string }[];
}

function regenerated(...flags: readonly string[]): Ran {
  const plans = [1, 2].map(() => mlops(project.folder, 'regenerate', ...flags, '--plan', '--json').stdout);
  expect(plans[0]).toBe(plans[1]);
  const { code, stdout, stderr } = mlops(project.folder, 'regenerate', ...flags, '--yes', '--json');
  expect({ code, stderr: stderr.match(/\n\s+at /) }, stdout + stderr).toEqual({ code: 0, stderr: null });
  const ran: Ran = JSON.parse(stdout);
  expect(ran.files).toEqual(JSON.parse(plans[0] ?? '').files);
  expect(missingEdits(project)).toEqual([]);
  expect(mlops(project.folder, 'regenerate', '--check').code).toBe(0);
  return ran;
}

describe('an edited small-data repository', { timeout: 8 * MINUTES }, () => {
  beforeAll(() => {
    project = EmittedProject.written(['--name=acme-churn'], pythons.get('3.11'));
    editAll(project);
    project.must('git', 'init', '--quiet');
    expectHealthy();
    project.must('git', 'add', '--all');
    project.must('git', '-c', 'user.name=U', '-c', 'user.email=u@example.org', 'commit', '-qm', 'Ours');
    expect(text('deploy/model.json')).toMatch(/"formats": \[\s*"lightgbm"\s*\]/);
  }, 8 * MINUTES);

  it('is led through each value of each choice', () => {
    const catalog = packageCatalog();
    const preset = catalog.presets.get('small-data');
    const others = preset === undefined ? [] : choiceQuestions(catalog, preset);
    const flags = others.flatMap((question) =>
      question.kind === 'choice'
        ? question.values
            .filter(({ value }) => value !== question.default)
            .map(({ value }) => `--${question.key.replaceAll('_', '-')}=${value}`)
        : [],
    );
    expect([...new Set(STEPS.map(({ there }) => there))].sort()).toEqual(flags.sort());
  });

  for (const step of STEPS) {
    const { there, back } = step;
    const wanted = /^--python=(.*)$/.exec(there)?.[1] ?? '3.11';
    it.skipIf(!pythons.has(wanted))(
      `keeps every edit, runs and is green with ${there}, and ${back} gives it back`,
      () => {
        const before = treeOf(project);
        const ran = regenerated(there);
        const after = treeOf(project);
        expect(ran.notes).toEqual((step.notes ?? []).map((note) => expect.stringMatching(note)));
        for (const path of step.stays ?? []) expect(after).toHaveProperty([path]);
        for (const path of step.goes ?? []) expect(after).not.toHaveProperty([path]);
        expect(text('pyproject.toml')).toMatch(step.brings ?? /./);
        expectHealthy(step.tests);
        regenerated(back);
        expect(treeOf(project)).toEqual(before);
      },
    );
  }

  it('loses the service whole, its library too, once the edit in it is taken back', () => {
    const edited = text(SERVING);
    writeFileSync(join(project.folder, SERVING), text(`.mlops/base/${SERVING}.base`));
    const before = treeOf(project);
    expect(mlops(project.folder, 'regenerate', '--serving=batch', '--yes').code).toBe(0);
    expect(treeOf(project)).not.toHaveProperty([SERVING]);
    expect(treeOf(project)).not.toHaveProperty(['tests/ops/test_serving.py']);
    expect(text('pyproject.toml')).not.toMatch(/fastapi|uvicorn|httpx/);
    expectHealthy();
    expect(mlops(project.folder, 'regenerate', '--serving=both', '--yes').code).toBe(0);
    expect(treeOf(project)).toEqual(before);
    writeFileSync(join(project.folder, SERVING), edited);
  });

  it('takes the new example on request, and keeps the library of the champion until nothing needs it', () => {
    const ran = mlops(
      project.folder,
      ...['regenerate', '--model-framework=scikit-learn', `--restore=${MODEL}`, '--yes', '--json'],
    );
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout).notes).toEqual([
      expect.stringMatching(/^lightgbm stays in .*: deploy\/model\.json names it\.$/),
    ]);
    expectHealthy(OF_MINE, [MODEL]);
    uv('run', '--quiet', project.command, 'publish', '--check');
    writeFileSync(
      join(project.folder, 'deploy/model.json'),
      text('deploy/model.json').replace('lightgbm', 'onnx'),
    );
    expect(mlops(project.folder, 'regenerate', '--yes').stdout).toMatch(
      /no file of yours names lightgbm any more/,
    );
    expect(text('pyproject.toml')).not.toMatch(/lightgbm/);
    expect(text('pyproject.toml')).toMatch(/U_library/);
  });
});
