import { isUtf8 } from 'node:buffer';
import type { RelPath } from '../rel-path.ts';
import { candidateTexts } from './candidates.ts';
import { mergedValue } from './keyed-merge.ts';
import { hunksBetween } from './line-diff.ts';
import { isLockFile } from './lock-file.ts';
import { withMissingEntries } from './missing-entries.ts';
import { type Format, formatOf, parsedValue, textOfValue, type Value } from './structured-value.ts';
import {
  commonEnd,
  endsWithNewline,
  isText,
  readableText,
  type TextLines,
  textBytes,
  textLines,
} from './text-lines.ts';

const MOST_BYTES = 256 * 1024;

/**
 * The user's file with the entries of the template's that it lacks, for a path without a base. The user's lines stay
 * as they are; nothing if a key has two values, if an order would have to be invented, or if it is no such file.
 */
export function keyedUnion(
  path: RelPath | string,
  yours: Uint8Array,
  theirs: Uint8Array,
): Uint8Array | undefined {
  const format = formatOf(path);
  if (format === undefined || isLockFile(path) || ![yours, theirs].every(isJoinable)) return undefined;
  if (isUtf8(yours) !== isUtf8(theirs)) return undefined;
  const [mine, other] = [textLines(yours), textLines(theirs)];
  const union = unionLines(format, mine.lines, other.lines);
  return union && textBytes(mine.hasBom, endedAs(mine, union));
}

function isJoinable(bytes: Uint8Array): boolean {
  return isText(bytes) && bytes.byteLength <= MOST_BYTES;
}

function unionLines(
  format: Format,
  yours: readonly string[],
  theirs: readonly string[],
): readonly string[] | undefined {
  const versions = { base: undefined, yours: valueIn(format, yours), theirs: valueIn(format, theirs) };
  if (versions.yours === undefined || versions.theirs === undefined) return undefined;
  const merged = mergedValue(versions, 'yours first');
  if (merged === 'conflict') return undefined;
  const wanted = textOfValue(merged, 'sorted');
  if (textOfValue(versions.yours, 'sorted') === wanted) return yours;
  // `!x` takes back what stands above it: where an entry is put has a meaning.
  if (format === 'patterns' && [...yours, ...theirs].some((line) => line.startsWith('!'))) return undefined;
  const candidates = [
    withMissingEntries(format, yours, theirs),
    ...candidateTexts({ base: sharedLines(yours, theirs), yours, theirs }).map((text) => text.split('\n')),
  ];
  return candidates.find((lines) => textOfValue(valueIn(format, lines), 'sorted') === wanted);
}

function valueIn(format: Format, lines: readonly string[]): Value | undefined {
  return parsedValue(format, readableText(`${lines.join('\n')}\n`));
}

function sharedLines(yours: readonly string[], theirs: readonly string[]): readonly string[] {
  const hunks = hunksBetween(yours, theirs);
  if (hunks === undefined) return [];
  const before = hunks.map(({ fromBefore }, at) => yours.slice(hunks[at - 1]?.toBefore ?? 0, fromBefore));
  return [...before.flat(), ...yours.slice(hunks.at(-1)?.toBefore ?? 0)];
}

/** Each line with the end that it has in the user's file, a new one with the end of most. */
function endedAs(mine: TextLines, union: readonly string[]): string[] {
  const end = commonEnd(mine);
  const ended = union.map((line) => line + end);
  let at = 0;
  let to = 0;
  for (const hunk of [...(hunksBetween(mine.lines, union) ?? []), undefined]) {
    for (; at < (hunk?.fromBefore ?? mine.lines.length); at++, to++)
      ended[to] = (union[to] ?? '') + (mine.ends[at] || end);
    if (hunk !== undefined) [at, to] = [hunk.toBefore, hunk.toAfter];
  }
  const last = union.at(-1);
  if (last !== undefined && !endsWithNewline(mine)) ended[ended.length - 1] = last;
  return ended;
}
