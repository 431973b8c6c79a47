import { describe, expect, it } from 'vitest';
import {
  hasConflictMarkers,
  isLockFile,
  mergeSides,
  mergeText,
} from '../../generators/core/merge/text-merge.ts';
import { LABELS } from './fixtures/git-oracle.ts';
import { mergeOf, text } from './fixtures/merge-of.ts';

const PY = 'src/acme/model.py';

const FUNCTION = (name: string, body = '    return 1') => [`def ${name}():`, '    """Say."""', body, '', ''];

describe('merging line by line', () => {
  it.each([
    {
      what: 'puts together changes on separate lines',
      base: text('a', 'b', 'c', 'd', 'e'),
      yours: text('A', 'b', 'c', 'd', 'e'),
      theirs: text('a', 'b', 'c', 'd', 'E', 'f'),
      merged: text('A', 'b', 'c', 'd', 'E', 'f'),
    },
    {
      what: "leaves the user's copy of a change that the template makes too",
      base: text('a', 'b', 'c', 'd', 'e'),
      yours: text('a', 'x', 'c', 'd', 'e', 'mine'),
      theirs: text('a', 'x', 'c', 'd', 'e'),
      merged: text('a', 'x', 'c', 'd', 'e', 'mine'),
    },
    {
      what: 'puts an insertion into the right one of several similar functions',
      base: text(...FUNCTION('a'), ...FUNCTION('b'), ...FUNCTION('c')),
      yours: text('# mine', ...FUNCTION('a'), ...FUNCTION('b'), ...FUNCTION('c')),
      theirs: text(...FUNCTION('a'), ...FUNCTION('b'), ...FUNCTION('new'), ...FUNCTION('c', '    return 2')),
      merged: text(
        '# mine',
        ...FUNCTION('a'),
        ...FUNCTION('b'),
        ...FUNCTION('new'),
        ...FUNCTION('c', '    return 2'),
      ),
    },
    {
      what: 'keeps a deletion by the user beside a change by the template',
      base: text('a', 'b', 'c', 'd', 'e'),
      yours: text('d', 'e'),
      theirs: text('a', 'b', 'c', 'd', 'E'),
      merged: text('d', 'E'),
    },
    {
      what: 'takes text that holds ======= as any other',
      base: text('Title', '=======', '', 'a'),
      yours: text('Title', '=======', '', 'a', '', 'More', '======='),
      theirs: text('New title', '=======', '', 'a'),
      merged: text('New title', '=======', '', 'a', '', 'More', '======='),
    },
    {
      what: 'starts a file that was emptied by the user from nothing',
      base: text('a'),
      yours: '',
      theirs: text('a'),
      merged: '',
    },
  ])('$what', ({ merged, ...sides }) => {
    expect(mergeOf(PY, sides)).toBe(merged);
  });

  it('marks a place that both changed, with all three versions of it', () => {
    const sides = {
      base: text('a', 'b', 'c', 'd', 'e', 'f'),
      yours: text('a', 'mine', 'c', 'd', 'e', 'f', 'end'),
      theirs: text('a', 'new', 'c', 'd', 'e', 'f'),
    };
    const marked = text(
      '1 conflict',
      'a',
      '<<<<<<< yours',
      'mine',
      '||||||| base',
      'b',
      '=======',
      'new',
      '>>>>>>> template: small-data → hybrid',
      'c',
      'd',
      'e',
      'f',
      'end',
    );
    expect(mergeOf(PY, sides)).toBe(marked);
  });

  it('makes its markers longer where a line could be taken for one', () => {
    const sides = { base: text('T', '====='), yours: text('Mine', '======='), theirs: text('New', '=====') };
    expect(mergeOf(PY, sides)).toContain(text('<<<<<<<< yours', 'Mine', '======='));
    expect(mergeOf(PY, sides)).toContain(
      text('========', 'New', '=====', '>>>>>>>> template: small-data → hybrid'),
    );
  });
});

