import { diffArrays } from 'diff';
import { slideChanges } from './slide-changes.ts';

/** `before[fromBefore..toBefore)` became `after[fromAfter..toAfter)`; one of the two may be empty, not both. */
export interface Hunk {
  readonly fromBefore: number;
  readonly toBefore: number;
  readonly fromAfter: number;
  readonly toAfter: number;
}

// The work grows with the square of the edits: 3,000 are about half a second. Lines that only one side has are no
// part of the search and do not count, so a file that was rewritten from top to bottom costs nothing.
const MOST_EDITS = 3000;

/** The changes from one list to another, in order: Myers' shortest script; nothing if it takes too many edits. */
export function hunksBetween(
  before: readonly string[],
  after: readonly string[],
  mostEdits = MOST_EDITS,
): Hunk[] | undefined {
  const [a, b] = numbered(before, after);
  const changed = changedItems(a, b, mostEdits);
  if (changed === undefined) return undefined;
  slideChanges(a, changed.a, changed.b);
  slideChanges(b, changed.b, changed.a);
  return hunksOf(changed.a, changed.b);
}

/** Both lists with equal strings as equal numbers, which compare in one step however long a line is. */
export function numbered(before: readonly string[], after: readonly string[]): readonly [number[], number[]] {
  const numbers = new Map<string, number>();
  const numberOf = (text: string) => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  return [before.map(numberOf), after.map(numberOf)];
}

/** 1 for each item that has no partner on the other side. */
interface Changed {
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

function changedItems(a: readonly number[], b: readonly number[], mostEdits: number): Changed | undefined {
  const start = commonLength(Math.min(a.length, b.length), (at) => a[at] === b[at]);
  const rest = Math.min(a.length, b.length) - start;
  const end = commonLength(rest, (at) => a[a.length - 1 - at] === b[b.length - 1 - at]);
  const changed = { a: new Uint8Array(a.length), b: new Uint8Array(b.length) };
  changed.a.fill(1, start, a.length - end);
  changed.b.fill(1, start, b.length - end);
  const keptA = sharedItems(a, start, a.length - end, new Set(b.slice(start, b.length - end)));
  const keptB = sharedItems(b, start, b.length - end, new Set(a.slice(start, a.length - end)));
  return pairItems(a, b, keptA, keptB, changed, mostEdits) ? changed : undefined;
}

function commonLength(most: number, isCommon: (at: number) => boolean): number {
  let length = 0;
  while (length < most && isCommon(length)) length++;
  return length;
}

/** The places of the items that the other side has too. */
function sharedItems(
  items: readonly number[],
  from: number,
  to: number,
  other: ReadonlySet<number>,
): number[] {
  const places: number[] = [];
  for (let at = from; at < to; at++) if (other.has(items[at] ?? -1)) places.push(at);
  return places;
}

/** Marks as unchanged what the shortest script keeps; false if that takes too many edits. */
function pairItems(
  a: readonly number[],
  b: readonly number[],
  keptA: readonly number[],
  keptB: readonly number[],
  changed: Changed,
  maxEditLength: number,
): boolean {
  const parts = diffArrays(
    keptA.map((at) => a[at]),
    keptB.map((at) => b[at]),
    { maxEditLength },
  );
  let [atA, atB] = [0, 0];
  for (const { added, removed, count } of parts ?? []) {
    if (!added && !removed) {
      for (let step = 0; step < count; step++) {
        changed.a[keptA[atA + step] ?? 0] = 0;
        changed.b[keptB[atB + step] ?? 0] = 0;
      }
    }
    if (!added) atA += count;
    if (!removed) atB += count;
  }
  return parts !== undefined;
}

function hunksOf(changedA: Uint8Array, changedB: Uint8Array): Hunk[] {
  const hunks: Hunk[] = [];
  for (let [a, b] = [0, 0]; a < changedA.length || b < changedB.length; a++, b++) {
    const [fromBefore, fromAfter] = [a, b];
    while (changedA[a] === 1) a++;
    while (changedB[b] === 1) b++;
    if (a > fromBefore || b > fromAfter) hunks.push({ fromBefore, toBefore: a, fromAfter, toAfter: b });
  }
  return hunks;
}
