import type { AllowedValue } from './declaration.ts';

/** "Known to be none", which is an answer and not the absence of one. */
export const NONE: AllowedValue = { value: 'none', label: 'none', aliases: ['no', 'false', 'nothing', '0'] };

export const ORG_TYPES: readonly AllowedValue[] = [
  { value: 'hobby', label: 'a project of your own', aliases: ['personal', 'side_project'] },
  { value: 'startup', label: 'a start-up', aliases: ['start-up', 'seed'] },
  { value: 'agency', label: 'an agency or consultancy', aliases: ['consultancy', 'consulting', 'studio'] },
  { value: 'nonprofit', label: 'a non-profit', aliases: ['ngo', 'charity', 'non-profit'] },
  { value: 'scaleup', label: 'a scale-up', aliases: ['scale-up', 'unicorn'] },
  { value: 'mid', label: 'a mid-size firm', aliases: ['midsize', 'mid-size', 'sme', 'medium'] },
  { value: 'enterprise', label: 'a large company', aliases: ['large', 'multinational', 'corporation'] },
  { value: 'public', label: 'a public authority', aliases: ['government', 'public_sector'] },
  { value: 'hospital', label: 'a hospital', aliases: ['hospitals', 'clinic'] },
  { value: 'research', label: 'a university or institute', aliases: ['university', 'academic', 'institute'] },
];

export const ROLES: readonly AllowedValue[] = [
  { value: 'ds', label: 'data scientists', aliases: ['data_scientist', 'data_scientists'] },
  { value: 'de', label: 'data engineers', aliases: ['data_engineer', 'data_engineers'] },
  { value: 'mle', label: 'ML engineers', aliases: ['ml_engineer', 'ml_engineers', 'mlops'] },
  {
    value: 'devops',
    label: 'DevOps, platform or operations engineers',
    aliases: ['devops_engineer', 'devops_engineers', 'ops', 'platform', 'sre'],
  },
];

export const DEPLOY_OWNERS: readonly AllowedValue[] = [
  { value: 'self', label: 'whoever built it', aliases: ['data_scientist', 'data_scientists', 'me'] },
  {
    value: 'other_team',
    label: 'another team, such as data engineering or DevOps',
    aliases: ['data_engineering', 'devops', 'engineers', 'it'],
  },
  { value: 'same_team', label: 'engineers in the same team', aliases: ['team', 'ml_engineers'] },
  { value: 'platform', label: 'a platform team, for several teams', aliases: ['platform_team'] },
];

export const REGULATIONS: readonly AllowedValue[] = [
  { value: 'banking', label: 'banking', aliases: ['bank', 'basel', 'sr11-7', 'finance'] },
  { value: 'credit', label: 'consumer credit', aliases: ['lending'] },
  { value: 'insurance', label: 'insurance', aliases: ['solvency'] },
  { value: 'health', label: 'health care', aliases: ['healthcare', 'medical', 'mdr', 'fda'] },
  { value: 'hipaa', label: 'HIPAA' },
  { value: 'pharma', label: 'pharma (GxP)', aliases: ['gxp', 'gmp'] },
  { value: 'public_sector', label: 'public sector', aliases: ['government', 'public'] },
  { value: 'gdpr', label: 'GDPR', aliases: ['privacy', 'dsgvo', 'rgpd'] },
];

export const CLOUDS: readonly AllowedValue[] = [
  { ...NONE, label: 'no servers, only laptops' },
  { value: 'on_prem', label: 'own servers', aliases: ['on-premises', 'on_premise', 'data_centre', 'own'] },
  { value: 'aws', label: 'AWS', aliases: ['amazon'] },
  { value: 'gcp', label: 'Google Cloud', aliases: ['google', 'google_cloud'] },
  { value: 'azure', label: 'Azure', aliases: ['microsoft'] },
  { value: 'multi', label: 'several clouds', aliases: ['multi_cloud', 'multicloud'] },
  { value: 'hybrid', label: 'cloud and own servers together', aliases: ['hybrid_cloud'] },
];
