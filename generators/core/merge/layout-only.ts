import type { Sides } from './conflict-markers.ts';
import { diff3 } from './diff3.ts';

// Here indentation means nothing. Everywhere else it may: in Python, YAML, a Makefile, a Markdown list.
const FREE_LAYOUT = /\.(toml|json|jsonc|css|js|ts|sql|tf|sh|xml|html)$/;

/**
 * A place where both sides changed the text, once white space is left out of the comparison: the lines of the user
 * where nothing but layout differs, and those of the template where only the template changed more. Nothing if
 * there is still a conflict.
 */
export function mergedButForLayout(
  path: string,
  { base, yours, theirs }: Sides,
): readonly string[] | undefined {
  const key = FREE_LAYOUT.test(path) ? squeezed : squeezedAfterIndent;
  const whole = [base, yours, theirs].map((lines) =>
    FREE_LAYOUT.test(path) ? squeezed(lines.join(' ')) : wholeKey(lines),
  );
  if (whole[2] === whole[0] || whole[2] === whole[1]) return yours;
  const keys = { base: base.map(key), yours: yours.map(key), theirs: theirs.map(key) };
  const stretches = diff3(keys, 'together');
  if (stretches === undefined || stretches.some(({ take }) => take === 'conflict')) return undefined;
  return stretches.flatMap((stretch) =>
    stretch.take === 'theirs'
      ? theirs.slice(stretch.theirs.from, stretch.theirs.to)
      : yours.slice(stretch.yours.from, stretch.yours.to),
  );
}

function wholeKey(lines: readonly string[]): string {
  return lines
    .map(squeezedAfterIndent)
    .filter((line) => line !== '')
    .join('\n');
}

function squeezedAfterIndent(line: string): string {
  const text = line.trimEnd();
  const indent = text.length - text.trimStart().length;
  return text.slice(0, indent) + squeezed(text);
}

// White space inside quotes is content.
const QUOTED_OR_SPACE = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\s+/g;

/** Without the white space that stands beside punctuation; between two words one blank is left. */
function squeezed(text: string): string {
  return text.trim().replace(QUOTED_OR_SPACE, (found, at: number, all: string) => {
    if (/^["']/.test(found)) return found;
    return isWord(all[at - 1]) && isWord(all[at + found.length]) ? ' ' : '';
  });
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w\x80-\xff]/.test(character);
}
