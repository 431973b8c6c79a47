import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/mlops.ts';

function textsIn(folder: string): string {
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.ts'));
  return names.map((name) => readFileSync(join(ROOT, folder, name), 'utf8')).join('\n');
}

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, code = '']) => code))].sort();
}

const CODES = found(textsIn('generators/core/doctor/checks'), /'([A-Z]+(?:_[A-Z]+)+|MARKERS)'/g).filter(
  (code) => !/^MLOPS_E_|^(MAX|NOT)_/.test(code),
);

it('sees the codes of all checks', () => {
  expect(CODES.length).toBeGreaterThan(25);
});

it('lists every code in docs/doctor.md, with the severity that it has', () => {
  const [, problems = '', notes = ''] = readFileSync(join(ROOT, 'docs/doctor.md'), 'utf8').split(
    /^## (?:Problems|Notes)$/m,
  );
  const rows = (text: string) =>
    found(
      text
        .split('\n')
        .map((line) => line.split('|')[1] ?? '')
        .join('\n'),
      /`([A-Z_]+)`/g,
    );
  expect([...rows(problems), ...rows(notes)].sort()).toEqual(CODES);
  const source = textsIn('generators/core/doctor/checks');
  expect(rows(notes)).toEqual(found(source, /note\(\s*'([A-Z_]+)'/g));
});

it('has a test that makes a project ill for every code', () => {
  const tests = textsIn('test/doctor');
  expect(CODES.filter((code) => !tests.includes(`'${code}'`))).toEqual([]);
});
