import { gitChanges } from '../io/git.ts';
import { type Hunk, numbered } from './line-diff.ts';

/**
 * The changes as git finds them, which gives up the shortest script where that would take too long; nothing without
 * git. It sees a number a line, so neither what a line holds nor how a repository is set up matters.
 */
export function gitHunks(before: readonly string[], after: readonly string[]): Hunk[] | undefined {
  const [a, b] = numbered(before, after);
  const text = (numbers: readonly number[]) => numbers.map((number) => `${number}\n`).join('');
  return gitChanges(text(a), text(b))?.map(hunkFrom);
}

function hunkFrom(head: string): Hunk {
  const [, a = '', manyA = '1', b = '', manyB = '1'] =
    /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(head) ?? [];
  const before = spanFrom(Number(a), Number(manyA));
  const after = spanFrom(Number(b), Number(manyB));
  return { fromBefore: before.from, toBefore: before.to, fromAfter: after.from, toAfter: after.to };
}

/** Lines count from 1; an empty span is named by the line before it. */
function spanFrom(first: number, count: number): { readonly from: number; readonly to: number } {
  const from = count === 0 ? first : first - 1;
  return { from, to: from + count };
}
