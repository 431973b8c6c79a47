import fc from 'fast-check';

const SPACES = [
  ' ',
  '  ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\b',
  '\f',
  '\x07',
  '\x1b[31m',
  '\x7f',
  '\x85',
  '\u00a0',
];
const HIDDEN = ['\u00ad', '\u200b', '\u2028', '\u2029', '\u202e', '\u2066', '\ufeff', '\ufffe', '\u{e0041}'];
const HALVES = ['\ud83d', '\ude00'];
const MARKS = String.raw`a b1 é ß 😀 ❤️ 👨‍👩‍👧 漢 ' " ''' """ \ \n \u0041 \N{dash} % %s { } {} $ $HOME $(id) $((1)) $[x] !
  !! & && | ;id < > <!-- --> </script> &amp; &#10; # : - --- ... ? yes no null ~ true 1 1.0 0o7 1_000 .inf 2024-01-01
  12:30:45 = << *a !!str [ ] ( ) * ** _ ~~ ^ @ , + . 1. -- -n`;
const EXPRESSIONS = ['', '{', '{{', '{{ secrets.X }}', '{{ github.token }} }}'].map((rest) => `$${rest}`);

/** Pieces that some destination gives a meaning to. */
const PIECES = [
  ...SPACES,
  ...HIDDEN,
  ...HALVES,
  ...MARKS.split(/[ \n]+/),
  ...EXPRESSIONS,
  ...['`', '`id`', ' #', ': ', '- '],
];

/** Any text that a person, a file or an attacker may give as an answer, lone surrogates included. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join('')),
  },
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary-ascii' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
);

/** Each piece alone, then a few thousand texts that are the same in every run. */
export const sampleTexts: readonly string[] = [
  '',
  ...PIECES,
  ...fc.sample(texts, { numRuns: 3000, seed: 20 }),
];
