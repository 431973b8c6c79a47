/** The four kinds of MLOps, smallest first: the order in which ties are settled. */
export const ARCHETYPES = ['small-data', 'big-data', 'hybrid', 'large-scale'] as const;

export type Archetype = (typeof ARCHETYPES)[number];

/** A number for each archetype. Quarters only, so that sums are exact and can be checked by hand. */
export type Points = Readonly<Record<Archetype, number>>;

export interface ArchetypeWords {
  readonly name: string;
  /** What the article says of such an organisation, in our words. */
  readonly sentence: string;
}

export const ARCHETYPE_WORDS: Readonly<Record<Archetype, ArchetypeWords>> = {
  'small-data': {
    name: 'Small Data Ops',
    sentence:
      "a start-up's few data scientists solve small, well-defined problems; the data fits a laptop, training is local, and the cloud only serves",
  },
  'big-data': {
    name: 'Big Data Ops',
    sentence:
      'experienced scientists and engineers in a start-up or mid-size firm need large-scale processing; scientists build, engineers deploy, and monitoring and versioning are neglected',
  },
  hybrid: {
    name: 'Hybrid MLOps',
    sentence:
      'data scientists, data engineers and DevOps work together with good engineering practice; managing data is a pain, monitoring and retraining are weak',
  },
  'large-scale': {
    name: 'Large-scale MLOps',
    sentence:
      'a multinational with many teams and all roles lives with legacy systems, hierarchy, regulation and quality checks, where one failure breaks everything',
  },
};

/** Points in the order small-data, big-data, hybrid, large-scale. */
export function points(small: number, big: number, hybrid: number, large: number): Points {
  return { 'small-data': small, 'big-data': big, hybrid, 'large-scale': large };
}

/** One number for each archetype, made by a function. */
export function eachArchetype(numberOf: (archetype: Archetype) => number): Points {
  return points(numberOf('small-data'), numberOf('big-data'), numberOf('hybrid'), numberOf('large-scale'));
}

export function sumOfPoints(all: readonly Points[]): Points {
  return all.reduce(plus, points(0, 0, 0, 0));
}

export function plus(a: Points, b: Points): Points {
  return points(
    a['small-data'] + b['small-data'],
    a['big-data'] + b['big-data'],
    a.hybrid + b.hybrid,
    a['large-scale'] + b['large-scale'],
  );
}

export function minus(a: Points, b: Points): Points {
  return points(
    a['small-data'] - b['small-data'],
    a['big-data'] - b['big-data'],
    a.hybrid - b.hybrid,
    a['large-scale'] - b['large-scale'],
  );
}

/** The archetypes from the highest number to the lowest; equal ones stay smallest first. */
export function ranked(numbers: Points): readonly Archetype[] {
  return ARCHETYPES.toSorted((a, b) => numbers[b] - numbers[a]);
}
