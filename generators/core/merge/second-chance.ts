import { type Candidate, candidateTexts } from './candidates.ts';
import type { Sides } from './conflict-markers.ts';
import { mergedValue } from './keyed-merge.ts';
import { type Format, formatOf, parsedValue, textOfValue, type Value } from './structured-value.ts';
import { readableText } from './text-lines.ts';

/** Lines that are settled, or the three sides of a place that is not. */
export type Part = SettledPart | ConflictPart;

/** `ends`: how the user ends each of the lines; without it, as most lines of the user's file. */
export interface SettledPart {
  readonly kind: 'lines';
  readonly lines: readonly string[];
  readonly ends?: readonly string[] | undefined;
}

/** `ends`: of the user's lines. */
export interface ConflictPart {
  readonly kind: 'conflict';
  readonly sides: Sides;
  readonly ends: readonly string[];
}

// Each place is tried some twenty times, each time by reading the whole file.
const MOST_PLACES = 20;
const MOST_BYTES = 256 * 1024;

/**
 * Settles places where lines conflict but values do not, such as two additions to one list: a candidate text is
 * taken if the file then says exactly what the keyed merge of the three files says. Only text of the two sides is
 * ever put together; no file is written anew from its values.
 */
export function withSecondChance(path: string, parts: readonly Part[]): readonly Part[] {
  const format = formatOf(path);
  const places = parts.filter(({ kind }) => kind === 'conflict').length;
  const bytes = parts.flatMap(linesAt('theirs')).reduce((sum, line) => sum + line.length, 0);
  if (format === undefined || places === 0 || places > MOST_PLACES || bytes > MOST_BYTES) return parts;
  const settled = parts.map((part, at) => {
    if (part.kind === 'lines') return part;
    const lines = settledPlace(format, parts, at, part.sides);
    return lines === undefined ? part : { kind: 'lines' as const, lines, ends: endsOf(lines, part) };
  });
  return saysTheMerge(format, parts, settled) ? settled : parts;
}

/** The user's own line ends where the user's lines were taken as they are. */
export function endsOf(
  lines: readonly string[],
  { sides, ends }: ConflictPart,
): readonly string[] | undefined {
  return lines.join('\n') === sides.yours.join('\n') ? ends : undefined;
}

type Side = keyof Sides;

function linesAt(side: Side): (part: Part) => readonly string[] {
  return (part) => (part.kind === 'lines' ? part.lines : part.sides[side]);
}

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
  for (const word of text.match(/[^\s,[\]{}"']+/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The places together: they were settled one by one, and each in an order of its own. */
function saysTheMerge(format: Format, parts: readonly Part[], settled: readonly Part[]): boolean {
  if (settled.some(({ kind }) => kind === 'conflict')) return true;
  const result = valueIn(format, settled.flatMap(linesAt('yours')));
  if (result === undefined) return false;
  const [base, yours, theirs] = (['base', 'yours', 'theirs'] as const).map((side) =>
    valueIn(format, parts.flatMap(linesAt(side))),
  );
  const merged = mergedValue({ base, yours, theirs }, 'yours first');
  return merged === 'conflict' || textOfValue(merged, 'sorted') === textOfValue(result, 'sorted');
}
