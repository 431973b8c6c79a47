import { describe, expect, it } from 'vitest';
import { EmittedProject } from '../support/emitted.ts';
import { pythonsAtHand } from '../support/pythons.ts';

const MINUTES = 60_000;
const pythons = [...pythonsAtHand()];
const [newest, oldest] = [pythons.at(0), pythons.at(-1)];

// Each distinct Python tree once on the oldest Python, and with a service also on the newest. The default tree on the
// oldest Python is test/emitted/default.test.ts; `online` has the tree of `both`.
const TREES = [
  { flags: ['--model-framework=lightgbm', '--serving=batch', '--ci=none', '--license=mit'], python: oldest },
  { flags: ['--model-framework=scikit-learn', '--serving=batch', '--license=apache-2.0'], python: oldest },
  { flags: ['--model-framework=scikit-learn', '--serving=online'], python: oldest },
  { flags: ['--model-framework=lightgbm', '--serving=both'], python: newest },
  { flags: ['--model-framework=scikit-learn', '--serving=both'], python: newest },
].map((tree) => ({ ...tree, name: tree.flags.join(' ') }));

it('has the oldest supported Python at hand', () => {
  expect(oldest?.[0]).toBe('3.11');
});

describe.each(TREES)(
  'a repository with $name on Python $python.0',
  { timeout: 10 * MINUTES },
  ({ flags, python }) => {
    it('is clean, runs twice and passes its own tests', () => {
      const project = EmittedProject.ready(
        ['--name=acme-churn', `--python=${python?.[0]}`, ...flags],
        python?.[1],
      );
      expect(project.must('uv', 'run', '--quiet', 'python', '--version')).toContain(python?.[0]);
      project.must('uv', 'run', '--quiet', 'ruff', 'check', '.');
      project.must('uv', 'run', '--quiet', 'ruff', 'format', '--check', '.');
      project.must('uv', 'run', '--quiet', 'mypy');
      expect(project.verb('run')).toMatchObject({ code: 0, text: expect.stringMatching(/is champion now/) });
      expect(project.verb('run')).toMatchObject({ code: 0, text: expect.stringMatching(/already champion/) });
      expect(project.must('uv', 'run', '--quiet', 'pytest')).toMatch(/\d+ passed/);
    });
  },
);
