import { describe, expect, it } from 'vitest';
import { mergeProfiles, numberIn, parseProfile, withAnswer } from '../../generators/core/profile/profile.ts';

describe('a profile', () => {
  it('holds what is known, with where it comes from, and leaves the rest out', () => {
    const { profile, problems } = parseProfile(
      { team_size: '4', cloud: null, frameworks: 'none' },
      'file',
      'a.yaml:3',
    );
    expect(problems).toEqual([]);
    expect([...profile]).toEqual([
      ['team_size', { value: 4, source: 'file', where: 'a.yaml:3' }],
      ['frameworks', { value: [], source: 'file', where: 'a.yaml:3' }],
    ]);
  });

  it('lists every problem at once, and names the nearest fact', () => {
    const { problems } = parseProfile({ team_size: -1, cloud: 'azur', tem_size: 4, __proto__x: 1 }, 'flag');
    expect(problems.map(({ key }) => key)).toEqual(['team_size', 'cloud', 'tem_size', '__proto__x']);
    expect(problems[2]?.message).toBe('"tem_size" is not a fact. Did you mean team_size?');
  });

  it('collects what was understood differently from how it was written', () => {
    expect(parseProfile({ registry: 'clearml' }, 'flag').notes).toEqual([
      'registry: "clearml" counts as "other".',
    ]);
  });

  it('lets the later source win', () => {
    const saved = parseProfile({ team_size: 4, company_size: 50 }, 'saved').profile;
    const flags = parseProfile({ team_size: 9 }, 'flag').profile;
    const merged = mergeProfiles(saved, flags);
    expect(merged.get('team_size')).toEqual({ value: 9, source: 'flag' });
    expect(numberIn(merged, 'company_size')).toBe(50);
  });

  it('changes and forgets one answer in a copy', () => {
    const before = parseProfile({ team_size: 4 }, 'flag').profile;
    expect(numberIn(withAnswer(before, 'team_size', 5), 'team_size')).toBe(5);
    expect(withAnswer(before, 'team_size', undefined).has('team_size')).toBe(false);
    expect(numberIn(before, 'team_size')).toBe(4);
  });
});
