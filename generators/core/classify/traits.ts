import { listIn, numberIn, type Profile, yesNoIn } from '../profile/profile.ts';
import { isSupervised } from './kinds.ts';

/** Which of the article's four traits of a large-scale organisation are known to hold, in words. */
export function bonusTraits(profile: Profile): readonly string[] {
  const traits: string[] = [];
  if ((numberIn(profile, 'company_size') ?? 0) >= 1000) traits.push('a thousand employees or more');
  if ((numberIn(profile, 'teams_doing_ml') ?? 0) >= 5) traits.push('five teams or more that build models');
  if (yesNoIn(profile, 'legacy_systems') === true) traits.push('legacy systems');
  if ((listIn(profile, 'regulation') ?? []).some(isSupervised)) traits.push('supervised use of models');
  return traits;
}
