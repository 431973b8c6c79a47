import { isUtf8 } from 'node:buffer';
import type { Sides } from './conflict-markers.ts';
import { diff3, type Span, type Stretch } from './diff3.ts';
import { mergedButForLayout } from './layout-only.ts';
import { linesAt, type Part, settledAs } from './parts.ts';
import { saysTheMerge, withSecondChance } from './second-chance.ts';
import { isText, type TextLines, textLines } from './text-lines.ts';
import { type TextWriter, textWriter } from './text-writer.ts';

/** The same file three times: as last wanted, as it is on disk, as it is wanted now. */
export interface TextVersions {
  readonly base: Uint8Array;
  readonly yours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** The merge as far as it goes without a person. */
export interface MergedText {
  readonly kind: 'parts';
  readonly parts: readonly Part[];
  readonly bytesOf: TextWriter;
}

type Texts = Readonly<Record<keyof TextVersions, TextLines>>;

/** Merges line by line, then without regard to white space, then by the values of the file. */
export function mergedParts(
  path: string,
  { base, yours, theirs }: TextVersions,
): MergedText | { readonly kind: 'not-text' } | { readonly kind: 'too-hard' } {
  const only = changedAlone(base, yours, theirs);
  if (only !== undefined) return { kind: 'parts', parts: [], bytesOf: () => only };
  if (![base, yours, theirs].every(isText)) return { kind: 'not-text' };
  const texts: Texts = { base: textLines(base), yours: textLines(yours), theirs: textLines(theirs) };
  const sides = { base: texts.base.lines, yours: texts.yours.lines, theirs: texts.theirs.lines };
  const stretches = diff3(sides, 'together');
  if (stretches === undefined) return { kind: 'too-hard' };
  // Lines of the template in a file of another encoding would make a text that no program reads.
  if (isUtf8(yours) !== isUtf8(theirs) && stretches.some((stretch) => takesForeign(texts, stretch))) {
    return { kind: 'not-text' };
  }
  const byLines = stretches.map((stretch) => withoutLayout(partOf(texts, stretch)));
  return { kind: 'parts', parts: settledParts(path, texts, sides, byLines), bytesOf: textWriter(texts) };
}

/** The bytes of the side that changed, where only one did or both did alike. */
function changedAlone(base: Uint8Array, yours: Uint8Array, theirs: Uint8Array): Uint8Array | undefined {
  if (Buffer.compare(base, theirs) === 0 || Buffer.compare(yours, theirs) === 0) return yours;
  return Buffer.compare(base, yours) === 0 ? theirs : undefined;
}

/** What lines settle, and then values; what reads as something else than the keyed merge is a conflict after all. */
function settledParts(path: string, texts: Texts, sides: Sides, byLines: readonly Part[]): readonly Part[] {
  const settled = withSecondChance(path, byLines);
  if (settled.some(({ kind }) => kind === 'conflict')) return settled;
  if (saysTheMerge(path, sides, settled.flatMap(linesAt('yours')))) return settled;
  if (byLines.some(({ kind }) => kind === 'conflict')) return byLines;
  return withSecondChance(
    path,
    inOnePlace(sides).map((stretch) => partOf(texts, stretch)),
  );
}

/** All that differs, from the first line to the last, as one conflict. */
function inOnePlace({ base, yours, theirs }: Sides): readonly Stretch[] {
  const shortest = Math.min(base.length, yours.length, theirs.length);
  let start = 0;
  while (start < shortest && base[start] === yours[start] && base[start] === theirs[start]) start++;
  let end = 0;
  while (
    end < shortest - start &&
    base.at(-1 - end) === yours.at(-1 - end) &&
    base.at(-1 - end) === theirs.at(-1 - end)
  )
    end++;
  const head = { from: 0, to: start };
  const middle = ({ length }: readonly string[]) => ({ from: start, to: length - end });
  const tail = ({ length }: readonly string[]) => ({ from: length - end, to: length });
  return [
    { take: 'yours', base: head, yours: head, theirs: head },
    { take: 'conflict', base: middle(base), yours: middle(yours), theirs: middle(theirs) },
    { take: 'yours', base: tail(base), yours: tail(yours), theirs: tail(theirs) },
  ];
}

function takesForeign({ theirs }: Texts, stretch: Stretch): boolean {
  return stretch.take !== 'yours' && linesIn(theirs, stretch.theirs).some((line) => /[\x80-\xff]/.test(line));
}

function linesIn({ lines }: TextLines, { from, to }: Span): readonly string[] {
  return lines.slice(from, to);
}

function partOf({ base, yours, theirs }: Texts, stretch: Stretch): Part {
  const mine = linesIn(yours, stretch.yours);
  const ends = yours.ends.slice(stretch.yours.from, stretch.yours.to);
  switch (stretch.take) {
    case 'yours':
      return { kind: 'lines', lines: mine, ends };
    case 'theirs':
      return { kind: 'lines', lines: linesIn(theirs, stretch.theirs) };
    case 'conflict':
      return {
        kind: 'conflict',
        ends,
        sides: { base: linesIn(base, stretch.base), yours: mine, theirs: linesIn(theirs, stretch.theirs) },
      };
  }
}

function withoutLayout(part: Part): Part {
  const lines = part.kind === 'conflict' ? mergedButForLayout(part.sides) : undefined;
  return part.kind === 'conflict' && lines !== undefined ? settledAs(lines, part) : part;
}
