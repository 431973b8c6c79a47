import type { Sides } from './conflict-markers.ts';
import { diff3 } from './diff3.ts';
import { hunksBetween } from './line-diff.ts';
import { indentedWordsOf, isShort, wordsOf } from './words.ts';

/** How the additions of both sides to one place become one list. */
type Join = (yours: readonly string[], theirs: readonly string[]) => readonly string[];

// A block of a few lines may have to go between the lines of another, such as a key below the section it belongs to.
const LONGEST_SPLIT = 8;

/**
 * What a conflict may become, to be judged by what the whole file then says: the user's text alone, then both sides
 * joined, line by line before word by word and the user's first.
 */
export function candidateTexts(sides: Sides): readonly string[] {
  const lines = joinedTexts(sides, [...JOINS, ...splitJoins(sides)], '\n');
  const words = isShort(sides)
    ? [indentedWordsOf(sides), wordsOf(sides)].flatMap((lists) => joinedTexts(lists, JOINS, ''))
    : [];
  const texts = [sides.yours.join('\n'), ...lines, ...words];
  return [...new Set([...texts, ...texts.map(withMendedCommas)])];
}

const JOINS: readonly Join[] = [
  (yours, theirs) => [...yours, ...theirs],
  (yours, theirs) => [...theirs, ...yours],
  unionOf,
  (yours, theirs) => unionOf(theirs, yours),
];

function splitJoins({ yours, theirs }: Sides): Join[] {
  const places = (lines: readonly string[]) =>
    Array.from({ length: Math.min(lines.length, LONGEST_SPLIT) }, (_, at) => at + 1);
  const around = (outer: readonly string[], at: number, inner: readonly string[]) => [
    ...outer.slice(0, at),
    ...inner,
    ...outer.slice(at),
  ];
  return [
    ...places(yours).map(
      (at): Join =>
        (mine, other) =>
          around(mine, at, other),
    ),
    ...places(theirs).map(
      (at): Join =>
        (mine, other) =>
          around(other, at, mine),
    ),
  ];
}

function joinedTexts(sides: Sides, joins: readonly Join[], between: string): string[] {
  const stretches = diff3(sides, 'apart') ?? [];
  return joins.map((join) =>
    stretches
      .flatMap(({ take, yours, theirs }) => {
        const mine = sides.yours.slice(yours.from, yours.to);
        const other = sides.theirs.slice(theirs.from, theirs.to);
        if (take === 'conflict') return join(mine, other);
        return take === 'yours' ? mine : other;
      })
      .join(between),
  );
}

/** Both lists in one: what they share once, the rest of the first before the rest of the second. */
function unionOf(first: readonly string[], second: readonly string[]): readonly string[] {
  const hunks = hunksBetween(first, second) ?? [];
  const parts = hunks.map(({ toBefore, fromAfter, toAfter }, at) => [
    ...first.slice(hunks[at - 1]?.toBefore ?? 0, toBefore),
    ...second.slice(fromAfter, toAfter),
  ]);
  return [...parts.flat(), ...first.slice(hunks.at(-1)?.toBefore ?? 0)];
}

/** One comma between two items, none before the first or, as JSON wants it, after the last. */
function withMendedCommas(text: string): string {
  // What stands in a comment is nobody's list.
  if (text.includes('#')) return text;
  return text
    .replaceAll(/([\w"'\]}])([^\S\n]*\n\s*)(?=["'[{\w-])/g, '$1,$2')
    .replaceAll(/,(\s*),/g, ',$1')
    .replaceAll(/([[{]\s*),[^\S\n]*/g, '$1')
    .replaceAll(/,(\s*[\]}])/g, '$1');
}
