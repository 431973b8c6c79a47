import { listIn, numberIn, type Profile, wordIn } from '../profile/profile.ts';
import type { Archetype } from './archetypes.ts';
import type { Finding } from './finding.ts';
import { engineFamilies, isGoverned, isLanguageModelClient } from './kinds.ts';
import { countedHeads, HEAD_COUNTS, rolesIn } from './roles.ts';
import { volumeClass, volumeIn } from './volume.ts';
import { capitalised, countOf, labelList, labelOf, shortNumber, sizeText } from './words.ts';

const HEAD_KEYS = HEAD_COUNTS.map(([, key]) => key);

/** Answers that cannot all be true: the profile is contradictory while one of these holds. */
export function contradictionsIn(profile: Profile): readonly Finding[] {
  return CONTRADICTIONS.map((find) => find(profile)).filter((one) => one !== undefined);
}

/** Answers that are true but worth a second look. */
export function warningsIn(profile: Profile, archetype: Archetype): readonly Finding[] {
  return WARNINGS.map((find) => find(profile, archetype)).filter((one) => one !== undefined);
}

/** Raised alone, by the caller, when there is too little to judge by. */
export const INSUFFICIENT_EVIDENCE: Finding = {
  code: 'INSUFFICIENT_EVIDENCE',
  severity: 'blocking',
  message:
    'Too little is known: tell at least two of who is in the team, how much data there is, and how large the organisation is.',
  questions: ['team_size', 'data_volume_gb', 'company_size'],
};

const CONTRADICTIONS: readonly ((profile: Profile) => Finding | undefined)[] = [
  rolesExceedTeam,
  teamExceedsCompany,
  teamsExceedPeople,
  trafficWithoutModel,
  dataExceedsInfrastructure,
  loadExceedsInfrastructure,
];

const WARNINGS: readonly ((profile: Profile, archetype: Archetype) => Finding | undefined)[] = [
  governanceOverlay,
  scopeTeamOrOrganisation,
  modelsPerPersonHigh,
  bigToolsSmallData,
  teamTooSmallForData,
  roleMixMissingEngineering,
  practiceWithoutModel,
  regulatedSectorUnregulated,
  streamingTinyData,
  languageModelApplication,
];

function blocking(code: Finding['code'], message: string, questions: readonly string[]): Finding {
  return { code, severity: 'blocking', message, questions };
}

function warning(code: Finding['code'], message: string, questions: readonly string[]): Finding {
  return { code, severity: 'warning', message, questions };
}

/** The people known of: the team as given, or the counted heads. */
function peopleIn(profile: Profile): number | undefined {
  return numberIn(profile, 'team_size') ?? countedHeads(profile);
}

function rolesExceedTeam(profile: Profile): Finding | undefined {
  const heads = countedHeads(profile);
  const team = numberIn(profile, 'team_size');
  if (heads === undefined || team === undefined || heads <= team) return undefined;
  const message = `The head counts add up to ${heads}, in a team of ${team}: is one person counted in two roles?`;
  return blocking('ROLES_EXCEED_TEAM', message, ['team_size', ...HEAD_KEYS]);
}

function teamExceedsCompany(profile: Profile): Finding | undefined {
  const people = peopleIn(profile);
  const company = numberIn(profile, 'company_size');
  if (people === undefined || company === undefined || people <= company) return undefined;
  const message = `The team has ${countOf(people, 'person', 'people')}, the whole organisation ${shortNumber(company)}: which of the two is right?`;
  return blocking('TEAM_EXCEEDS_COMPANY', message, ['team_size', 'company_size']);
}

function teamsExceedPeople(profile: Profile): Finding | undefined {
  const people = peopleIn(profile);
  const teams = numberIn(profile, 'teams_doing_ml');
  if (people === undefined || teams === undefined || teams <= people || teams <= 1) return undefined;
  const message = `${teams} teams build models, with ${countOf(people, 'person', 'people')} in all: does the number of people mean one team only?`;
  return blocking('TEAMS_EXCEED_PEOPLE', message, ['teams_doing_ml', 'team_size']);
}

function trafficWithoutModel(profile: Profile): Finding | undefined {
  const predictions = numberIn(profile, 'predictions_per_day') ?? 0;
  if (predictions <= 0 || numberIn(profile, 'models_in_production') !== 0) return undefined;
  const message = `${shortNumber(predictions)} predictions a day, but no model in production: what makes the predictions?`;
  return blocking('TRAFFIC_WITHOUT_MODEL', message, ['models_in_production', 'predictions_per_day']);
}

function dataExceedsInfrastructure(profile: Profile): Finding | undefined {
  const volume = volumeIn(profile);
  const tools = listIn(profile, 'big_data_tools');
  if (volume === undefined || volumeClass(volume.perRun) !== 'big') return undefined;
  if (wordIn(profile, 'cloud') !== 'none' || tools === undefined || engineFamilies(tools).size > 0)
    return undefined;
  const message = `${sizeText(volume.perRun)} for one training run, with no server and no engine to read it: where is the data processed?`;
  return blocking('DATA_EXCEEDS_INFRASTRUCTURE', message, ['data_volume_gb', 'cloud', 'big_data_tools']);
}

function loadExceedsInfrastructure(profile: Profile): Finding | undefined {
  const predictions = numberIn(profile, 'predictions_per_day') ?? 0;
  const isBare = wordIn(profile, 'cloud') === 'none' && wordIn(profile, 'orchestration') === 'none';
  if (predictions <= 1e7 || !isBare) return undefined;
  const message = `${shortNumber(predictions)} predictions a day, with no server and nothing that runs jobs: where are they made?`;
  return blocking('LOAD_EXCEEDS_INFRASTRUCTURE', message, ['predictions_per_day', 'cloud', 'orchestration']);
}

