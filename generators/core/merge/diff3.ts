import { gitHunks } from './git-hunks.ts';
import { type Hunk, hunksBetween } from './line-diff.ts';

/** `from..to` in a list of items. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * A stretch of the three lists. `yours`: take the user's items, which are unchanged, changed by the user alone, or
 * changed alike by both. `theirs`: the template's change alone. `conflict`: both changed it, each in its own way.
 */
export interface Stretch {
  readonly take: 'yours' | 'theirs' | 'conflict';
  readonly base: Span;
  readonly yours: Span;
  readonly theirs: Span;
}

interface Three {
  readonly base: readonly string[];
  readonly yours: readonly string[];
  readonly theirs: readonly string[];
}

/** Whether two changes that touch, with no unchanged item between them, are one. In git's merge they are. */
type Touching = 'together' | 'apart';

// Only parts of a file are merged apart, but often, to try what they might become.
const MOST_EDITS_APART = 1000;

/**
 * The three lists in stretches, in order and without gaps. Where finding them takes too much effort git is asked for a
 * whole file; nothing without git, and for parts.
 */
export function diff3(lists: Three, touching: Touching): Stretch[] | undefined {
  const hunksTo = (side: readonly string[]) =>
    touching === 'apart'
      ? hunksBetween(lists.base, side, MOST_EDITS_APART)
      : (hunksBetween(lists.base, side) ?? gitHunks(lists.base, side));
  const yours = hunksTo(lists.yours);
  const theirs = yours && hunksTo(lists.theirs);
  return yours && theirs && stretchesOf(lists, { yours, theirs }, touching);
}

/** The stretches for changes that are known. */
export function stretchesOf(
  lists: Three,
  hunks: { readonly yours: readonly Hunk[]; readonly theirs: readonly Hunk[] },
  touching: Touching,
): Stretch[] {
  const stretches: Stretch[] = [];
  let at = { base: 0, yours: 0, theirs: 0 };
  for (const group of groupedHunks(hunks.yours, hunks.theirs, touching)) {
    const span = spanOf(group);
    stretches.push(keptFrom(at, span.from - at.base));
    const changed = changedStretch(lists, group, span, {
      yours: at.yours + span.from - at.base,
      theirs: at.theirs + span.from - at.base,
    });
    stretches.push(changed);
    at = { base: changed.base.to, yours: changed.yours.to, theirs: changed.theirs.to };
  }
  stretches.push(keptFrom(at, lists.base.length - at.base));
  return stretches.filter(({ base, yours, theirs }) =>
    [base, yours, theirs].some((span) => span.from < span.to),
  );
}

/** Changes of the two sides that have to do with each other. */
interface Group {
  readonly yours: Hunk[];
  readonly theirs: Hunk[];
}

function groupedHunks(yours: readonly Hunk[], theirs: readonly Hunk[], touching: Touching): Group[] {
  const sided = [
    ...yours.map((hunk) => ({ side: 'yours' as const, hunk })),
    ...theirs.map((hunk) => ({ side: 'theirs' as const, hunk })),
  ].sort((a, b) => a.hunk.fromBefore - b.hunk.fromBefore || a.hunk.toBefore - b.hunk.toBefore);
  const groups: Group[] = [];
  let end = -1;
  let isInsertion = false;
  for (const { side, hunk } of sided) {
    const meets: boolean =
      hunk.fromBefore < end ||
      (hunk.fromBefore === end && (touching === 'together' || (isInsertion && hunk.toBefore === end)));
    if (!meets) groups.push({ yours: [], theirs: [] });
    groups.at(-1)?.[side].push(hunk);
    isInsertion = meets ? isInsertion && hunk.toBefore === end : hunk.fromBefore === hunk.toBefore;
    end = meets ? Math.max(end, hunk.toBefore) : hunk.toBefore;
  }
  return groups;
}

function spanOf({ yours, theirs }: Group): Span {
  return [...yours, ...theirs].reduce(
    ({ from, to }, { fromBefore, toBefore }) => ({
      from: Math.min(from, fromBefore),
      to: Math.max(to, toBefore),
    }),
    { from: Number.POSITIVE_INFINITY, to: 0 },
  );
}

function changedStretch(
  lists: Three,
  group: Group,
  base: Span,
  from: { readonly yours: number; readonly theirs: number },
): Stretch {
  const yours = { from: from.yours, to: from.yours + base.to - base.from + growthOf(group.yours) };
  const theirs = { from: from.theirs, to: from.theirs + base.to - base.from + growthOf(group.theirs) };
  const take = group.theirs.length === 0 ? 'yours' : group.yours.length === 0 ? 'theirs' : undefined;
  const isAlike = sameItems(lists.yours, yours, lists.theirs, theirs);
  return { take: take ?? (isAlike ? 'yours' : 'conflict'), base, yours, theirs };
}

function growthOf(hunks: readonly Hunk[]): number {
  return hunks.reduce(
    (sum, hunk) => sum + hunk.toAfter - hunk.fromAfter - hunk.toBefore + hunk.fromBefore,
    0,
  );
}

function sameItems(a: readonly string[], inA: Span, b: readonly string[], inB: Span): boolean {
  if (inA.to - inA.from !== inB.to - inB.from) return false;
  for (let at = 0; at < inA.to - inA.from; at++) if (a[inA.from + at] !== b[inB.from + at]) return false;
  return true;
}

function keptFrom(at: { base: number; yours: number; theirs: number }, length: number): Stretch {
  const span = (from: number) => ({ from, to: from + length });
  return { take: 'yours', base: span(at.base), yours: span(at.yours), theirs: span(at.theirs) };
}
