import { describe, expect, it } from 'vitest';
import type { Override } from '../../generators/core/classify/explanation.ts';
import { explainVerdict } from '../../generators/core/classify/explanation.ts';
import { verdictJson } from '../../generators/core/classify/json.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { type Profile, parseProfile } from '../../generators/core/profile/profile.ts';
import { caseNamed, parsedCase, profileOf } from './labelled.ts';

interface Extras {
  readonly answers?: ReadonlyMap<string, readonly string[]>;
  readonly override?: Override;
  readonly notes?: readonly string[];
}

function jsonFor(profile: Profile, { answers, override, notes = [] }: Extras = {}) {
  const verdict = classifyProfile(profile);
  const explanation = explainVerdict(profile, verdict, answers);
  return JSON.parse(JSON.stringify(verdictJson({ verdict, explanation, override, notes })));
}

function jsonOf(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return jsonFor(profileOf(facts));
}

describe('the JSON of a verdict', () => {
  it('has exactly the documented keys, in their order', () => {
    expect(Object.keys(jsonOf({ team_size: 4 }))).toEqual([
      'schema',
      'status',
      'archetype',
      'confidence',
      'runnerUp',
      'margin',
      'scores',
      'probabilities',
      'answered',
      'asked',
      'evidence',
      'adjustments',
      'findings',
      'counterfactuals',
      'nextQuestion',
      'overlays',
      'maturity',
      'pitfalls',
      'growth',
      'nearest',
      'override',
      'notes',
    ]);
  });

  it('holds one piece of evidence as documented', () => {
    const { profile } = parseProfile({ team_size: 10 }, 'detected', 'git shortlog');
    const json = jsonFor(profile);
    expect(json.evidence).toEqual([
      {
        question: 'team_size',
        value: 10,
        source: 'detected',
        where: 'git shortlog',
        points: { 'small-data': -1, 'big-data': 1, hybrid: 2, 'large-scale': -1 },
        reason: 'A team of ten people: enough people to divide the work by role.',
      },
    ]);
    expect(json.answered).toBe(1);
    expect(json.asked).toBe(20);
  });

  it('says null for what is not known, and leaves no key out', () => {
    expect(jsonOf({})).toMatchObject({
      status: 'needs-more-information',
      maturity: { level: null, facets: { people: null, model_creation: null, release: null } },
      evidence: [],
    });
    const complete = parsedCase(caseNamed('anchor-large')).profile;
    expect(jsonFor(complete)).toMatchObject({ nextQuestion: null });
  });

  it('carries the files that answer a pitfall', () => {
    const answers = new Map([['S4', ['ci.yml']]]);
    const json = jsonFor(profileOf({ team_size: 3, data_volume_gb: 5 }), { answers });
    expect(json.pitfalls.find(({ id }: { id: string }) => id === 'S4')).toEqual({
      id: 'S4',
      text: 'no streamlined CI/CD for models',
      answer: ['ci.yml'],
    });
  });

  it('carries the kind that a person took instead, and what was understood otherwise', () => {
    const override: Override = { archetype: 'hybrid', reason: 'we merge with another team' };
    const json = jsonFor(profileOf({ team_size: 3, data_volume_gb: 5 }), { override, notes: ['a note'] });
    expect(json).toMatchObject({ archetype: 'small-data', override, notes: ['a note'] });
  });

  it('tells growth and the nearest public cases', () => {
    const json = jsonFor(parsedCase(caseNamed('anchor-hybrid')).profile);
    expect(json.growth.triggers[0]).toMatchObject({ towards: 'big-data' });
    expect(json.nearest[0]).toMatchObject({ label: expect.any(String), source: expect.any(String) });
  });
});
