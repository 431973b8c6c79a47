import ejs from 'ejs';
import fc, { type GeneratorValue } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../generators/core/errors.ts';
import { parseTemplate, renderTemplate } from '../../generators/core/render/template.ts';

const DATA = {
  text: 'plain',
  marks: `<&"'> \\ \\n \${x} <%= y %>\n`,
  empty: '',
  number: 3,
  odd: -1.5e21,
  yes: true,
  no: false,
  words: ['a', '', 'c\n'],
  none: [],
  deep: { deeper: { text: 'é', on: true, words: ['x'] } },
  groups: [
    { text: 'g1', on: true, words: ['p', 'q'] },
    { text: 'g2', on: false, words: [] },
  ],
};

// No piece begins or ends in half a delimiter: the damaged templates see to those.
const LITERALS = [
  ...[
    '',
    'text',
    ' ',
    '\n',
    '\n\n',
    '\t',
    '- a: b\n',
    '"',
    "'",
    '`',
    '\\',
    '\\n',
    '$',
    '{',
    '}',
    '}}',
    '//',
    '/*',
  ],
  ...['<', '>', ' % ', ' %% ', '<!-- -->', '#', '-', '_', ';', 'é', '😀', '<a>', 'if (x) {', '-->', '&amp;'],
];

interface Names {
  readonly values: readonly string[];
  readonly booleans: readonly string[];
  readonly words: readonly string[];
  readonly groups: readonly string[];
}

const ROOT: Names = {
  values: ['text', 'marks', 'empty', 'number', 'odd', 'yes', 'no', 'deep.deeper.text'].map(
    (name) => `data.${name}`,
  ),
  booleans: ['data.yes', 'data.no', 'data.deep.deeper.on'],
  words: ['data.words', 'data.none', 'data.deep.deeper.words'],
  groups: ['data.groups'],
};

/** The next number below a bound. One arbitrary for all: `gen` keeps, and searches, every other it is given. */
function below(gen: GeneratorValue, bound: number): number {
  return gen(fc.nat) % bound;
}

function oneOf(gen: GeneratorValue, from: readonly string[]): string {
  return from[below(gen, from.length)] ?? '';
}

/** A template that obeys every rule, over `DATA`. */
function goodTemplate(gen: GeneratorValue, names: Names = ROOT, depth = 0): string {
  return Array.from({ length: below(gen, 5) }, () => goodPiece(gen, names, depth)).join('');
}

function goodPiece(gen: GeneratorValue, names: Names, depth: number): string {
  const pick = (from: readonly string[]) => oneOf(gen, from);
  const end = () => pick([' %>', ' -%>']);
  const inside = () => goodTemplate(gen, names, depth + 1);
  switch (below(gen, depth < 4 ? 7 : 3)) {
    case 0:
      return Array.from({ length: below(gen, 5) }, () => pick(LITERALS)).join('');
    case 1:
      return `<%= ${pick(names.values)}${end()}`;
    case 2:
      return `<%# ${pick(['why', 'a - b', '// x', '"', '', 'if (a.b) {', '-'])}${end()}`;
    case 3:
      return `<% if (${pick(['', '!'])}${pick(names.booleans)}) {${end()}${inside()}<% }${end()}`;
    case 4:
      return `<% if (${pick(names.booleans)}) {${end()}${inside()}<% } else {${end()}${inside()}<% }${end()}`;
    case 5: {
      const item = `w${depth}`;
      const body = goodTemplate(gen, { ...names, values: [...names.values, item, item] }, depth + 1);
      return `<% for (const ${item} of ${pick(names.words)}) {${end()}${body}<% }${end()}`;
    }
    default: {
      const item = `g${depth}`;
      const body = goodTemplate(gen, withGroup(names, item), depth + 1);
      return `<% for (const ${item} of ${pick(names.groups)}) {${end()}${body}<% }${end()}`;
    }
  }
}

function withGroup(names: Names, item: string): Names {
  return {
    values: [...names.values, `${item}.text`, `${item}.on`],
    booleans: [...names.booleans, `${item}.on`],
    words: [...names.words, `${item}.words`],
    groups: names.groups,
  };
}

const EDITS = [
  '<',
  '%',
  '>',
  '-',
  '_',
  '=',
  '#',
  ' ',
  '\n',
  '{',
  '}',
  '(',
  ')',
  '!',
  '.',
  ';',
  'a',
  'w0',
  'g1.text',
];
const PIECES = [
  '<%',
  '%>',
  '-%>',
  '<%=',
  '<%-',
  '<%%',
  '%%>',
  '<% } %>',
  '<%# x %>',
  '<%= data.text %>',
  'data',
  'const',
];

function damagedTemplate(gen: GeneratorValue): string {
  const text = goodTemplate(gen);
  const at = below(gen, text.length + 1);
  const removed = below(gen, 3) * below(gen, 5);
  const added = oneOf(gen, ['', ...EDITS, ...PIECES, text.slice(at, at + 12)]);
  return text.slice(0, at) + added + text.slice(at + removed);
}

function oracle(text: string): string {
  const options = {
    escape: (value: unknown) => String(value),
    strict: true,
    _with: false,
    localsName: 'data',
  };
  return ejs.compile(text, options)(DATA);
}

/** Our text, or nothing where we refuse the template or its data. */
function ours(text: string): string | undefined {
  try {
    return renderTemplate(parseTemplate('a.ejs', text), { data: DATA });
  } catch (error) {
    if (error instanceof MlopsError) return undefined;
    throw error;
  }
}

describe('beside ejs', () => {
  it('renders thousands of good templates to the same text', () => {
    let tags = 0;
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const text = goodTemplate(gen);
        tags += text.split('<%').length - 1;
        expect(renderTemplate(parseTemplate('a.ejs', text), { data: DATA })).toBe(oracle(text));
      }),
      { numRuns: 3000 },
    );
    expect(tags).toBeGreaterThan(5000);
  });

  it('renders every damaged template that it still accepts to the same text', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const text = damagedTemplate(gen);
        const rendered = ours(text);
        if (rendered === undefined) refused++;
        else if (text.includes('<%')) {
          accepted++;
          expect(rendered).toBe(oracle(text));
        }
      }),
      { numRuns: 12_000 },
    );
    expect(accepted).toBeGreaterThan(1000);
    expect(refused).toBeGreaterThan(1000);
  });
});
