import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { keyedUnion } from '../../generators/core/merge/keyed-union.ts';
import { comparable, documents, documentText, mergedModel, STYLES } from './fixtures/documents.ts';
import { text } from './fixtures/merge-of.ts';

function unionOf(
  path: string,
  yours: string,
  theirs: string,
  encoding: BufferEncoding = 'utf8',
): string | undefined {
  const union = keyedUnion(path, Buffer.from(yours, encoding), Buffer.from(theirs, encoding));
  return union && Buffer.from(union).toString(encoding);
}

describe('a file that was there before the template wanted it', () => {
  it.each([
    {
      what: 'patterns, with the comment above them',
      path: '.gitignore',
      yours: text('# mine', '*.pyc', '', '/data/'),
      theirs: text('# caches', '*.pyc', '.mypy_cache/', '# data', '/data/', '/models/'),
      union: text('# mine', '*.pyc', '', '/data/', '.mypy_cache/', '/models/'),
    },
    {
      what: 'requirements, by the normalised name',
      path: 'requirements.txt',
      yours: text('PyYAML>=6 # old'),
      theirs: text('pandas>=3'),
      union: text('PyYAML>=6 # old', 'pandas>=3'),
    },
    {
      what: 'keys and tables of TOML, each in its table, in the order of the user',
      path: 'pyproject.toml',
      yours: text('[tool.b]', 'x=1   # mine', '', '[project]', "name = 'acme'"),
      theirs: text(
        '[project]',
        'name = "acme"',
        'version = "1"',
        '',
        '# strict',
        '[tool.mypy]',
        'strict = true',
      ),
      union: text(
        ...['[tool.b]', 'x=1   # mine', '', '[project]', "name = 'acme'", 'version = "1"'],
        ...['', '# strict', '[tool.mypy]', 'strict = true'],
      ),
    },
    {
      what: 'a value of several lines',
      path: 'a.toml',
      yours: text('a = 1', '', '[b]', 'c = 2'),
      theirs: text('list = [', '  "x",', '  "y",', ']', 'a = 1'),
      union: text('a = 1', 'list = [', '  "x",', '  "y",', ']', '', '[b]', 'c = 2'),
    },
    {
      what: 'dependencies that only one side names',
      path: 'pyproject.toml',
      yours: text('[project]', 'dependencies = [', '  "mine>=1",', ']'),
      theirs: text('[project]', 'dependencies = [', '  "new>=1",', ']'),
      union: text('[project]', 'dependencies = [', '  "mine>=1",', '  "new>=1",', ']'),
    },
    {
      what: 'keys of YAML, also below a key that both have',
      path: 'conf.yaml',
      yours: text('a: {x: 1} # mine', 'b:', '  c: 1'),
      theirs: text('b:', '  d: 2', 'e:', '  - f'),
      union: text('a: {x: 1} # mine', 'b:', '  c: 1', '  d: 2', 'e:', '  - f'),
    },
    {
      what: 'keys of JSON',
      path: 'package.json',
      yours: text('{', '    "name": "a"', '}'),
      theirs: text('{', '  "private": true', '}'),
      union: text('{', '    "name": "a",', '  "private": true', '}'),
    },
    {
      what: 'nothing, where the user has it all',
      path: 'a.toml',
      yours: 'b=2\na = 1 # so',
      theirs: text('a = 1', 'b = 2'),
      union: 'b=2\na = 1 # so',
    },
  ])('gets what it lacks: $what', ({ path, yours, theirs, union }) => {
    expect(unionOf(path, yours, theirs)).toBe(union);
  });

  it.each([
    ['a key with two values', 'a.toml', 'a = 1\n', 'a = 2\n'],
    ['a dependency with two versions', 'requirements.txt', 'py-yaml>=5\n', 'Py_YAML>=6\n'],
    ['a variable with two values', '.env.example', 'A=1\n', 'A=2\n'],
    ['lists whose order may mean something', 'a.yaml', 'run: [a, b]\n', 'run: [a, c]\n'],
    ['an exception among patterns, where the order decides', '.gitignore', 'data/*\n', '!data/keep\n'],
    ['text of no known format', 'README.md', 'a\n', 'b\n'],
    ['a lock file', 'uv.lock', 'a = 1\n', 'b = 1\n'],
    ['a file that cannot be read', 'a.json', '{"a": 1,}\n', '{"b": 1}\n'],
    ['a binary file', 'a.json', '\0', '{"b": 1}\n'],
  ])('is left alone: %s', (_, path, yours, theirs) => {
    expect(unionOf(path, yours, theirs)).toBe(undefined);
  });

  it('is left alone where two encodings would meet in it', () => {
    expect(unionOf('a.yaml', 'a: caf\xe9\n', 'b: caf\xc3\xa9\n', 'latin1')).toBe(undefined);
  });

  it('keeps its line ends, its byte order mark and its missing last newline', () => {
    expect(unionOf('.gitignore', '\uFEFFa\r\nb\n\r\nc', text('x', 'b'))).toBe('\uFEFFa\r\nb\n\r\nc\r\nx');
  });
});

it.each(STYLES)('says what both say and keeps every line of the user, or is not made: %s', (style) => {
  let made = 0;
  const property = fc.property(documents, ({ yours, theirs }) => {
    const mine = documentText(yours, style);
    const union = unionOf(`a.${style.split(' ')[0]}`, mine, documentText(theirs, style));
    if (union === undefined) return;
    made++;
    const wanted = mergedModel({ base: new Map(), yours, theirs });
    expect(comparable(style.startsWith('toml') ? parseToml(union) : parseYaml(union))).toEqual(wanted);
    // A comma may have to follow the last line of an object.
    const lines = new Set(union.split('\n').map((line) => line.replace(/,$/, '')));
    expect(mine.split('\n').filter((line) => !lines.has(line.replace(/,$/, '')))).toEqual([]);
  });
  fc.assert(property, { numRuns: 300 });
  expect(made).toBeGreaterThan(30);
});
