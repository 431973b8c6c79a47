import { describe, expect, it } from 'vitest';
import type { FindingCode } from '../../generators/core/classify/finding.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { profileOf } from './labelled.ts';

function findingsFor(facts: Readonly<Record<string, unknown>>) {
  return classifyProfile(profileOf(facts)).findings;
}

function codesFor(facts: Readonly<Record<string, unknown>>): readonly FindingCode[] {
  return findingsFor(facts).map(({ code }) => code);
}

const ENOUGH = { team_size: 5, company_size: 200, data_volume_gb: 50 };

/** Facts just inside a finding, and the nearest ones just outside. */
const EDGES: readonly (readonly [FindingCode, object, object])[] = [
  ['ROLES_EXCEED_TEAM', { data_scientists: 4, data_engineers: 2 }, { data_scientists: 3, data_engineers: 2 }],
  ['TEAM_EXCEEDS_COMPANY', { company_size: 4 }, { company_size: 5 }],
  ['TEAMS_EXCEED_PEOPLE', { teams_doing_ml: 6 }, { teams_doing_ml: 5 }],
  [
    'TRAFFIC_WITHOUT_MODEL',
    { predictions_per_day: 1, models_in_production: 0 },
    { predictions_per_day: 0, models_in_production: 0 },
  ],
  [
    'DATA_EXCEEDS_INFRASTRUCTURE',
    { data_volume_gb: 1001, cloud: 'none', big_data_tools: ['snowflake'] },
    { data_volume_gb: 1000, cloud: 'none', big_data_tools: [] },
  ],
  [
    'DATA_EXCEEDS_INFRASTRUCTURE',
    { data_volume_gb: 5000, cloud: 'none', big_data_tools: [] },
    { data_volume_gb: 5000, cloud: 'none', big_data_tools: ['spark'] },
  ],
  [
    'LOAD_EXCEEDS_INFRASTRUCTURE',
    { predictions_per_day: '11M', cloud: 'none', orchestration: 'none' },
    { predictions_per_day: '10M', cloud: 'none', orchestration: 'none' },
  ],
  ['MODELS_PER_PERSON_HIGH', { models_in_production: 25 }, { models_in_production: 24 }],
  [
    'MODELS_PER_PERSON_HIGH',
    { models_in_production: 10, ci_cd: 'manual' },
    { models_in_production: 10, ci_cd: 'partial' },
  ],
  [
    'BIG_TOOLS_SMALL_DATA',
    { data_volume_gb: 9.9, big_data_tools: ['spark'] },
    { data_volume_gb: 10, big_data_tools: ['spark'] },
  ],
  [
    'BIG_TOOLS_SMALL_DATA',
    { data_volume_gb: 5, big_data_tools: ['kafka'] },
    { data_volume_gb: 5, big_data_tools: ['bigquery'] },
  ],
  ['TEAM_TOO_SMALL_FOR_DATA', { team_size: 2, data_volume_gb: 1001 }, { team_size: 3, data_volume_gb: 1001 }],
  [
    'ROLE_MIX_MISSING_ENGINEERING',
    { team_size: 10, roles_present: ['ds'] },
    { team_size: 10, roles_present: ['ds', 'mle'] },
  ],
  ['SCOPE_TEAM_OR_ORGANISATION', { company_size: 1000 }, { company_size: 999 }],
  [
    'SCOPE_TEAM_OR_ORGANISATION',
    { company_size: 5000, teams_doing_ml: 1 },
    { company_size: 5000, teams_doing_ml: 2 },
  ],
  ['SCOPE_TEAM_OR_ORGANISATION', { company_size: 5000 }, { company_size: 5000, scope: 'team' }],
  ['GOVERNANCE_OVERLAY', { regulation: ['gdpr', 'credit'] }, { regulation: ['gdpr'] }],
  [
    'PRACTICE_WITHOUT_MODEL',
    { models_in_production: 0, monitoring: 'partial' },
    { models_in_production: 0, monitoring: 'none' },
  ],
  [
    'REGULATED_SECTOR_UNREGULATED',
    { org_type: 'hospital', regulation: [] },
    { org_type: 'hospital', regulation: ['health'] },
  ],
  [
    'REGULATED_SECTOR_UNREGULATED',
    { ml_application: 'credit', regulation: [] },
    { ml_application: 'credit' },
  ],
  [
    'STREAMING_TINY_DATA',
    { data_velocity: 'streaming', data_volume_gb: 0.9 },
    { data_velocity: 'streaming', data_volume_gb: 1 },
  ],
  ['LLM_APPLICATION', { frameworks: ['openai', 'langchain'] }, { frameworks: ['openai', 'scikit-learn'] }],
];

