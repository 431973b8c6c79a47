export interface Summary {
  readonly median: number;
  /** The middle half of the values, as a share of the median. */
  readonly spread: number;
}

/** Above this spread a figure is called noisy. */
export const NOISY = 0.15;

export function summaryOf(values: readonly number[]): Summary {
  const median = quantile(values, 0.5);
  return { median, spread: (quantile(values, 0.75) - quantile(values, 0.25)) / median };
}

/** The quantile of at least one value, between its two neighbours. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low = NaN, high = low] = sorted.slice(Math.floor(place), Math.floor(place) + 2);
  return low + (high - low) * (place - Math.floor(place));
}
