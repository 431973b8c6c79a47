import type { Profile } from '../profile/profile.ts';
import { listIn, numberIn, wordIn, yesNoIn } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import { BANDS, type BandedQuestion, type Bands, bandOf } from './bands.ts';
import { engineFamilies, isDeep, isSupervised, isTraining } from './kinds.ts';
import { type Roles, rolesIn } from './roles.ts';
import type { ScoredQuestion, TABLE } from './table.ts';
import { volumeIn } from './volume.ts';

type CaseOf<Question extends ScoredQuestion> = keyof (typeof TABLE)[Question]['cases'];

/** Which case of a row holds, how much of it, and the answer it was read from. */
interface Reading<Name> {
  /** The fact whose answer was read, for its source. */
  readonly from: string;
  readonly value: AnswerValue;
  /** One case, or two that share a blend; the shares add up to 1. */
  readonly shares: readonly { readonly name: Name; readonly share: number }[];
  /** A factor for evidence that only stands in for the real answer. */
  readonly weight: number;
}

type ReadingOf<Question extends ScoredQuestion> = Reading<CaseOf<Question>> | undefined;

/** How each row of the table reads its question. */
export const READERS: { readonly [Q in ScoredQuestion]: (profile: Profile) => ReadingOf<Q> } = {
  team_size: counted('team_size', BANDS.team_size),
  roles_present: readRoles,
  deploy_owner: worded('deploy_owner', deployCase),
  data_volume_gb: readVolume,
  data_velocity: worded('data_velocity', (word) =>
    word === 'batch' || word === 'mixed' ? word : 'streaming',
  ),
  big_data_tools: listed('big_data_tools', toolsCase),
  data_sources: counted('data_sources', BANDS.data_sources),
  company_size: readCompanySize,
  teams_doing_ml: counted('teams_doing_ml', BANDS.teams_doing_ml),
  regulation: listed('regulation', regulationCase),
  legacy_systems: readLegacy,
  models_in_production: counted('models_in_production', BANDS.models_in_production),
  predictions_per_day: counted('predictions_per_day', BANDS.predictions_per_day),
  frameworks: listed('frameworks', frameworksCase),
  accelerators: worded('accelerators', (word) => (word === 'none' ? 'none' : 'some')),
  cloud: worded('cloud', (word) => (word === 'none' || word === 'multi' || word === 'hybrid' ? word : 'one')),
  orchestration: worded('orchestration', (word) => (word === 'none' || word === 'cron' ? 'none' : 'some')),
  ci_cd: worded('ci_cd', (word) => (word === 'partial' || word === 'automated' ? word : 'none')),
  registry: worded('registry', (word) => (word === 'none' ? 'none' : 'some')),
  monitoring: worded('monitoring', (word) => (word === 'none' || word === 'partial' ? word : 'full')),
};

function reading<Name>(from: string, value: AnswerValue, name: Name, weight = 1): Reading<Name> {
  return { from, value, shares: [{ name, share: 1 }], weight };
}

function counted<Name>(key: BandedQuestion, bands: Bands<Name>) {
  return (profile: Profile): Reading<Name> | undefined => {
    const value = numberIn(profile, key);
    return value === undefined ? undefined : reading(key, value, bandOf(bands, value));
  };
}

function worded<Name>(key: string, nameOf: (word: string) => Name) {
  return (profile: Profile): Reading<Name> | undefined => {
    const word = wordIn(profile, key);
    return word === undefined ? undefined : reading(key, word, nameOf(word));
  };
}

function listed<Name>(key: string, nameOf: (items: readonly string[]) => Name) {
  return (profile: Profile): Reading<Name> | undefined => {
    const items = listIn(profile, key);
    return items === undefined ? undefined : reading(key, items, nameOf(items));
  };
}

function readCompanySize(profile: Profile): ReadingOf<'company_size'> {
  const size = numberIn(profile, 'company_size');
  if (size !== undefined) return reading('company_size', size, bandOf(BANDS.company_size, size));
  const orgType = wordIn(profile, 'org_type') ?? '';
  const name = sizeOfOrgType(orgType);
  return name === undefined ? undefined : reading('org_type', orgType, name, 0.5);
}

// Only a kind of organisation that says something about size stands in for it. Most agencies have fewer than fifty
// people; a hospital or an authority is large far more often than not.
function sizeOfOrgType(orgType: string): CaseOf<'company_size'> | undefined {
  switch (orgType) {
    case 'hobby':
    case 'startup':
    case 'agency':
      return 'tiny';
    case 'nonprofit':
      return 'small';
    case 'scaleup':
    case 'mid':
      return 'medium';
    case 'public':
    case 'hospital':
      return 'large';
    case 'enterprise':
      return 'huge';
    default:
      return undefined;
  }
}

function readRoles(profile: Profile): ReadingOf<'roles_present'> {
  const roles = rolesIn(profile);
  return roles === undefined ? undefined : reading(roles.from, roles.words, rolesCase(roles));
}

function rolesCase(roles: Roles): CaseOf<'roles_present'> {
  const { ds, de, mle, devops } = roles.present;
  if (!ds && !mle) return 'without_science';
  if (de && devops) return ds && mle ? 'all_four' : 'all_three';
  if (de) return ds && mle ? 'with_both' : 'with_data';
  return devops || (ds && mle) ? 'with_operations' : 'one_kind';
}

function deployCase(word: string): CaseOf<'deploy_owner'> {
  return word === 'self' || word === 'other_team' || word === 'same_team' ? word : 'platform';
}

function readVolume(profile: Profile): ReadingOf<'data_volume_gb'> {
  const volume = volumeIn(profile);
  if (volume === undefined) return undefined;
  return { from: 'data_volume_gb', value: volume.answered, shares: volume.shares, weight: 1 };
}

function readLegacy(profile: Profile): ReadingOf<'legacy_systems'> {
  const legacy = yesNoIn(profile, 'legacy_systems');
  return legacy === undefined ? undefined : reading('legacy_systems', legacy, legacy ? 'yes' : 'no');
}

function toolsCase(tools: readonly string[]): CaseOf<'big_data_tools'> {
  if (tools.length === 0) return 'none';
  const engines = engineFamilies(tools).size;
  if (engines === 0) return 'warehouse';
  return engines >= 2 ? 'more' : 'one';
}

function regulationCase(rules: readonly string[]): CaseOf<'regulation'> {
  if (rules.length === 0) return 'none';
  return rules.some(isSupervised) ? 'supervised' : 'unsupervised';
}

function frameworksCase(frameworks: readonly string[]): CaseOf<'frameworks'> {
  if (!frameworks.some(isTraining)) return 'none';
  if (frameworks.includes('spark-mllib')) return 'distributed';
  return frameworks.some(isDeep) ? 'deep' : 'classical';
}
