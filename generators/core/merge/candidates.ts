import type { Sides } from './conflict-markers.ts';
import { diff3 } from './diff3.ts';
import type { Order } from './keyed-merge.ts';
import { hunksBetween } from './line-diff.ts';
import { isShort, wordsOf } from './words.ts';

/** A text that a conflict may become, to be judged by what the whole file then says. */
export interface Candidate {
  readonly order: Order;
  readonly text: string;
}

const ORDERS: readonly Order[] = ['yours first', 'theirs first'];

/** The user's text alone, then both sides joined: line by line before word by word, the user's first. */
export function candidateTexts(sides: Sides): readonly Candidate[] {
  const texts = ORDERS.flatMap((order) => {
    const lines = joinedTexts(sides, order, '\n');
    const words = isShort(sides) ? joinedTexts(wordsOf(sides), order, '') : [];
    return [...lines, ...lines.map(withCommas), ...words].map((text) => ({ order, text }));
  });
  return [{ order: 'yours first', text: sides.yours.join('\n') }, ...texts];
}

/** Once with what both sides added alike written once, once with all of both. */
function joinedTexts(sides: Sides, order: Order, between: string): string[] {
  const stretches = diff3(sides, 'apart');
  if (stretches === undefined) return [];
  return [unionOf, concatenated].map((join) =>
    stretches
      .flatMap(({ take, yours, theirs }) => {
        const mine = sides.yours.slice(yours.from, yours.to);
        const other = sides.theirs.slice(theirs.from, theirs.to);
        if (take === 'conflict') return join(mine, other, order);
        return take === 'yours' ? mine : other;
      })
      .join(between),
  );
}

function concatenated(mine: readonly string[], other: readonly string[], order: Order): readonly string[] {
  return order === 'yours first' ? [...mine, ...other] : [...other, ...mine];
}

/** Both lists in one: what they share once, the rest side by side. */
export function unionOf(mine: readonly string[], other: readonly string[], order: Order): readonly string[] {
  const union: string[] = [];
  let at = 0;
  for (const { fromBefore, toBefore, fromAfter, toAfter } of hunksBetween(mine, other) ?? []) {
    union.push(...mine.slice(at, fromBefore));
    union.push(...concatenated(mine.slice(fromBefore, toBefore), other.slice(fromAfter, toAfter), order));
    at = toBefore;
  }
  return [...union, ...mine.slice(at)];
}

/** A comma between two items that stand on lines of their own, as JSON and TOML want it. */
function withCommas(text: string): string {
  return text.replaceAll(/([\w"'\]}])([^\S\n]*\n\s*)(?=["'[{\w-])/g, '$1,$2');
}
