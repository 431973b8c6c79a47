import { describe, expect, it } from 'vitest';
import { verdictJson } from '../../generators/core/classify/json.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { parseProfile } from '../../generators/core/profile/profile.ts';
import { caseNamed, parsedCase, profileOf } from './labelled.ts';

function jsonOf(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(verdictJson(classifyProfile(profileOf(facts)))));
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
    ]);
  });

  it('holds one piece of evidence as documented', () => {
    const { profile } = parseProfile({ team_size: 10 }, 'detected', 'git shortlog');
    const json = JSON.parse(JSON.stringify(verdictJson(classifyProfile(profile))));
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
    expect(verdictJson(classifyProfile(complete))).toMatchObject({ nextQuestion: null });
  });

  it('carries the files that answer a pitfall', () => {
    const verdict = classifyProfile(profileOf({ team_size: 3, data_volume_gb: 5 }));
    const json = JSON.parse(JSON.stringify(verdictJson(verdict, new Map([['S4', ['ci.yml']]]))));
    expect(json.pitfalls.find(({ id }: { id: string }) => id === 'S4')).toEqual({
      id: 'S4',
      text: 'no streamlined CI/CD for models',
      answer: ['ci.yml'],
    });
  });
});
