import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EmittedProject, type Ended } from '../support/emitted.ts';

const MINUTES = 60_000;

/** Real tables that Python packages ship, written as CSV into the project. */
const TABLES = `
import sys
from sklearn import datasets
for name in ("breast_cancer", "wine", "diabetes"):
    getattr(datasets, f"load_{name}")(as_frame=True).frame.to_csv(f"{name}.csv", index=False)
from palmerpenguins import load_penguins, load_penguins_raw
load_penguins().to_csv("penguins.csv", index=False)
load_penguins_raw().to_csv("penguins_raw.csv", index=False)
`;

interface Contract {
  readonly task: string;
  readonly columns: readonly { name: string; type: string; role?: string; note?: string }[];
}

const project = EmittedProject.ready(['--name=acme-churn', '--serving=batch']);

beforeAll(() => {
  writeFileSync(join(project.folder, 'tables.py'), TABLES);
  project.must(
    'uv',
    'run',
    '--quiet',
    '--with',
    'palmerpenguins',
    '--with',
    'setuptools<81',
    'python',
    'tables.py',
  );
  project.must('rm', 'tables.py');
}, 5 * MINUTES);

function useData(file: string, target: string): Ended {
  return project.verb('use-data', file, '--target', target, '--yes');
}

function contract(): Contract {
  return parse(readFileSync(join(project.folder, 'conf/data.yaml'), 'utf8'));
}

describe('use-data on real files', { timeout: 10 * MINUTES }, () => {
  it.each([
    ['breast_cancer.csv', 'target', 'binary'],
    ['wine.csv', 'target', 'multiclass'],
    ['diabetes.csv', 'target', 'regression'],
    ['penguins.csv', 'species', 'multiclass'],
    ['penguins_raw.csv', 'Sex', 'binary'],
  ])('%s: infers that %s is %s, and the loop runs on it', (file, target, task) => {
    expect(useData(file, target)).toMatchObject({ code: 0 });
    expect(contract().task).toBe(task);
    expect(contract().columns.find(({ role }) => role === 'target')?.name).toBe(target);
    const { code, text } = project.verb('run');
    expect(code, text.slice(-3000)).toBe(0);
    expect(text).toMatch(/gate\s/);
  });

  it('recognises missing values, ids, dates and what says the same as the target', () => {
    useData('penguins_raw.csv', 'Sex');
    const roles = new Map(contract().columns.map(({ name, role = 'feature' }) => [name, role]));
    expect(roles.get('Sex')).toBe('target');
    expect(contract().columns.find(({ name }) => name === 'Date Egg')?.type).toBe('date');
    expect(contract().columns.length).toBe(17);
    expect(roles.get('studyName')).not.toBe('target');
  });

  it('leaves all tests green afterwards', () => {
    expect(project.must('uv', 'run', '--quiet', 'pytest')).toMatch(/\d+ passed/);
  });
});

describe('use-data on a file that is no good', { timeout: 2 * MINUTES }, () => {
  const bad: Readonly<Record<string, string>> = {
    'no table': '%PDF-1.7 \u0000\u0001\u0002',
    'an empty file': '',
    'a header alone': 'a,b,y\n',
    'a target with one value': 'a,y\n1,0\n2,0\n3,0\n',
    'a column twice': 'a,a,y\n1,2,0\n3,4,1\n',
    'no such target': 'a,b\n1,2\n3,4\n',
  };

  it.each(Object.entries(bad))('%s: one sentence with what to do, and the contract stays', (name, text) => {
    const before = readFileSync(join(project.folder, 'conf/data.yaml'), 'utf8');
    writeFileSync(join(project.folder, 'bad.csv'), text);
    const ended = useData('bad.csv', 'y');
    expect([2, 12], `${name}: ${ended.text}`).toContain(ended.code);
    expect(ended.text).not.toMatch(/Traceback/);
    expect(ended.text.trim().split('\n').length).toBeLessThanOrEqual(4);
    expect(readFileSync(join(project.folder, 'conf/data.yaml'), 'utf8')).toBe(before);
  });

  it('says so when there is no such file', () => {
    expect(useData('nowhere.csv', 'y')).toMatchObject({
      code: 2,
      text: expect.not.stringMatching(/Traceback/),
    });
  });
});
