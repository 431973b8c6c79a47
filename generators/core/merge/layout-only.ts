import type { Sides } from './conflict-markers.ts';
import { diff3 } from './diff3.ts';
import { isShort, wordsOf } from './words.ts';

/**
 * A place where both sides changed the text, once white space inside and after lines and blank lines are left out of
 * the comparison: the template's words in the layout of the user. Nothing if there is still a conflict.
 * Indentation counts, since it has a meaning in Python, YAML, a Makefile, a Markdown list.
 */
export function mergedButForLayout(sides: Sides): readonly string[] | undefined {
  if (!isShort(sides) || holdsReturns(sides)) return undefined;
  const keys = { base: keysOf(sides.base), yours: keysOf(sides.yours), theirs: keysOf(sides.theirs) };
  const content = (lines: readonly string[]) => lines.filter((line) => line !== '').join('\n');
  if ([keys.base, keys.yours].map(content).includes(content(keys.theirs))) return sides.yours;
  const wanted = mergedLines(keys, keys);
  if (wanted === undefined) return undefined;
  const words = wordsOf(sides);
  const byWord = mergedLines(words, words, 'apart')?.join('').split('\n');
  return byWord !== undefined && keysOf(byWord).join('\n') === wanted.join('\n')
    ? byWord
    : mergedLines(keys, sides);
}

/** A lone return ends a line in old files: what follows it may be indentation, and is read by no expression here. */
function holdsReturns({ base, yours, theirs }: Sides): boolean {
  return [base, yours, theirs].some((lines) => lines.some((line) => /\r[^\r]/.test(line)));
}

/** The merge of keys, told in the items that they stand for. */
function mergedLines(
  keys: Sides,
  items: Sides,
  touching: 'together' | 'apart' = 'together',
): readonly string[] | undefined {
  const stretches = diff3(keys, touching);
  if (stretches === undefined || stretches.some(({ take }) => take === 'conflict')) return undefined;
  return stretches.flatMap((stretch) =>
    stretch.take === 'theirs'
      ? items.theirs.slice(stretch.theirs.from, stretch.theirs.to)
      : items.yours.slice(stretch.yours.from, stretch.yours.to),
  );
}

function keysOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => {
    const [, indent = '', text = ''] = /^([ \t\f\v\r]*)(.*?)[ \t\f\v\r]*$/.exec(line) ?? [];
    return indent + squeezed(text);
  });
}

// White space inside quotes is content. Only ASCII: a byte 0xA0 may be half of a letter.
const QUOTED_OR_SPACE = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[ \t\f\v\r]+/g;

/** Without the white space that stands beside punctuation; between two words one blank is left. */
function squeezed(text: string): string {
  return text.replace(QUOTED_OR_SPACE, (found, at: number, all: string) => {
    if (/^["']/.test(found)) return found;
    return isWord(all[at - 1]) && isWord(all[at + found.length]) ? ' ' : '';
  });
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w\x80-\xff]/.test(character);
}