describe('a finding', () => {
  it.each(EDGES)('%s is raised by %j, and not by %j', (code, inside, outside) => {
    expect(codesFor({ ...ENOUGH, ...inside })).toContain(code);
    expect(codesFor({ ...ENOUGH, ...outside })).not.toContain(code);
  });

  it('asks a question, and names facts that settle it', () => {
    for (const [, inside] of EDGES) {
      for (const { message, questions, severity } of findingsFor({ ...ENOUGH, ...inside })) {
        expect(message).toMatch(severity === 'blocking' ? /\?$/ : /[.?]$/);
        expect(questions.length).toBeGreaterThan(0);
      }
    }
  });

  it('is not raised by an organisation in which nothing is odd', () => {
    expect(codesFor(ENOUGH)).toEqual([]);
  });

  it('does not take the absence of an answer for none', () => {
    expect(codesFor({ ...ENOUGH, data_volume_gb: 5000, cloud: 'none' })).toEqual([]);
    expect(codesFor({ ...ENOUGH, predictions_per_day: '1G', cloud: 'none' })).toEqual([]);
  });
});

describe('the status', () => {
  it('is contradictory by any blocking finding, and then the confidence is low', () => {
    const verdict = classifyProfile(profileOf({ ...ENOUGH, data_scientists: 9 }));
    expect(verdict.status).toBe('contradictory');
    expect(verdict.confidence).toBe('low');
  });

  it.each([
    [{}],
    [{ team_size: 3 }],
    [{ frameworks: 'torch', accelerators: 'gpu' }],
    [{ team_size: 3, ci_cd: 'none' }],
    [{ models_in_production: 3, frameworks: 'torch', ci_cd: 'none' }],
  ])('is needs-more-information for %j, with that finding alone', (facts) => {
    const verdict = classifyProfile(profileOf(facts));
    expect(verdict.status).toBe('needs-more-information');
    expect(verdict.findings.map(({ code }) => code)).toEqual(['INSUFFICIENT_EVIDENCE']);
  });

  it.each([
    [{ team_size: 3, data_volume_gb: 5 }],
    [{ team_size: 3, ci_cd: 'none', frameworks: 'torch' }],
    [{ org_type: 'startup', data_volume_gb: 5 }],
  ])('is final for %j', (facts) => {
    expect(classifyProfile(profileOf(facts)).status).toBe('final');
  });

  it('settles ties by the smallest archetype, with low confidence', () => {
    const verdict = classifyProfile(new Map());
    expect([verdict.archetype, verdict.runnerUp, verdict.confidence]).toEqual([
      'small-data',
      'big-data',
      'low',
    ]);
    expect(verdict.margin).toBe(0);
  });
});

describe('regulation', () => {
  it('adds the governance overlay and leaves the archetype as it is', () => {
    const facts = { team_size: 3, data_volume_gb: 5, company_size: 12 };
    const verdict = classifyProfile(profileOf({ ...facts, regulation: ['banking'] }));
    expect(verdict.overlays).toEqual(['governance']);
    expect(verdict.archetype).toBe(classifyProfile(profileOf(facts)).archetype);
  });

  it('adds nothing for the privacy law that everybody has', () => {
    expect(classifyProfile(profileOf({ ...ENOUGH, regulation: ['gdpr'] })).overlays).toEqual([]);
  });
});
