import type { Archetype } from './archetypes.ts';
import type { Evidence } from './evidence.ts';
import type { Verdict } from './verdict.ts';

/** One answer, in words, with what it is worth for the leading archetype. */
export interface Argument {
  readonly words: string;
  readonly points: number;
  /** Where it was found, if it was. */
  readonly where?: string;
}

/** For and against the leading archetype. All the points shown add up to its score. */
export interface Arguments {
  readonly strongest: readonly Argument[];
  readonly opposing: readonly Argument[];
  /** The other answers, as one line. */
  readonly rest: { readonly count: number; readonly points: number };
  /** Caps that took points away, and the bonus. */
  readonly adjustments: readonly (Argument & { readonly kind: 'cap' | 'bonus' })[];
  readonly score: number;
}

const MOST_FOR = 3;
const MOST_AGAINST = 2;

/** The three answers that count most for the leading archetype, the two most against it, and all the rest. */
export function argumentsFor(verdict: Verdict): Arguments {
  const { archetype, evidence } = verdict;
  const worth = (one: Evidence) => one.points[archetype];
  const strongest = evidence.filter((one) => worth(one) > 0).toSorted((a, b) => worth(b) - worth(a));
  const opposing = evidence.filter((one) => worth(one) < 0).toSorted((a, b) => worth(a) - worth(b));
  const shown = [...strongest.slice(0, MOST_FOR), ...opposing.slice(0, MOST_AGAINST)];
  const others = evidence.filter((one) => !shown.includes(one));
  return {
    strongest: strongest.slice(0, MOST_FOR).map((one) => argument(one, archetype)),
    opposing: opposing.slice(0, MOST_AGAINST).map((one) => argument(one, archetype)),
    rest: { count: others.length, points: others.reduce((sum, one) => sum + worth(one), 0) },
    adjustments: verdict.adjustments
      .filter((one) => one.points[archetype] !== 0)
      .map((one) => ({ kind: one.kind, words: one.reason, points: one.points[archetype] })),
    score: verdict.scores[archetype],
  };
}

function argument(evidence: Evidence, archetype: Archetype): Argument {
  return {
    words: evidence.reason,
    points: evidence.points[archetype],
    ...(evidence.where === undefined ? {} : { where: evidence.where }),
  };
}
