import { isUtf8 } from 'node:buffer';
import { diff3, type Span, type Stretch } from './diff3.ts';
import { mergedButForLayout } from './layout-only.ts';
import { type ConflictPart, endsOf, type Part, type SettledPart, withSecondChance } from './second-chance.ts';
import { commonEnd, endsWithNewline, isText, type TextLines, textBytes, textLines } from './text-lines.ts';

/** The same file three times: as last wanted, as it is on disk, as it is wanted now. */
export interface TextVersions {
  readonly base: Uint8Array;
  readonly yours: Uint8Array;
  readonly theirs: Uint8Array;
}

/** Lines of ours around a conflict: after the last of them there is always a newline. */
interface MarkedPart {
  readonly kind: 'marked';
  readonly lines: readonly string[];
  readonly ends: readonly string[];
}

/** The merge as far as it goes without a person, and how parts become bytes in the user's layout. */
export interface MergedText {
  readonly kind: 'parts';
  readonly parts: readonly Part[];
  readonly bytesOf: (parts: readonly (SettledPart | MarkedPart)[]) => Uint8Array;
}

type Texts = Readonly<Record<keyof TextVersions, TextLines>>;

/** Merges line by line, then without regard to white space, then by the values of the file. */
export function mergedParts(
  path: string,
  { base, yours, theirs }: TextVersions,
): MergedText | { readonly kind: 'not-text' } | { readonly kind: 'too-hard' } {
  if (![base, yours, theirs].every(isText)) return { kind: 'not-text' };
  const texts: Texts = { base: textLines(base), yours: textLines(yours), theirs: textLines(theirs) };
  const stretches = diff3(
    { base: texts.base.lines, yours: texts.yours.lines, theirs: texts.theirs.lines },
    'together',
  );
  if (stretches === undefined) return { kind: 'too-hard' };
  // Lines of the template in a file of another encoding would make a text that no program reads.
  if (isUtf8(yours) !== isUtf8(theirs) && stretches.some((stretch) => takesForeign(texts, stretch))) {
    return { kind: 'not-text' };
  }
  const parts = stretches.map((stretch) => partOf(path, texts, stretch));
  return { kind: 'parts', parts: withSecondChance(path, parts), bytesOf: writer(texts) };
}

function takesForeign({ theirs }: Texts, stretch: Stretch): boolean {
  return stretch.take !== 'yours' && linesIn(theirs, stretch.theirs).some((line) => /[\x80-\xff]/.test(line));
}

function linesIn({ lines }: TextLines, { from, to }: Span): readonly string[] {
  return lines.slice(from, to);
}

function partOf(path: string, { base, yours, theirs }: Texts, stretch: Stretch): Part {
  const mine = {
    lines: linesIn(yours, stretch.yours),
    ends: yours.ends.slice(stretch.yours.from, stretch.yours.to),
  };
  switch (stretch.take) {
    case 'yours':
      return { kind: 'lines', ...mine };
    case 'theirs':
      return { kind: 'lines', lines: linesIn(theirs, stretch.theirs) };
    case 'conflict':
      return settledLayout(path, {
        kind: 'conflict',
        sides: {
          base: linesIn(base, stretch.base),
          yours: mine.lines,
          theirs: linesIn(theirs, stretch.theirs),
        },
        ends: mine.ends,
      });
  }
}

function settledLayout(path: string, part: ConflictPart): Part {
  const lines = mergedButForLayout(path, part.sides);
  return lines === undefined ? part : { kind: 'lines', lines, ends: endsOf(lines, part) };
}

/** The byte order mark and the last newline merge like everything else; line ends are the user's. */
function writer({ base, yours, theirs }: Texts): MergedText['bytesOf'] {
  const hasBom = mergedFlag(base.hasBom, yours.hasBom, theirs.hasBom);
  const isEnded = mergedFlag(endsWithNewline(base), endsWithNewline(yours), endsWithNewline(theirs));
  const end = commonEnd(yours.ends.length > 0 ? yours : theirs);
  return (parts) => {
    const pieces = parts.flatMap(({ lines, ends }) => lines.map((line, at) => line + (ends?.[at] || end)));
    const last = pieces.at(-1);
    if (last !== undefined && !isEnded && parts.at(-1)?.kind === 'lines') {
      pieces[pieces.length - 1] = last.replace(/\r?\n$/, '');
    }
    return textBytes(hasBom, pieces);
  };
}

/** Of yes and no there is no conflict: who changed it decides. */
function mergedFlag(base: boolean, yours: boolean, theirs: boolean): boolean {
  return yours === base ? theirs : yours;
}
