import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Hunk, hunksBetween } from '../../generators/core/merge/line-diff.ts';

const lists = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 14 });

function applied(before: readonly string[], after: readonly string[], hunks: readonly Hunk[]): string[] {
  const parts = hunks.map((hunk, at) => [
    ...before.slice(hunks[at - 1]?.toBefore ?? 0, hunk.fromBefore),
    ...after.slice(hunk.fromAfter, hunk.toAfter),
  ]);
  return [...parts.flat(), ...before.slice(hunks.at(-1)?.toBefore ?? 0)];
}

/** The length of the longest common subsequence, by the table that everybody knows. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, () => 0);
  for (const item of a) {
    const next = [0];
    b.forEach((other, at) => {
      next.push(item === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

it('leads from one list to the other in the fewest edits', () => {
  const property = fc.property(lists, lists, (before, after) => {
    const hunks = hunksBetween(before, after) ?? [];
    expect(applied(before, after, hunks)).toEqual(after);
    const edits = hunks.reduce(
      (sum, { fromBefore, toBefore, fromAfter, toAfter }) =>
        sum + toBefore - fromBefore + toAfter - fromAfter,
      0,
    );
    expect(edits).toBe(before.length + after.length - 2 * commonLength(before, after));
  });
  fc.assert(property, { numRuns: 3000 });
});

it('says that an item was added after its equals, not before or between them', () => {
  expect(hunksBetween(['a', 'b', 'b', 'c'], ['a', 'b', 'b', 'b', 'c'])).toEqual([
    { fromBefore: 3, toBefore: 3, fromAfter: 3, toAfter: 4 },
  ]);
});

it('joins an addition to a change that it can stand beside', () => {
  expect(hunksBetween(['x', 'a', 'b', 'a'], ['y', 'a', 'b', 'a', 'b', 'a'])).toEqual([
    { fromBefore: 0, toBefore: 1, fromAfter: 0, toAfter: 3 },
  ]);
});

it('gives up where it takes more edits than it may', () => {
  const [before, after] = [
    ['a', 'b', 'c', 'd'],
    ['d', 'c', 'b', 'a'],
  ];
  expect(hunksBetween(before, after, 5)).toBe(undefined);
  expect(hunksBetween(before, after, 6)).not.toBe(undefined);
});
