import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/mlops.ts';
import { mergeOf, text } from './fixtures/merge-of.ts';

describe('both sides adding to one place', () => {
  it.each([
    {
      what: 'dependencies, one a line, with the comment of each',
      path: 'pyproject.toml',
      base: text('[project]', 'dependencies = [', '  "a>=1",', ']'),
      yours: text('[project]', 'dependencies = [', '  "a>=1",', '  # we need it', '  "mine>=2", # so', ']'),
      theirs: text('[project]', 'dependencies = [', '  "a>=1",', '  "new>=3",', ']'),
      merged: text(
        '[project]',
        'dependencies = [',
        '  "a>=1",',
        '  # we need it',
        '  "mine>=2", # so',
        '  "new>=3",',
        ']',
      ),
    },
    {
      what: 'dependencies on one line, where both also change another',
      path: 'pyproject.toml',
      base: text('dependencies = ["a>=1", "b>=1"]'),
      yours: text('dependencies = ["a>=2", "b>=1", "mine"]'),
      theirs: text('dependencies = ["a>=1", "b>=3", "new"]'),
      merged: text('dependencies = ["a>=2", "b>=3", "new", "mine"]'),
    },
    {
      what: 'a dependency that both add, under two spellings of its name',
      path: 'pyproject.toml',
      base: text('dependencies = [', '  "a",', ']'),
      yours: text('dependencies = [', '  "a",', '  "py_yaml>=6",', '  "mine",', ']'),
      theirs: text('dependencies = [', '  "a",', '  "py_yaml>=6",', '  "new",', ']'),
      merged: text('dependencies = [', '  "a",', '  "py_yaml>=6",', '  "mine",', '  "new",', ']'),
    },
    {
      what: 'a key between keys that the user indented with tabs: those lines stay byte for byte',
      path: 'package.json',
      base: text('{', '  "a": 1,', '  "b": [1, 2]', '}'),
      yours: text('{', '\t"a": 1,', '\t"b": [1,2]', '}'),
      theirs: text('{', '  "a": 1,', '  "new": 3,', '  "b": [1, 2]', '}'),
      merged: text('{', '\t"a": 1,', '  "new": 3,', '\t"b": [1,2]', '}'),
    },
    {
      what: 'tables at the end of a TOML file',
      path: 'pyproject.toml',
      base: text('[a]', 'x = 1'),
      yours: text('[a]', 'x = 1', '', '[mine]', 'y = 1'),
      theirs: text('[a]', 'x = 1', '', '[new]', 'z = 1'),
      merged: text('[a]', 'x = 1', '', '[mine]', 'y = 1', '', '[new]', 'z = 1'),
    },
    {
      what: 'jobs of a workflow',
      path: '.github/workflows/ci.yml',
      base: text('jobs:', '  check:', '    steps:', '      - run: a'),
      yours: text(
        'jobs:',
        '  check:',
        '    steps:',
        '      - run: a',
        '',
        '  mine: # ours',
        '    steps:',
        '      - run: b',
      ),
      theirs: text(
        'jobs:',
        '  check:',
        '    steps:',
        '      - run: a',
        '',
        '  deploy:',
        '    steps:',
        '      - run: c',
      ),
      merged: text(
        ...['jobs:', '  check:', '    steps:', '      - run: a'],
        ...['', '  mine: # ours', '    steps:', '      - run: b'],
        ...['', '  deploy:', '    steps:', '      - run: c'],
      ),
    },
    {
      what: 'steps of a job, beside a change of an older step by the user',
      path: 'ci.yaml',
      base: text('steps:', '  - name: test', '    run: pytest'),
      yours: text('steps:', '  - name: test', '    run: pytest -q', '  - name: mine', '    run: b'),
      theirs: text('steps:', '  - name: test', '    run: pytest', '  - name: new', '    run: c'),
      merged: text(
        ...['steps:', '  - name: test', '    run: pytest -q'],
        ...['  - name: mine', '    run: b', '  - name: new', '    run: c'],
      ),
    },
    {
      what: 'a key for each side at two depths',
      path: 'conf.yaml',
      base: text('a:', '  x: 1'),
      yours: text('a:', '  x: 1', 'mine: 2'),
      theirs: text('a:', '  x: 1', '  new: 3'),
      merged: text('a:', '  x: 1', '  new: 3', 'mine: 2'),
    },
    {
      what: 'keys of a JSON object, with the comma that the last one lacked',
      path: '.vscode/settings.json',
      base: text('{', '  "a": 1', '}'),
      yours: text('{', '  "a": 1,', '  "mine": {"b": 2}', '}'),
      theirs: text('{', '  "a": 1,', '  "new": [3]', '}'),
      merged: text('{', '  "a": 1,', '  "mine": {"b": 2},', '  "new": [3]', '}'),
    },
    {
      what: 'items of a JSON list, one of which the user took out',
      path: 'a.json',
      base: text('[', '  "a",', '  "b"', ']'),
      yours: text('[', '  "a"', ']'),
      theirs: text('[', '  "a",', '  "b",', '  "new"', ']'),
      merged: text('[', '  "a",', '  "new"', ']'),
    },
    {
      what: 'an item and a key with a comment, beside what each side took out',
      path: 'a.toml',
      base: text('a = 0', 'list = ["i", "j"]', 'c = ["k", "l"]'),
      yours: text('a = 0', 'list = ["i", "mine", "j"]'),
      theirs: text('list = ["i", "j"]', '# why new', 'new = 7'),
      merged: text('list = ["i", "mine", "j"]', '# why new', 'new = 7'),
    },
    {
      what: 'a list item of one side, and what follows the list on the other',
      path: 'a.yaml',
      base: text('a:', '  list:', '    - x'),
      yours: text('a:', '  list:', '    - x', '    - mine', '# why', 'top: 1'),
      theirs: text('a:', '  list:', '    - x', '  new: 2'),
      merged: text('a:', '  list:', '    - x', '    - mine', '  new: 2', '# why', 'top: 1'),
    },
    {
      what: 'two wordings of one comment',
      path: 'a.toml',
      base: text('# why', 'a = 1'),
      yours: text('# mine', 'a = 1'),
      theirs: text('# new', 'a = 1'),
      merged: text('# mine', '# new', 'a = 1'),
    },
    {
      what: 'patterns of .gitignore',
      path: '.gitignore',
      base: text('*.pyc'),
      yours: text('*.pyc', '# mine', '/scratch/'),
      theirs: text('*.pyc', '/dist/'),
      merged: text('*.pyc', '# mine', '/scratch/', '/dist/'),
    },
    {
      what: 'exceptions of .dockerignore',
      path: '.dockerignore',
      base: text('*', '!src'),
      yours: text('*', '!src', '!mine'),
      theirs: text('*', '!src', '!new'),
      merged: text('*', '!src', '!mine', '!new'),
    },
    {
      what: 'variables of .env.example',
      path: '.env.example',
      base: text('A='),
      yours: text('A=', 'MINE=1'),
      theirs: text('A=', '# what for', 'NEW='),
      merged: text('A=', 'MINE=1', '# what for', 'NEW='),
    },
    {
      what: 'lines of requirements.txt',
      path: 'requirements-dev.txt',
      base: text('a==1'),
      yours: text('a==1', 'mine==1'),
      theirs: text('a==1', 'new==2; python_version < "3.12"'),
      merged: text('a==1', 'mine==1', 'new==2; python_version < "3.12"'),
    },
  ])('keeps both: $what', ({ path, merged, ...sides }) => {
    expect(mergeOf(path, sides)).toBe(merged);
  });

  it('keeps both in the CRLF of the user', () => {
    const sides = { base: text('a: 1'), yours: 'a: 1\r\nmine: 2\r\n', theirs: text('a: 1', 'new: 3') };
    expect(mergeOf('a.yaml', sides)).toBe('a: 1\r\nmine: 2\r\nnew: 3\r\n');
  });

  it('keeps both with letters that are no ASCII', () => {
    const sides = {
      base: text('a: "voilà"'),
      yours: text('a: "voilà"', 'mine: "à"'),
      theirs: text('a: "voilà"', 'new: "†"'),
    };
    expect(mergeOf('a.yaml', sides)).toBe(text('a: "voilà"', 'mine: "à"', 'new: "†"'));
  });
});

