import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EmittedProject } from '../support/emitted.ts';

const MINUTES = 60_000;

/** One change that takes a safeguard away; the emitted tests must turn red. */
interface Sabotage {
  readonly id: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly why: string;
  /** The emitted tests to run: those of the safeguard, so that a run takes seconds. */
  readonly tests: readonly string[];
}

const list: readonly Sabotage[] = parse(readFileSync(join(import.meta.dirname, 'sabotage.yaml'), 'utf8'));

describe('the emitted tests', { timeout: 3 * MINUTES }, () => {
  const project = EmittedProject.ready(['--name=acme-churn']);
  const pytest = (tests: readonly string[]) =>
    project.run('uv', 'run', '--quiet', 'pytest', '-x', '-q', ...tests.map((name) => `tests/ops/${name}`));

  it('are green while nothing is broken', () => {
    const all = [...new Set(list.flatMap(({ tests }) => tests))];
    expect(pytest(all)).toMatchObject({ code: 0 });
  });

  it('are known to be many', () => {
    expect(list.length).toBeGreaterThanOrEqual(25);
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
  });

  it.each(list)('turn red when $why ($id)', ({ file, find, replace, tests }) => {
    const path = join(project.folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text.split(find)).toHaveLength(2);
    writeFileSync(
      path,
      text.replace(find, () => replace),
    );
    try {
      const { code, text: output } = pytest(tests);
      // 1 is failed tests; a sabotage that only breaks the import proves nothing.
      expect(code, output.slice(-2000)).toBe(1);
      expect(output).not.toMatch(/SyntaxError|ImportError|NameError/);
    } finally {
      writeFileSync(path, text);
    }
  });
});
