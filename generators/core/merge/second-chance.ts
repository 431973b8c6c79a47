import { type Candidate, candidateTexts } from './candidates.ts';
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
const MOST_BYTES_READ = 512 * 1024;

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
  if (format === 'patterns' && addsException(sides)) return undefined;
  const before = parts.slice(0, at).flatMap(linesAt('base'));
  const after = parts.slice(at + 1).flatMap(linesAt('base'));
  const valueWith = (lines: readonly string[]) => valueIn(format, [...before, ...lines, ...after]);
  const versions = {
    base: valueWith(sides.base),
    yours: valueWith(sides.yours),
    theirs: valueWith(sides.theirs),
  };
  if (!areRead(versions)) return undefined;
  const wanted = {
    'yours first': mergeText(versions, 'yours first'),
    'theirs first': mergeText(versions, 'theirs first'),
  };
  const isRight = ({ order, text }: Candidate) =>
    wanted[order] !== undefined &&
    keepsWords(text, sides) &&
    textOfValue(valueWith(text.split('\n'))) === wanted[order];
  if (wanted['yours first'] === undefined) return undefined;
  const found = candidateTexts(sides).find(isRight);
  return found && (found.text === '' ? [] : found.text.split('\n'));
}

function valueIn(format: Format, lines: readonly string[]): Value | undefined {
  return parsedValue(format, readableText(`${lines.join('\n')}\n`));
}

function areRead(versions: Readonly<Record<Side, Value | undefined>>): boolean {
  return [versions.base, versions.yours, versions.theirs].every((value) => value !== undefined);
}

function mergeText(
  versions: Readonly<Record<Side, Value | undefined>>,
  order: Candidate['order'],
): string | undefined {
  const merged = mergedValue(versions, order);
  return merged === 'conflict' ? undefined : textOfValue(merged);
}

/** In a list of patterns `!x` takes back what stands above it, so there the order has a meaning. */
function addsException({ base, yours, theirs }: Sides): boolean {
  return [...yours, ...theirs].some((line) => line.startsWith('!') && !base.includes(line));
}

// Comments are not in the values, yet they are what somebody wrote.
function keepsWords(text: string, { base, yours, theirs }: Sides): boolean {
  const kept = wordCounts(text);
  const old = wordCounts(base.join('\n'));
  return [yours, theirs].every((lines) =>
    [...wordCounts(lines.join('\n'))].every(([word, count]) => {
      const before = old.get(word) ?? 0;
      return count <= before || (kept.get(word) ?? 0) >= count;
    }),
  );
}

function wordCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.match(/[^ \t\f\v\r\n,[\]{}"']+/g) ?? [])
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