describe('two opinions stay a conflict', () => {
  it.each([
    ['one key, two values', 'a.toml', text('a = 1'), text('a = 2'), text('a = 3')],
    [
      'one dependency, two versions',
      'pyproject.toml',
      text('dependencies = []'),
      text('dependencies = ["a>=1"]'),
      text('dependencies = ["A>=2"]'),
    ],
    [
      'one item replaced by two',
      'a.yaml',
      text('on:', '  - main'),
      text('on:', '  - trunk'),
      text('on:', '  - develop'),
    ],
    [
      'a key that one side drops and the other changes',
      'a.json',
      text('{', '"a": 1,', '"b": 2', '}'),
      text('{', '"b": 2', '}'),
      text('{', '"a": 3,', '"b": 2', '}'),
    ],
    ['one variable, two values', '.env.example', text('A='), text('A=', 'B=1'), text('A=', 'B=2')],
    [
      'an exception among patterns, where the order decides',
      '.gitignore',
      text('a'),
      text('a', '!data/keep'),
      text('a', 'data/*'),
    ],
    [
      'numbers that differ only past what a double holds',
      'a.json',
      text('{"a": 1}'),
      text('{"a": 12345678901234567890}'),
      text('{"a": 12345678901234567891}'),
    ],
    [
      'a file that cannot be read',
      'a.toml',
      text('a = ', 'b = 1'),
      text('a = ', 'b = 1', 'c = 2'),
      text('a = ', 'b = 1', 'd = 2'),
    ],
    [
      'a tag that nobody here knows',
      'a.yaml',
      text('a: 1'),
      text('a: 1', 'b: !mine x'),
      text('a: 1', 'c: 2'),
    ],
    ['lists in a file of no known format', 'a.txt', text('a'), text('a', 'b'), text('a', 'c')],
  ])('%s', (_, path, base, yours, theirs) => {
    expect(mergeOf(path, { base, yours, theirs })).toMatch(/^1 conflict\n/);
  });

  it('and do not keep another place of the file from being settled', () => {
    const middle = ['', 'x: 1', '', 'y: 2', ''];
    const sides = {
      base: text('a: 1', ...middle, 'list:', '  - a'),
      yours: text('a: 2', ...middle, 'list:', '  - a', '  - mine'),
      theirs: text('a: 3', ...middle, 'list:', '  - a', '  - new'),
    };
    const merged = mergeOf('a.yaml', sides);
    expect(merged).toMatch(/^1 conflict\n<<<<<<< yours\na: 2\n/);
    expect(merged).toContain(text('list:', '  - a', '  - mine', '  - new'));
  });
});

