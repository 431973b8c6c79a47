import { listIn, numberIn, type Profile, wordIn, yesNoIn } from '../profile/profile.ts';
import { HEAD_COUNTS, type Role, rolesIn } from './roles.ts';
import type { ScoredQuestion } from './table.ts';
import { volumeIn, WINDOW_DAYS } from './volume.ts';
import { countOf, labelList, labelOf, listText, shortNumber, sizeText } from './words.ts';

const SENTENCES: { readonly [Q in ScoredQuestion]: (profile: Profile) => string } = {
  team_size: (profile) => `a team of ${countOf(numberIn(profile, 'team_size') ?? 0, 'person', 'people')}`,
  roles_present: rolesText,
  deploy_owner: (profile) => DEPLOY[wordIn(profile, 'deploy_owner') ?? ''] ?? 'models in production',
  data_volume_gb: volumeText,
  data_velocity: (profile) => VELOCITY[wordIn(profile, 'data_velocity') ?? ''] ?? 'data that arrives',
  big_data_tools: (profile) => toolsText(listIn(profile, 'big_data_tools') ?? []),
  data_sources: (profile) =>
    `data from ${countOf(numberIn(profile, 'data_sources') ?? 0, 'system', 'systems')}`,
  company_size: companyText,
  teams_doing_ml: (profile) => teamsText(numberIn(profile, 'teams_doing_ml') ?? 0),
  regulation: (profile) => regulationText(listIn(profile, 'regulation') ?? []),
  legacy_systems: (profile) =>
    yesNoIn(profile, 'legacy_systems') === true ? 'legacy systems to work with' : 'no legacy systems',
  models_in_production: (profile) =>
    `${countOf(numberIn(profile, 'models_in_production') ?? 0, 'model', 'models')} in production`,
  predictions_per_day: (profile) =>
    `${shortNumber(numberIn(profile, 'predictions_per_day') ?? 0)} predictions a day`,
  frameworks: (profile) => frameworksText(listIn(profile, 'frameworks') ?? []),
  accelerators: (profile) => ACCELERATORS[wordIn(profile, 'accelerators') ?? ''] ?? 'accelerators',
  cloud: (profile) => cloudText(wordIn(profile, 'cloud') ?? ''),
  orchestration: (profile) => orchestrationText(wordIn(profile, 'orchestration') ?? ''),
  ci_cd: (profile) => CI_CD[wordIn(profile, 'ci_cd') ?? ''] ?? 'releases',
  registry: (profile) => registryText(wordIn(profile, 'registry') ?? ''),
  monitoring: (profile) => MONITORING[wordIn(profile, 'monitoring') ?? ''] ?? 'monitoring',
};

/** An answer in words that are true of this organisation: "three data scientists and no engineers". */
export function answerInWords(question: ScoredQuestion, profile: Profile): string {
  return SENTENCES[question](profile);
}

const DEPLOY: Readonly<Record<string, string>> = {
  self: 'models deployed by whoever builds them',
  other_team: 'models deployed by another team',
  same_team: 'models deployed by engineers of the same team',
  platform: 'models deployed by a platform team',
};

const VELOCITY: Readonly<Record<string, string>> = {
  batch: 'data that arrives in batches',
  mixed: 'data that arrives in batches and as a stream',
  streaming: 'data that arrives as a stream',
};

const ACCELERATORS: Readonly<Record<string, string>> = {
  none: 'no accelerators',
  gpu: 'a GPU for training',
  multi_gpu: 'several GPUs for training',
  tpu: 'TPUs for training',
};

const CI_CD: Readonly<Record<string, string>> = {
  none: 'no CI/CD',
  manual: 'releases by hand',
  partial: 'automated tests, releases by hand',
  automated: 'automated tests and releases',
};

const MONITORING: Readonly<Record<string, string>> = {
  none: 'no monitoring of models',
  partial: 'partial monitoring of models',
  full: 'full monitoring of models',
};

export const ROLE_WORDS: Readonly<Record<Role, readonly [string, string]>> = {
  ds: ['data scientist', 'data scientists'],
  de: ['data engineer', 'data engineers'],
  mle: ['ML engineer', 'ML engineers'],
  devops: ['operations engineer', 'operations engineers'],
};

/** `three data scientists and no engineers`; without counts the roles alone. */
function rolesText(profile: Profile): string {
  const roles = rolesIn(profile);
  if (roles === undefined || roles.words.length === 0) return 'none of the four roles';
  const parts = roles.words.map((role) => roleText(profile, role));
  const absent = roles.words.length === 1 && roles.present.ds ? ['no engineers'] : [];
  return listText([...parts, ...absent]);
}

function roleText(profile: Profile, role: Role): string {
  const [one, many] = ROLE_WORDS[role];
  const key = HEAD_COUNTS.find(([name]) => name === role)?.[1] ?? '';
  const count = numberIn(profile, key) ?? 0;
  return count === 0 ? many : countOf(count, one, many);
}

function volumeText(profile: Profile): string {
  const volume = volumeIn(profile);
  if (volume === undefined) return '';
  const size = sizeText(volume.answered);
  switch (volume.basis) {
    case 'per_day':
      return `${size} a day, counted as ${WINDOW_DAYS} days`;
    case 'per_month':
      return `${size} a month, counted as ${WINDOW_DAYS} days`;
    case 'total':
      return `${size} stored in all`;
    default:
      return `${size} for one training run`;
  }
}

function toolsText(tools: readonly string[]): string {
  return tools.length === 0 ? 'no big-data tools' : `${labelList('big_data_tools', tools)} in use`;
}

function companyText(profile: Profile): string {
  const size = numberIn(profile, 'company_size');
  if (size !== undefined) return `${shortNumber(size)} ${size === 1 ? 'employee' : 'employees'}`;
  return `${labelOf('org_type', wordIn(profile, 'org_type') ?? '')}, in place of the number of employees at half points`;
}

function teamsText(teams: number): string {
  return teams === 1 ? 'one team that builds models' : `${countOf(teams, 'team', 'teams')} that build models`;
}

function regulationText(rules: readonly string[]): string {
  return rules.length === 0 ? 'no rules on models' : `rules on models: ${labelList('regulation', rules)}`;
}

function frameworksText(frameworks: readonly string[]): string {
  return frameworks.length === 0 ? 'no ML framework in use' : `${labelList('frameworks', frameworks)} in use`;
}

function cloudText(cloud: string): string {
  switch (cloud) {
    case 'none':
    case 'on_prem':
    case 'multi':
    case 'hybrid':
      return labelOf('cloud', cloud);
    default:
      return `servers at ${labelOf('cloud', cloud)}`;
  }
}

function orchestrationText(orchestration: string): string {
  if (orchestration === 'none') return 'nothing that runs pipelines';
  const name = orchestration === 'other' ? 'another product' : labelOf('orchestration', orchestration);
  return `pipelines run by ${name}`;
}

function registryText(registry: string): string {
  if (registry === 'none') return 'no model registry';
  return `${registry === 'other' ? 'another product' : labelOf('registry', registry)} as model registry`;
}
