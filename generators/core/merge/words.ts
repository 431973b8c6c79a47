import type { Sides } from './conflict-markers.ts';

// A quoted string, a comment, a word, a line's end, a run of blanks, or one other character. Joined they are the text.
const WORD = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(?<=^|[ \t])#[^\n]*|[\w.-]+|\n|[ \t\f\v\r]+|[\s\S]/gm;

// A quotation that does not end is looked for to the end of the text, from each place where it might begin.
const LONGEST = 16 * 1024;

/** Whether looking at single words takes no noticeable time. */
export function isShort(sides: Sides): boolean {
  return [sides.base, sides.yours, sides.theirs].every(
    (lines) => lines.reduce((sum, line) => sum + line.length + 1, 0) <= LONGEST,
  );
}

/** Three sides word by word instead of line by line. */
export function wordsOf({ base, yours, theirs }: Sides): Sides {
  const words = (lines: readonly string[]) => lines.join('\n').match(WORD) ?? [];
  return { base: words(base), yours: words(yours), theirs: words(theirs) };
}