describe('lines that merge although the file then says something else', () => {
  const lines = ['a = 1', 'b = 2', 'c = 3', 'd = 4'];

  it('are a conflict, where each side adds the same key at another place', () => {
    const sides = { base: text(...lines), yours: text('x = 1', ...lines), theirs: text(...lines, 'x = 2') };
    expect(mergeOf('a.txt', sides)).toBe(text('x = 1', ...lines, 'x = 2'));
    expect(mergeOf('a.toml', sides)).toMatch(/^1 conflict\n/);
  });

  it('are settled, where both mean the same', () => {
    const sides = { base: text(...lines), yours: text('x = 1', ...lines), theirs: text(...lines, 'x = 1') };
    expect(mergeOf('a.toml', sides)).toBe(text('x = 1', ...lines));
  });

  it('are a conflict, where each side adds the same requirement at another place', () => {
    const sides = {
      base: text('a', 'b', 'c'),
      yours: text('x==1', 'a', 'b', 'c'),
      theirs: text('a', 'b', 'c', 'X==2'),
    };
    expect(mergeOf('requirements.txt', sides)).toMatch(/^1 conflict\n/);
  });

  it('are left alone, where both change one text of many lines', () => {
    const script = (first: string, last: string) => text('run: |', `  ${first}`, '  b', '  c', `  ${last}`);
    const sides = { base: script('a', 'd'), yours: script('mine', 'd'), theirs: script('a', 'new') };
    expect(mergeOf('ci.yaml', sides)).toBe(script('mine', 'new'));
  });
});

it('merges two sets of changes to the pyproject.toml that is written today', () => {
  const base = readFileSync(join(ROOT, 'test/golden/small-data/pyproject.toml'), 'utf8');
  const changed = (changes: readonly (readonly [string, string])[]) =>
    changes.reduce((before, [from, to]) => {
      expect(before).toContain(from);
      return before.replace(from, to);
    }, base);
  const mine = [
    ['  "pyyaml>=6.0.3",\n', '  "pyyaml>=6.0.3",\n  # our own client\n  "requests>=2.32",\n'],
    ['  "numpy>=2.4",', '  "numpy>=2.5", # for the new sort'],
    ['  "sklearn.*",\n]', '  "sklearn.*",\n  "mylib.*",\n]'],
    ['line-length = 100', 'line-length = 120'],
  ] as const;
  const other = [
    ['  "pyyaml>=6.0.3",\n', '  "pyyaml>=6.0.3",\n  "structlog>=25",\n'],
    ['  "sklearn.*",\n]', '  "sklearn.*",\n  "structlog.*",\n]'],
    ['target-version = "py311"', 'target-version = "py312"'],
  ] as const;
  const wanted = changed([
    ...mine,
    ['  "requests>=2.32",\n', '  "requests>=2.32",\n  "structlog>=25",\n'],
    ['  "mylib.*",\n', '  "mylib.*",\n  "structlog.*",\n'],
    ['target-version = "py311"', 'target-version = "py312"'],
  ]);
  const yours = changed(mine);
  expect(mergeOf('pyproject.toml', { base, yours, theirs: changed(other) })).toBe(wanted);
});
