import { describe, expect, it } from 'vitest';
import { maturityOf } from '../../generators/core/classify/maturity.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { profileOf } from './labelled.ts';

describe('maturity', () => {
  it('is unknown while nothing is known about practice', () => {
    expect(maturityOf(profileOf({ team_size: 4, roles_present: 'ds,de' }))).toEqual({
      level: undefined,
      facets: {
        people: undefined,
        model_creation: undefined,
        release: undefined,
        application_integration: undefined,
      },
      next: [],
    });
  });

  it('is that of the weakest facet, whose step comes first', () => {
    const facts = { orchestration: 'airflow', registry: 'mlflow', ci_cd: 'automated', monitoring: 'none' };
    const { level, facets, next } = maturityOf(profileOf(facts));
    expect(level).toBe(1);
    expect(facets).toMatchObject({ model_creation: 3, release: 3, application_integration: 1 });
    expect(next[0]).toContain('Watch drift');
    expect(next.length).toBeLessThanOrEqual(3);
  });

  it('reaches the top when training, release and operation run by themselves', () => {
    const facts = { orchestration: 'airflow', registry: 'mlflow', ci_cd: 'automated', monitoring: 'full' };
    expect(maturityOf(profileOf(facts)).level).toBe(4);
  });

  it('rises by practice while the archetype stays', () => {
    const small = { team_size: 3, data_volume_gb: 5, company_size: 12, roles_present: 'ds' };
    const before = classifyProfile(profileOf({ ...small, ci_cd: 'none', registry: 'none' }));
    const after = classifyProfile(profileOf({ ...small, ci_cd: 'automated', registry: 'mlflow' }));
    expect(before.maturity.facets.release).toBe(0);
    expect(after.maturity.facets.release).toBe(3);
    expect(after.archetype).toBe(before.archetype);
  });
});