describe("the user's layout", () => {
  const base = text('a', 'b', 'c', 'd');

  it('keeps the lines that a formatter laid out anew, with the words that the template changed', () => {
    const sides = {
      base: text('x=f(a,b)', 'y=g(c)', 'z=1'),
      yours: text('x = f(a, b)', 'y = g(c)', 'z = 1  # mine'),
      theirs: text('x=f(a,new)', 'y=g(c)', 'z=1'),
    };
    expect(mergeOf(PY, sides)).toBe(text('x = f(a, new)', 'y = g(c)', 'z = 1  # mine'));
  });

  it('takes no indentation for layout: it may have a meaning', () => {
    const sides = {
      base: text('for a in b:', '    c(a)'),
      yours: text('for a in b:', '    d(a)'),
      theirs: text('for a in b:', 'c(a)'),
    };
    expect(mergeOf(PY, sides)).toMatch(/^1 conflict/);
  });

  it('takes no white space in quotes for layout', () => {
    const sides = { base: text('x = "ab"'), yours: text('x = "a b"'), theirs: text('x = "a  b"') };
    expect(mergeOf(PY, sides)).toMatch(/^1 conflict/);
  });

  it('takes nothing for layout where a lone return ends the lines', () => {
    const sides = { base: 'a\rb\rc\r', yours: 'mine\rb\rc\r', theirs: 'a\rb\rnew\r' };
    expect(mergeOf(PY, sides)).toMatch(/^1 conflict.*new/s);
    const indented = { base: 'f(\ra)\r', yours: 'f(\ra)  \r', theirs: 'f(\r  a)\r' };
    expect(mergeOf(PY, indented)).toMatch(/^1 conflict/);
  });

  it('merges into a file that was saved with CRLF, and writes CRLF', () => {
    const yours = text('A', 'b', 'c', 'd').replaceAll('\n', '\r\n');
    expect(mergeOf(PY, { base, yours, theirs: text('a', 'b', 'c', 'd', 'e') })).toBe(
      'A\r\nb\r\nc\r\nd\r\ne\r\n',
    );
  });

  it('writes markers with CRLF as well, where the file has it', () => {
    const yours = 'a\r\nmine\r\nc\r\nd\r\n';
    const merged = mergeOf(PY, { base, yours, theirs: text('a', 'new', 'c', 'd') });
    expect(merged.slice('1 conflict\n'.length).replaceAll('\r\n', '')).not.toContain('\n');
    expect(merged).toContain('<<<<<<< yours\r\nmine\r\n||||||| base\r\nb\r\n=======\r\nnew\r\n>>>>>>> ');
  });

  it('keeps the end of each line in a file that mixes them', () => {
    const yours = 'a\nb\r\nc\nd\nmine\r\n';
    expect(mergeOf(PY, { base, yours, theirs: text('new', 'a', 'b', 'c', 'd') })).toBe(
      'new\na\nb\r\nc\nd\nmine\r\n',
    );
  });

  it.each([
    ['keeps the missing last newline of the user', 'a\nb\nc\nD', text('A', 'b', 'c', 'd'), 'A\nb\nc\nD'],
    [
      'adds lines after a last line that has no newline',
      'a\nb\nc\nd',
      text('a', 'b', 'c', 'd', 'e'),
      'a\nb\nc\nd\ne',
    ],
    [
      'takes a last newline that only the template dropped',
      text('A', 'b', 'c', 'd'),
      'a\nb\nc\nd',
      'A\nb\nc\nd',
    ],
  ])('%s', (_, yours, theirs, merged) => {
    expect(mergeOf(PY, { base, yours, theirs })).toBe(merged);
  });

  it('keeps a byte order mark, which is no part of the first line', () => {
    const merged = mergeOf(PY, { base, yours: `\uFEFF${base}mine\n`, theirs: text('A', 'b', 'c', 'd') });
    expect(merged).toBe(`\uFEFF${text('A', 'b', 'c', 'd', 'mine')}`);
  });

  it('merges a latin-1 file without touching its bytes', () => {
    const sides = { base, yours: `a\nb\nc\nd\ncaf\xe9\n`, theirs: text('A', 'b', 'c', 'd') };
    expect(mergeOf(PY, sides, 'latin1')).toBe('A\nb\nc\nd\ncaf\xe9\n');
  });

  it('does not put UTF-8 letters into a latin-1 file', () => {
    const sides = { base, yours: `a\nb\nc\nd\ncaf\xe9\n`, theirs: 'caf\xc3\xa9\nb\nc\nd\n' };
    expect(mergeOf(PY, sides, 'latin1')).toBe('not-text');
  });
});

