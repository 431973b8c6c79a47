import { listIn, numberIn, type Profile, yesNoIn } from '../profile/profile.ts';
import { isSupervised } from './kinds.ts';

const TRAITS: readonly { readonly words: string; readonly holds: (profile: Profile) => boolean }[] = [
  {
    words: 'a thousand employees or more',
    holds: (profile) => (numberIn(profile, 'company_size') ?? 0) >= 1000,
  },
  {
    words: 'five teams or more that build models',
    holds: (profile) => (numberIn(profile, 'teams_doing_ml') ?? 0) >= 5,
  },
  { words: 'legacy systems', holds: (profile) => yesNoIn(profile, 'legacy_systems') === true },
  {
    words: 'supervised use of models',
    holds: (profile) => (listIn(profile, 'regulation') ?? []).some(isSupervised),
  },
];

/** Which of the article's four traits of a large-scale organisation are known to hold, in words. */
export function bonusTraits(profile: Profile): readonly string[] {
  return TRAITS.filter(({ holds }) => holds(profile)).map(({ words }) => words);
}

export function countedTraits(profile: Profile): number {
  return TRAITS.filter(({ holds }) => holds(profile)).length;
}
