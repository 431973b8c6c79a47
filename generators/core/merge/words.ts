import type { Sides } from './conflict-markers.ts';

// A quoted string, a word, a line's end, a run of blanks, or one other character. Joined they are the text again.
const WORD = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w.-]+|\n|[^\S\n]+|[\s\S]/g;

/** Three sides word by word instead of line by line. */
export function wordsOf({ base, yours, theirs }: Sides): Sides {
  const words = (lines: readonly string[]) => lines.join('\n').match(WORD) ?? [];
  return { base: words(base), yours: words(yours), theirs: words(theirs) };
}