function modelsPerPersonHigh(profile: Profile): Finding | undefined {
  const people = peopleIn(profile) ?? 0;
  const models = numberIn(profile, 'models_in_production') ?? 0;
  const ciCd = wordIn(profile, 'ci_cd');
  const limit = ciCd === 'none' || ciCd === 'manual' ? 2 : 5;
  if (people === 0 || models / people < limit) return undefined;
  const message = `${capitalised(countOf(models, 'model', 'models'))} in production with ${countOf(people, 'person', 'people')}: are they copies of one template? Then they count as one.`;
  return warning('MODELS_PER_PERSON_HIGH', message, ['models_in_production', 'team_size']);
}

function bigToolsSmallData(profile: Profile): Finding | undefined {
  const volume = volumeIn(profile);
  const tools = listIn(profile, 'big_data_tools') ?? [];
  if (volume === undefined || volumeClass(volume.perRun) !== 'small' || engineFamilies(tools).size === 0) {
    return undefined;
  }
  const message = `${labelList('big_data_tools', tools)} for ${sizeText(volume.perRun)}, which fits a laptop: is more data on its way?`;
  return warning('BIG_TOOLS_SMALL_DATA', message, ['big_data_tools', 'data_volume_gb']);
}

function teamTooSmallForData(profile: Profile): Finding | undefined {
  const volume = volumeIn(profile);
  const people = peopleIn(profile);
  if (volume === undefined || volumeClass(volume.perRun) !== 'big' || people === undefined || people > 2) {
    return undefined;
  }
  const message = `${sizeText(volume.perRun)} for ${countOf(people, 'person', 'people')}: does one training run really read all of it?`;
  return warning('TEAM_TOO_SMALL_FOR_DATA', message, ['data_volume_gb', 'team_size']);
}

function roleMixMissingEngineering(profile: Profile): Finding | undefined {
  const people = peopleIn(profile) ?? 0;
  const roles = rolesIn(profile);
  const { de, mle, devops } = roles?.present ?? { de: true, mle: true, devops: true };
  if (people < 10 || de || mle || devops) return undefined;
  const message = `${capitalised(countOf(people, 'person', 'people'))} and no engineers: who puts models into production?`;
  return warning('ROLE_MIX_MISSING_ENGINEERING', message, [...HEAD_KEYS.slice(1), 'deploy_owner']);
}

function scopeTeamOrOrganisation(profile: Profile): Finding | undefined {
  const company = numberIn(profile, 'company_size') ?? 0;
  const teams = numberIn(profile, 'teams_doing_ml');
  const people = peopleIn(profile);
  const looksLikeOneTeam = teams === undefined ? people !== undefined && people <= 50 : teams <= 1;
  if (company < 1000 || !looksLikeOneTeam || profile.has('scope')) return undefined;
  const team =
    teams === undefined
      ? `${capitalised(countOf(people ?? 0, 'person', 'people'))} who build models`
      : 'One team';
  const message = `${team} in an organisation of ${shortNumber(company)}: is the repository for the team or for all?`;
  return warning('SCOPE_TEAM_OR_ORGANISATION', message, ['scope', 'teams_doing_ml']);
}

function governanceOverlay(profile: Profile, archetype: Archetype): Finding | undefined {
  const rules = listIn(profile, 'regulation') ?? [];
  if (!isGoverned(rules) || archetype === 'large-scale') return undefined;
  const message = `Rules apply (${labelList('regulation', rules)}): a model card, an audit log and approvals will be asked for. They do not change the archetype.`;
  return warning('GOVERNANCE_OVERLAY', message, ['regulation']);
}

function practiceWithoutModel(profile: Profile): Finding | undefined {
  const monitoring = wordIn(profile, 'monitoring') ?? 'none';
  if (numberIn(profile, 'models_in_production') !== 0 || monitoring === 'none') return undefined;
  const message = 'Models are monitored, but none is in production: what is being watched?';
  return warning('PRACTICE_WITHOUT_MODEL', message, ['models_in_production', 'monitoring']);
}

function regulatedSectorUnregulated(profile: Profile): Finding | undefined {
  const orgType = wordIn(profile, 'org_type') ?? '';
  const application = wordIn(profile, 'ml_application');
  const sector =
    orgType === 'hospital' || orgType === 'public'
      ? labelOf('org_type', orgType)
      : application === 'credit' && labelOf('ml_application', application);
  if (typeof sector !== 'string' || listIn(profile, 'regulation')?.length !== 0) return undefined;
  const message = `No rules are said to apply, yet this is ${sector}: does really nobody supervise the models?`;
  return warning('REGULATED_SECTOR_UNREGULATED', message, ['regulation']);
}

function streamingTinyData(profile: Profile): Finding | undefined {
  const volume = volumeIn(profile);
  if (wordIn(profile, 'data_velocity') !== 'streaming' || volume === undefined || volume.perRun >= 1)
    return undefined;
  const message = `A stream, but only ${sizeText(volume.perRun)} for one training run: would a batch every hour do?`;
  return warning('STREAMING_TINY_DATA', message, ['data_velocity', 'data_volume_gb']);
}

function languageModelApplication(profile: Profile): Finding | undefined {
  const frameworks = listIn(profile, 'frameworks') ?? [];
  if (frameworks.length === 0 || !frameworks.every(isLanguageModelClient)) return undefined;
  return {
    code: 'LLM_APPLICATION',
    severity: 'note',
    message: `${labelList('frameworks', frameworks)} and nothing trained: the archetype holds; the emitted loop trains and gates models that you fit yourself.`,
    questions: ['frameworks'],
  };
}
