import { textLines } from './text-lines.ts';

/** What stands behind the markers of the three sides; `theirs` is a word and a colon: `template: small-data → hybrid`. */
export interface MergeLabels {
  readonly yours: string;
  readonly base: string;
  readonly theirs: string;
}

/** The three sides of a place where both changed the text, as byte text without line ends. */
export interface Sides {
  readonly base: readonly string[];
  readonly yours: readonly string[];
  readonly theirs: readonly string[];
}

/** A conflict as lines, in the way that git and editors know as diff3. */
export function markedLines({ base, yours, theirs }: Sides, labels: MergeLabels, size: number): string[] {
  const marker = (character: string, label: string) =>
    `${character.repeat(size)} ${Buffer.from(label.replaceAll(/\s+/g, ' '), 'utf8').toString('latin1')}`;
  return [
    marker('<', labels.yours),
    ...yours,
    marker('|', labels.base),
    ...base,
    '='.repeat(size),
    ...theirs,
    marker('>', labels.theirs),
  ];
}

/** 7 as in git, or so many more that no line of a conflict can be taken for a marker. */
export function markerSize(sides: readonly Sides[]): number {
  const lines = sides.flatMap(({ base, yours, theirs }) => [...base, ...yours, ...theirs]);
  const lengths = new Set(lines.map((line) => /^(<+|\|+|=+|>+)(?= |$)/.exec(line)?.[0].length ?? 0));
  let size = 7;
  while (lengths.has(size)) size++;
  return size;
}

// Exact lines of ours: a heading underlined with `=======` or a quotation of git's own markers is none.
const OURS = /^(<{7,} yours|\|{7,} base|>{7,} [a-z]+: .*)$/;

/** Whether markers of an earlier run are left; those that the base holds as well are the template's own text. */
export function hasConflictMarkers(bytes: Uint8Array, base?: Uint8Array): boolean {
  return markersIn(bytes) > (base === undefined ? 0 : markersIn(base));
}

function markersIn(bytes: Uint8Array): number {
  return textLines(bytes).lines.filter((line) => OURS.test(line)).length;
}
