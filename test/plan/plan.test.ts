import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emittedPath, parseEmittedPath } from '../../generators/core/plan/emitted-path.ts';
import { globMatches } from '../../generators/core/plan/glob.ts';
import { projectNames } from '../../generators/core/plan/project.ts';
import { parseRelPath } from '../../generators/core/rel-path.ts';
import { smallCatalog } from '../support/small-catalog.ts';
import { projectFrom, textsIn } from '../support/small-project.ts';

const NAMES = { package: 'acme_churn', name: 'acme-churn' };

describe('the path of an emitted file', () => {
  it('takes the names, the leading dot and drops the suffix of a template', () => {
    expect(emittedPath('src/__package__/dot_env.ejs', NAMES)).toBe('src/acme_churn/.env');
  });

  it.each([
    '/etc/passwd',
    '../x',
    'a/../b',
    'a/./b',
    'a//b',
    'a/',
    '',
    'C:/x',
    'a\\b',
    'a\0b',
    'con',
    'x/aux.txt',
    'a.',
    'a ',
    '.git/config',
    'a/.GIT/hooks',
    'dot_git/config',
    'dot_mlops/base',
    'mlops.yaml',
    'MLOPS.YAML',
    'a\u202eb',
    'a:b',
    'a?b',
    `${'a/'.repeat(600)}b`,
    'x'.repeat(300),
  ])('refuses path %#', (path) => {
    expect(() => emittedPath(path, NAMES)).toThrow(/cannot be written/);
  });

  it.each(['a b ', 'a\nb', 'a?*b', '"a"', 'ab:c', 'a\\b', '-a', 'caf\u00e9', '\u{1f469}\u200d\u{1f4bb}'])(
    'may be odd in a kit, as long as it is safe: %j',
    (path) => expect(parseEmittedPath(path, NAMES)).toEqual({ kind: 'path', path }),
  );

  it('is never one that leaves the folder, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = parseRelPath(text);
        if (result.kind === 'refused') return;
        expect(result.path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')).toBe(
          true,
        );
        expect(result.path.startsWith('/')).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a pattern', () => {
  it.each([
    ['a/b.py', 'a/b.py', true],
    ['a/*.py', 'a/b.py', true],
    ['a/*.py', 'a/c/b.py', false],
    ['a/**', 'a/c/b.py', true],
    ['**/b.py', 'b.py', true],
    ['**/b.py', 'x/y/b.py', true],
    ['a.py', 'abpy', false],
  ])('%s on %s is %s', (pattern, path, matches) => {
    expect(globMatches(pattern, path)).toBe(matches);
  });
});

describe('a plan', () => {
  it('lays a condition-named folder only when its condition holds', () => {
    const catalog = smallCatalog();
    expect(Object.keys(textsIn(projectFrom(catalog, { colour: 'red' })))).toContain('red.txt');
    expect(Object.keys(textsIn(projectFrom(catalog, { colour: 'blue' })))).not.toContain('red.txt');
  });

  it('sorts a set and keeps the order of blocks', () => {
    const text = textsIn(projectFrom(smallCatalog(), { colour: 'blue' }))['list.txt'];
    expect(text).toBe('items:\nalpha\nbeta\ngamma\nnotes:\nfirst\nacme-churn is blue\n');
  });

  it('gives modes and policies from the manifest, not from the file', () => {
    const { tree } = projectFrom(smallCatalog());
    const facts = [...tree.values()].map(({ path, mode, policy }) => [path, mode, policy]);
    expect(facts).toContainEqual(['run.sh', 0o755, 'managed']);
    expect(facts).toContainEqual(['src/acme_churn/mine.py', 0o644, 'seed']);
  });

  it('refuses two owners of one path, also when only the case differs', () => {
    expect(() => projectFrom(smallCatalog({ 'capabilities/extra/files/RUN.sh': 'x' }))).toThrow(
      /written by both/,
    );
  });

  it('refuses a fragment for a slot that nobody declares', () => {
    const catalog = smallCatalog({ 'capabilities/extra/fragments/list.txt/nothing': 'x' });
    expect(() => projectFrom(catalog)).toThrow(/a slot that no file declares/);
  });

  it.each(['run.sh/inside.txt', 'run.sh.base/inside.txt'])(
    'refuses %s beside run.sh: they or their bases overlap',
    (path) => {
      const catalog = smallCatalog({ [`capabilities/extra/files/${path}`]: 'x' });
      expect(() => projectFrom(catalog)).toThrow(/is the place of another file/);
    },
  );

  it('names template, line and column where a template says an unknown name', () => {
    const catalog = smallCatalog({ 'capabilities/extra/files/new.txt.ejs': 'one\n<%= project.nane %>\n' });
    expect(() => projectFrom(catalog)).toThrow(/capabilities\/extra\/files\/new\.txt\.ejs/);
  });
});

describe('a pattern', () => {
  it.each([
    ['*.txt', 'a.txt', true],
    ['*.txt', 'docs/a.txt', false],
    ['**/*.txt', 'a.txt', true],
    ['**/*.txt', 'docs/deep/a.txt', true],
    ['docs/**', 'docs/deep/a.txt', true],
    ['docs/**', 'other/a.txt', false],
    ['a*c/d', 'abc/d', true],
    ['a*c/d', 'ab/c/d', false],
    ['src/**/x_*.py', 'src/x_1.py', true],
    ['a.c', 'abc', false],
    ['', '', true],
  ])('%s and %s: %s', (pattern, path, matches) => {
    expect(globMatches(pattern, path)).toBe(matches);
  });

  it('of many stars is answered at once', () => {
    const start = performance.now();
    expect(globMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(1000))).toBe(false);
    expect(globMatches(`${'*'.repeat(10_000)}b`, 'a'.repeat(1000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('the names of a project', () => {
  it('come from one name', () => {
    expect(projectNames('Acme.Churn-Model')).toEqual({
      name: 'Acme.Churn-Model',
      package: 'acme_churn_model',
      command: 'acme-churn-model',
    });
  });

  it.each([
    '',
    '1churn',
    '-x',
    'a b',
    'naïve',
    'x;rm -rf',
    '$(id)',
    '${{ x }}',
    "a'b",
    'a\nb',
    'a\u202eb',
    'x'.repeat(65),
    'x'.repeat(10_000),
    'class',
    'numpy',
    'json',
    'tests',
    '../x',
    'churn-',
  ])('refuse name %# in one sentence', (name) => {
    expect(() => projectNames(name)).toThrow(/^.{1,200}\.$/);
  });
});