describe('what is never merged as text', () => {
  it.each(['base', 'yours', 'theirs'])('is what has a NUL near its start: %s', (side) => {
    const same = { base: 'a\n', yours: 'b\n', theirs: 'c\n' };
    expect(mergeOf('model.bin', { ...same, [side]: 'a\0b\n' })).toBe('not-text');
  });

  it('is what has control characters and is no UTF-8', () => {
    expect(mergeOf('model.bin', { base: '\x01\xff', yours: '\x02\xff', theirs: '\x03\xff' }, 'latin1')).toBe(
      'not-text',
    );
  });

  it.each(['uv.lock', 'web/package-lock.json', 'poetry.lock', 'pylock.dev.toml', '.terraform.lock.hcl'])(
    'is a lock file: %s',
    (path) => expect(isLockFile(path)).toBe(true),
  );

  it.each(['.mlops/base.lock', 'package.json', 'deploy/lock.py', 'uv.lock.md'])(
    'is not what only sounds like a lock file: %s',
    (path) => expect(isLockFile(path)).toBe(false),
  );
});

describe('conflicts decided for one side', () => {
  const bytes = {
    base: Buffer.from(text('a', 'b', 'c', 'd', 'e')),
    yours: Buffer.from('a\r\nmine\r\nc\r\nd\r\ne\r\nend\r\n'),
    theirs: Buffer.from(text('new', 'new', 'c', 'D', 'e')),
  };

  it.each([
    ['yours', 'a\r\nmine\r\nc\r\nD\r\ne\r\nend\r\n'],
    ['theirs', 'new\r\nnew\r\nc\r\nD\r\ne\r\nend\r\n'],
  ] as const)('take %s there, and the changes of both elsewhere', (side, merged) => {
    const merge = mergeSides(PY, bytes, side);
    expect(merge).toMatchObject({ kind: 'clean', decided: 1 });
    expect('bytes' in merge && Buffer.from(merge.bytes).toString()).toBe(merged);
  });
});

describe('markers that a run left', () => {
  const sides = { base: 'a\n', yours: 'mine\n', theirs: 'new\n' };
  const marked = mergeOf(PY, sides).replace('1 conflict\n', '');

  it('are found, also when only some of them are left, and in CRLF files', () => {
    for (const left of [
      marked,
      marked.replaceAll('\n', '\r\n'),
      ...marked.split('\n').filter((line) => /^[<|>]{7}/.test(line)),
    ]) {
      expect(hasConflictMarkers(Buffer.from(left))).toBe(true);
    }
  });

  it.each([
    ['a heading', 'Title\n=======\n'],
    ["git's own markers in a text about git", '<<<<<<< HEAD\na\n=======\nb\n>>>>>>> topic\n'],
    ['markers inside a line', 'see <<<<<<< yours\n'],
    ['a table', '||||||| base |\n'],
  ])('are not seen in %s', (_, legitimate) => {
    expect(hasConflictMarkers(Buffer.from(legitimate))).toBe(false);
  });

  it('are not those that the template itself holds', () => {
    const page = Buffer.from(`Resolve it:\n${marked}`);
    expect(hasConflictMarkers(page)).toBe(true);
    expect(hasConflictMarkers(page, page)).toBe(false);
    expect(hasConflictMarkers(Buffer.from(`${page}${marked}`), page)).toBe(true);
  });

  it('are gone once the user resolved them, and then nothing is raised again', () => {
    const resolved = Buffer.from('mine and new\n');
    expect(hasConflictMarkers(resolved)).toBe(false);
    const next = mergeText(
      PY,
      { base: Buffer.from(sides.theirs), yours: resolved, theirs: Buffer.from(sides.theirs) },
      LABELS,
    );
    expect(next).toEqual({ kind: 'clean', bytes: resolved });
  });
});
