import { listIn, numberIn, type Profile } from '../profile/profile.ts';

export interface Roles {
  readonly present: Readonly<Record<Role, boolean>>;
  /** The same as words, in a fixed order. */
  readonly words: readonly Role[];
  /** The fact that it was read from. */
  readonly from: string;
}

export type Role = 'ds' | 'de' | 'mle' | 'devops';

export const HEAD_COUNTS: readonly (readonly [Role, string])[] = [
  ['ds', 'data_scientists'],
  ['de', 'data_engineers'],
  ['mle', 'ml_engineers'],
  ['devops', 'devops_engineers'],
];

/**
 * Which roles there are: named, or counted.
 * A named role counts as present; where roles are named, an uncounted one is absent. Where only counts are given,
 * one count alone does not say who else is there, unless the counts make up the whole team.
 */
export function rolesIn(profile: Profile): Roles | undefined {
  const named = listIn(profile, 'roles_present');
  const counted = HEAD_COUNTS.filter(([, key]) => numberIn(profile, key) !== undefined);
  if (named === undefined && !isWhole(profile, counted.length)) return undefined;
  const has = (role: Role, key: string) =>
    (numberIn(profile, key) ?? 0) > 0 || named?.includes(role) === true;
  const words = HEAD_COUNTS.filter(([role, key]) => has(role, key)).map(([role]) => role);
  const from = counted[0]?.[1] ?? 'roles_present';
  return { present: presence(words), words, from };
}

/** The head counts together, or nothing when none is known. */
export function countedHeads(profile: Profile): number | undefined {
  const counts = HEAD_COUNTS.map(([, key]) => numberIn(profile, key)).filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function isWhole(profile: Profile, counted: number): boolean {
  if (counted === HEAD_COUNTS.length) return true;
  const team = numberIn(profile, 'team_size');
  return counted > 0 && team !== undefined && countedHeads(profile) === team;
}

function presence(words: readonly Role[]): Readonly<Record<Role, boolean>> {
  return {
    ds: words.includes('ds'),
    de: words.includes('de'),
    mle: words.includes('mle'),
    devops: words.includes('devops'),
  };
}
