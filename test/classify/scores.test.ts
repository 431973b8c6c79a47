import { describe, expect, it } from 'vitest';
import { ARCHETYPES } from '../../generators/core/classify/archetypes.ts';
import { scoreProfile } from '../../generators/core/classify/scores.ts';
import { TABLE } from '../../generators/core/classify/table.ts';
import { volumeClass, volumeIn } from '../../generators/core/classify/volume.ts';
import { profileOf } from './labelled.ts';

function caseOf(facts: Readonly<Record<string, unknown>>): readonly string[] {
  return scoreProfile(profileOf(facts)).worths.map(({ main }) => main.when);
}

function pointsOf(facts: Readonly<Record<string, unknown>>): readonly number[] {
  const { scores } = scoreProfile(profileOf(facts));
  return ARCHETYPES.map((archetype) => scores[archetype]);
}

describe('the table', () => {
  it('holds quarters only, so that sums are exact', () => {
    for (const row of Object.values(TABLE)) {
      for (const { points, reason } of Object.values(row.cases)) {
        for (const archetype of ARCHETYPES) expect(Number.isInteger(points[archetype] * 4)).toBe(true);
        expect(reason).not.toMatch(/[.:]$/);
      }
    }
  });

  it('asks twenty questions', () => {
    expect(Object.keys(TABLE)).toHaveLength(20);
  });
});

describe('a band', () => {
  it.each([
    [
      'team_size',
      [4, 5, 8, 9, 19, 20, 49, 50],
      ['up to 4', '5–8', '5–8', '9–19', '9–19', '20–49', '20–49', '50 or more'],
    ],
    [
      'company_size',
      [49, 50, 249, 250, 999, 1000, 4999, 5000],
      ['below 50', '50–249', '50–249', '250–999', '250–999', '1000–4999', '1000–4999', '5000 or more'],
    ],
    [
      'models_in_production',
      [2, 3, 9, 10, 49, 50, 199, 200],
      ['up to 2', '3–9', '3–9', '10–49', '10–49', '50–199', '50–199', '200 or more'],
    ],
    [
      'predictions_per_day',
      [1000, 1001, 1e5, 1e7, 1e9, 1e10],
      ['up to 1,000', 'up to 100,000', 'up to 100,000', 'up to 10 million', 'up to 1 billion', 'more'],
    ],
    ['teams_doing_ml', [1, 2, 4, 5], ['1', '2–4', '2–4', '5 or more']],
    ['data_sources', [2, 3, 9, 10], ['1–2', '3–9', '3–9', '10 or more']],
  ])('of %s ends where it says', (key, values, names) => {
    expect(values.flatMap((value) => caseOf({ [key]: value }))).toEqual(names);
  });
});

describe('the data volume', () => {
  it.each([
    [9.99, 'small'],
    [10, 'medium'],
    [1000, 'medium'],
    [1000.1, 'big'],
  ])('%d GB is %s', (gigabytes, name) => {
    expect(volumeClass(gigabytes)).toBe(name);
  });

  it('goes over from one class to the next without a cliff', () => {
    const small = [5, 8, 10, 12, 18].map((data_volume_gb) => pointsOf({ data_volume_gb })[0]);
    expect(small).toEqual([2, 1.5, 1, 0.5, 0]);
    const big = [700, 900, 1000, 1100, 1400].map((data_volume_gb) => pointsOf({ data_volume_gb })[1]);
    expect(big).toEqual([-1, 0, 1, 2, 3]);
  });

  it.each([
    ['per_day', 3000],
    ['per_month_lower_bound', 100],
    ['total', 100],
    ['per_run', 100],
  ])('given %s counts as %d GB for a run', (data_volume_basis, perRun) => {
    expect(volumeIn(profileOf({ data_volume_gb: 100, data_volume_basis }))?.perRun).toBe(perRun);
  });
});

describe('roles', () => {
  it.each([
    [{ roles_present: 'ds' }, 'scientists or ML engineers alone'],
    [{ roles_present: 'mle' }, 'scientists or ML engineers alone'],
    [{ roles_present: 'ds,de' }, 'and data engineers'],
    [{ roles_present: 'ds,mle' }, 'and ML or operations engineers, no data engineers'],
    [{ roles_present: 'ds,de,mle' }, 'and data and ML engineers'],
    [{ roles_present: 'ds,de,devops' }, 'and data engineers and operations'],
    [{ roles_present: 'ds,de,mle,devops' }, 'all four'],
    [{ roles_present: 'de,devops' }, 'no scientists'],
    [
      { data_scientists: 3, data_engineers: 0, ml_engineers: 0, devops_engineers: 0 },
      'scientists or ML engineers alone',
    ],
  ])('%j are "%s"', (facts, name) => {
    expect(caseOf(facts)).toEqual([name]);
  });

  it('stay unknown when one head count leaves open who else is there', () => {
    expect(caseOf({ data_scientists: 80 })).toEqual([]);
    expect(caseOf({ data_scientists: 3, team_size: 5 })).toEqual(['5–8']);
  });

  it('are complete when the counts make up the team', () => {
    expect(caseOf({ data_scientists: 3, team_size: 3 })).toContain('scientists or ML engineers alone');
  });
});

describe('what stands in, and what is limited', () => {
  it('takes the kind of organisation at half points while the size is unknown', () => {
    expect(pointsOf({ org_type: 'enterprise' })).toEqual([-0.5, -0.25, 0, 1.5]);
    expect(pointsOf({ org_type: 'enterprise', company_size: 9000 })).toEqual([-1, -0.5, 0, 3]);
    expect(pointsOf({ org_type: 'research' })).toEqual([0, 0, 0, 0]);
  });

  it('counts one engine with three names as one', () => {
    expect(caseOf({ big_data_tools: 'spark,databricks,delta' })).toEqual(['one engine']);
    expect(caseOf({ big_data_tools: 'spark,hadoop' })).toEqual(['two engines or more']);
    expect(caseOf({ big_data_tools: 'snowflake,dbt' })).toEqual(['only a warehouse']);
    expect(caseOf({ big_data_tools: 'none' })).toEqual(['none']);
  });

  it('caps practice, and says by how much', () => {
    const facts = { orchestration: 'airflow', ci_cd: 'automated', registry: 'mlflow', monitoring: 'full' };
    const { scores, adjustments } = scoreProfile(profileOf(facts));
    expect(scores.hybrid).toBe(1.5);
    expect(adjustments).toEqual([
      {
        kind: 'cap',
        group: 'practice',
        points: { 'small-data': 0.5, 'big-data': 0, hybrid: -3, 'large-scale': -0.5 },
      },
    ]);
  });

  it('adds the bonus for three traits of a large-scale organisation, and not for GDPR', () => {
    const facts = { company_size: 1000, legacy_systems: true };
    expect(scoreProfile(profileOf({ ...facts, regulation: 'banking' })).adjustments).toMatchObject([
      { kind: 'bonus' },
    ]);
    expect(scoreProfile(profileOf({ ...facts, regulation: 'gdpr' })).adjustments).toEqual([]);
  });
});
