import { candidateTexts } from './candidates.ts';
import type { Sides } from './conflict-markers.ts';
import { mergedValue } from './keyed-merge.ts';
import { linesAt, type Part, settledAs } from './parts.ts';
import {
  type Format,
  formatOf,
  parsedValue,
  repetitionsIn,
  textOfValue,
  type Value,
} from './structured-value.ts';
import { readableText } from './text-lines.ts';

// Each place is tried up to twenty times, each time by reading the whole file.
const MOST_PLACES = 20;
const MOST_BYTES_READ = 256 * 1024;

/**
 * Settles places where lines conflict but values do not, such as two additions to one list: a candidate text is
 * taken if the file then says exactly what the keyed merge of the three files says. Only text of the two sides is
 * ever put together; no file is written anew from its values.
 */
export function withSecondChance(path: string, parts: readonly Part[]): readonly Part[] {
  const format = formatOf(path);
  const places = parts.filter(({ kind }) => kind === 'conflict').length;
  const bytes = parts.flatMap(linesAt('theirs')).reduce((sum, line) => sum + line.length, 0);
  if (format === undefined || places === 0 || places > MOST_PLACES || places * bytes > MOST_BYTES_READ)
    return parts;
  return parts.map((part, at) => {
    if (part.kind === 'lines') return part;
    const lines = settledPlace(format, parts, at, part.sides);
    return lines === undefined ? part : settledAs(lines, part);
  });
}

type Side = keyof Sides;

/** One place looked at alone: all others are as in the base, on every side. */
function settledPlace(
  format: Format,
  parts: readonly Part[],
  at: number,
  sides: Sides,
): readonly string[] | undefined {
  if (format === 'patterns' && mixesExceptions(sides)) return undefined;
  const before = parts.slice(0, at).flatMap(linesAt('base'));
  const after = parts.slice(at + 1).flatMap(linesAt('base'));
  const valueWith = (lines: readonly string[]) => valueIn(format, [...before, ...lines, ...after]);
  const versions = {
    base: valueWith(sides.base),
    yours: valueWith(sides.yours),
    theirs: valueWith(sides.theirs),
  };
  if (!areRead(versions)) return undefined;
  const wanted = ORDERS.map((order) => mergedValue(versions, order)).map((merged) =>
    merged === 'conflict' ? undefined : textOfValue(merged),
  );
  if (wanted.includes(undefined)) return undefined;
  const found = candidateTexts(sides).find(
    (text) => keepsWords(text, sides) && wanted.includes(textOfValue(valueWith(text.split('\n')))),
  );
  if (found === undefined) return undefined;
  return found === '' ? [] : found.split('\n');
}

const ORDERS = ['yours first', 'theirs first'] as const;

function valueIn(format: Format, lines: readonly string[]): Value | undefined {
  return parsedValue(format, readableText(`${lines.join('\n')}\n`));
}

function areRead(versions: Readonly<Record<Side, Value | undefined>>): boolean {
  return [versions.base, versions.yours, versions.theirs].every((value) => value !== undefined);
}

/** In a list of patterns `!x` takes back what stands above it: then it matters who comes first. */
function mixesExceptions({ base, yours, theirs }: Sides): boolean {
  const added = [...yours, ...theirs].filter((line) => !base.includes(line) && !/^\s*(#|$)/.test(line));
  const exceptions = added.filter((line) => line.startsWith('!')).length;
  return exceptions > 0 && exceptions < added.length;
}

/** Comments are not in the values, yet somebody wrote them: only what the other side removed may be gone. */
function keepsWords(text: string, sides: Sides): boolean {
  const kept = wordCounts([text]);
  const [base, yours, theirs] = [wordCounts(sides.base), wordCounts(sides.yours), wordCounts(sides.theirs)];
  const keeps = (side: WordCounts, other: WordCounts) =>
    [...side].every(([word, count]) => {
      const before = base.get(word) ?? 0;
      const removed = Math.max(0, before - (other.get(word) ?? 0));
      return count <= before || (kept.get(word) ?? 0) >= count - removed;
    });
  return keeps(yours, theirs) && keeps(theirs, yours);
}

const WORD_OR_COMMENT = /(?<=^|[ \t])#[^\n]*|[^ \t\f\v\r\n,[\]{}"']+/gm;

type WordCounts = ReadonlyMap<string, number>;

function wordCounts(lines: readonly string[]): WordCounts {
  const counts = new Map<string, number>();
  for (const word of lines.join('\n').match(WORD_OR_COMMENT) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/**
 * Whether a merged file says what the keyed merge of the three says. Lines that merge without a conflict may still
 * give a key twice, when each side adds it at another place. What cannot be read or compared counts as right.
 */
export function saysTheMerge(path: string, sides: Sides, merged: readonly string[]): boolean {
  const format = formatOf(path);
  if (format === undefined || merged.join('\n').length > MOST_BYTES_READ) return true;
  const [base, yours, theirs] = [sides.base, sides.yours, sides.theirs].map((lines) =>
    valueIn(format, lines),
  );
  if (base === undefined || yours === undefined || theirs === undefined) return true;
  const result = valueIn(format, merged);
  if (result === undefined) return false;
  const wanted = mergedValue({ base, yours, theirs }, 'yours first');
  if (wanted !== 'conflict') return textOfValue(wanted, 'sorted') === textOfValue(result, 'sorted');
  // Such as two changes to one text of many lines.
  return repetitionsIn(result) <= Math.max(...[base, yours, theirs].map(repetitionsIn));
}
