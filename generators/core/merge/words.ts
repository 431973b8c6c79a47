import type { Sides } from './conflict-markers.ts';

// A quoted string, a comment, a word, a line's end, a run of blanks, or one other character. Joined they are the text.
const WORD = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(?<=^|[ \t])#[^\n]*|[\w.-]+|\n|[ \t\f\v\r]+|[\s\S]/gm;

// The same, the blanks that a line begins with being a part of its first word.
const INDENTED_WORD = new RegExp(`(?:^[ \\t]+)?(?:${WORD.source})`, WORD.flags);

// A quotation that does not end is looked for to the end of the text, from each place where it might begin.
const LONGEST = 16 * 1024;

/** Whether looking at single words takes no noticeable time. */
export function isShort(sides: Sides): boolean {
  return [sides.base, sides.yours, sides.theirs].every(
    (lines) => lines.reduce((sum, line) => sum + line.length + 1, 0) <= LONGEST,
  );
}

/** Three sides word by word instead of line by line. */
export function wordsOf(sides: Sides): Sides {
  return matchesIn(sides, WORD);
}

/** `wordsOf` by which a word that is put before the first one of a line does not take its indentation. */
export function indentedWordsOf(sides: Sides): Sides {
  return matchesIn(sides, INDENTED_WORD);
}

function matchesIn({ base, yours, theirs }: Sides, pattern: RegExp): Sides {
  const words = (lines: readonly string[]) => lines.join('\n').match(pattern) ?? [];
  return { base: words(base), yours: words(yours), theirs: words(theirs) };
}
