import { numberIn, type Profile, wordIn } from '../profile/profile.ts';

export type VolumeClass = 'small' | 'medium' | 'big';

export interface Volume {
  /** As answered, in GB. */
  readonly answered: number;
  /** What one training run is taken to read, in GB. */
  readonly perRun: number;
  readonly basis: string;
  readonly shares: readonly { readonly name: VolumeClass; readonly share: number }[];
}

// A training run that nobody described is taken to read a month, so that weekly patterns are in it four times.
export const WINDOW_DAYS = 30;
const TIMES: ReadonlyMap<string, number> = new Map([
  ['per_day', WINDOW_DAYS],
  ['per_month', WINDOW_DAYS / 30],
]);

const SMALL_GB = 10;
const BIG_GB = 1000;
// Around a boundary the points go over from one class to the next, so that one gigabyte more is no cliff.
const SMALL_HALF_WIDTH = 0.25;
const BIG_HALF_WIDTH = 0.12;
// In quarters, so that points stay exact.
const STEPS = 4;

/** The data of one training run, with its class or the two classes that it lies between. */
export function volumeIn(profile: Profile): Volume | undefined {
  const answered = numberIn(profile, 'data_volume_gb');
  if (answered === undefined) return undefined;
  const basis = wordIn(profile, 'data_volume_basis') ?? 'per_run';
  const perRun = answered * (TIMES.get(basis) ?? 1);
  return { answered, perRun, basis, shares: sharesOf(perRun) };
}

/** Exactly 10 GB and exactly 1 TB are medium. */
export function volumeClass(gigabytes: number): VolumeClass {
  if (gigabytes < SMALL_GB) return 'small';
  return gigabytes <= BIG_GB ? 'medium' : 'big';
}

function sharesOf(gigabytes: number): Volume['shares'] {
  const medium = blend(gigabytes, SMALL_GB, SMALL_HALF_WIDTH);
  const big = blend(gigabytes, BIG_GB, BIG_HALF_WIDTH);
  const shares = [
    { name: 'small', share: 1 - medium },
    { name: 'medium', share: medium - big },
    { name: 'big', share: big },
  ] as const;
  return shares.filter(({ share }) => share > 0);
}

/** 0 below the zone around a boundary, 1 above it, in steps between. */
function blend(gigabytes: number, boundary: number, halfWidth: number): number {
  const position = (Math.log10(gigabytes / boundary) / halfWidth + 1) / 2;
  return Math.round(Math.min(1, Math.max(0, position)) * STEPS) / STEPS;
}
