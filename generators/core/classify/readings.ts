import type { Profile } from '../profile/profile.ts';
import { listIn, numberIn, wordIn, yesNoIn } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import { engineFamilies, isEngine, isSupervised } from './kinds.ts';
import { type Roles, rolesIn } from './roles.ts';
import type { ScoredQuestion, TABLE } from './table.ts';
import { volumeIn } from './volume.ts';

type CaseOf<Question extends ScoredQuestion> = keyof (typeof TABLE)[Question]['cases'];

/** Which case of a row holds, how much of it, and the answer it was read from. */
export interface Reading<Name> {
  /** The fact whose answer was read, for its source. */
  readonly from: string;
  readonly value: AnswerValue;
  /** One case, or two that share a blend; the shares add up to 1. */
  readonly shares: readonly { readonly name: Name; readonly share: number }[];
  /** A factor for evidence that only stands in for the real answer. */
  readonly weight: number;
}

export type Readers = {
  readonly [Q in ScoredQuestion]: (profile: Profile) => Reading<CaseOf<Q>> | undefined;
};

/** The first band whose upper end is not passed. */
function band<Name>(value: number, bands: readonly (readonly [number, Name])[], above: Name): Name {
  return bands.find(([upTo]) => value <= upTo)?.[1] ?? above;
}

function reading<Name>(from: string, value: AnswerValue, name: Name, weight = 1): Reading<Name> {
  return { from, value, shares: [{ name, share: 1 }], weight };
}

function banded<Name>(key: string, bands: readonly (readonly [number, Name])[], above: Name) {
  return (profile: Profile): Reading<Name> | undefined => {
    const value = numberIn(profile, key);
    return value === undefined ? undefined : reading(key, value, band(value, bands, above));
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

const COMPANY_BANDS = [
  [49, 'tiny'],
  [249, 'small'],
  [999, 'medium'],
  [4999, 'large'],
] as const;

// Only a kind of organisation that says something about size stands in for it; a hospital or an authority is
// large far more often than not.
const SIZE_OF_ORG_TYPE: ReadonlyMap<string, CaseOf<'company_size'>> = new Map([
  ['hobby', 'tiny'],
  ['startup', 'tiny'],
  ['agency', 'small'],
  ['nonprofit', 'small'],
  ['scaleup', 'medium'],
  ['mid', 'medium'],
  ['public', 'large'],
  ['hospital', 'large'],
  ['enterprise', 'huge'],
]);
const STAND_IN_WEIGHT = 0.5;

function readCompanySize(profile: Profile): Reading<CaseOf<'company_size'>> | undefined {
  const size = numberIn(profile, 'company_size');
  if (size !== undefined) return reading('company_size', size, band(size, COMPANY_BANDS, 'huge'));
  const orgType = wordIn(profile, 'org_type');
  const name = SIZE_OF_ORG_TYPE.get(orgType ?? '');
  return orgType === undefined || name === undefined
    ? undefined
    : reading('org_type', orgType, name, STAND_IN_WEIGHT);
}

function rolesCase(roles: Roles): CaseOf<'roles_present'> {
  const { ds, de, mle, devops } = roles.present;
  if (!ds && !mle) return 'without_science';
  if (de) return devops ? 'all_three' : 'with_data';
  if (devops || (ds && mle)) return 'with_operations';
  return 'one_kind';
}

function readRoles(profile: Profile): Reading<CaseOf<'roles_present'>> | undefined {
  const roles = rolesIn(profile);
  return roles === undefined ? undefined : reading(roles.from, roles.words, rolesCase(roles));
}

function readVolume(profile: Profile): Reading<CaseOf<'data_volume_gb'>> | undefined {
  const volume = volumeIn(profile);
  if (volume === undefined) return undefined;
  return { from: 'data_volume_gb', value: volume.answered, shares: volume.shares, weight: 1 };
}

function readLegacy(profile: Profile): Reading<CaseOf<'legacy_systems'>> | undefined {
  const legacy = yesNoIn(profile, 'legacy_systems');
  return legacy === undefined ? undefined : reading('legacy_systems', legacy, legacy ? 'yes' : 'no');
}

function toolsCase(tools: readonly string[]): CaseOf<'big_data_tools'> {
  if (tools.length === 0) return 'none';
  if (!tools.some(isEngine)) return 'warehouse';
  return engineFamilies(tools).size >= 2 ? 'more' : 'one';
}

function frameworksCase(frameworks: readonly string[]): CaseOf<'frameworks'> {
  if (frameworks.includes('spark-mllib')) return 'distributed';
  return frameworks.some((name) => DEEP.has(name)) ? 'deep' : 'classical';
}

const DEEP = new Set(['pytorch', 'tensorflow', 'jax', 'transformers']);

/** How each row of the table reads its question. */
export const READERS: Readers = {
  team_size: banded(
    'team_size',
    [
      [4, 'few'],
      [8, 'several'],
      [19, 'many'],
      [49, 'department'],
    ],
    'division',
  ),
  roles_present: readRoles,
  deploy_owner: worded('deploy_owner', (word) =>
    word === 'self' || word === 'other_team' || word === 'same_team' ? word : 'platform',
  ),
  data_volume_gb: readVolume,
  data_velocity: worded('data_velocity', (word) =>
    word === 'batch' || word === 'mixed' ? word : 'streaming',
  ),
  big_data_tools: listed('big_data_tools', toolsCase),
  data_sources: banded(
    'data_sources',
    [
      [2, 'few'],
      [9, 'some'],
    ],
    'many',
  ),
  company_size: readCompanySize,
  teams_doing_ml: banded(
    'teams_doing_ml',
    [
      [1, 'one'],
      [4, 'some'],
    ],
    'many',
  ),
  regulation: listed('regulation', (rules) =>
    rules.length === 0 ? 'none' : rules.some(isSupervised) ? 'supervised' : 'unsupervised',
  ),
  legacy_systems: readLegacy,
  models_in_production: banded(
    'models_in_production',
    [
      [2, 'few'],
      [9, 'some'],
      [49, 'tens'],
      [199, 'fifties'],
    ],
    'hundreds',
  ),
  predictions_per_day: banded(
    'predictions_per_day',
    [
      [1e3, 'thousand'],
      [1e5, 'hundred_thousand'],
      [1e7, 'ten_million'],
      [1e9, 'billion'],
    ],
    'more',
  ),
  frameworks: listed('frameworks', frameworksCase),
  accelerators: worded('accelerators', (word) => (word === 'none' ? 'none' : 'some')),
  cloud: worded('cloud', (word) => (word === 'none' || word === 'multi' || word === 'hybrid' ? word : 'one')),
  orchestration: worded('orchestration', (word) => (word === 'none' || word === 'cron' ? 'none' : 'some')),
  ci_cd: worded('ci_cd', (word) => (word === 'partial' || word === 'automated' ? word : 'none')),
  registry: worded('registry', (word) => (word === 'none' ? 'none' : 'some')),
  monitoring: worded('monitoring', (word) => (word === 'none' || word === 'partial' ? word : 'full')),
};
