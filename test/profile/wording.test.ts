import { describe, expect, it } from 'vitest';
import { FACTS, factNamed } from '../../generators/core/profile/facts.ts';
import {
  docsRow,
  flagOf,
  helpLine,
  jsonSchemaOf,
  nearest,
  parseAnswer,
  yamlComment,
} from '../../generators/core/profile/question.ts';

function fact(key: string) {
  const found = factNamed(key);
  if (found === undefined) throw new Error(`no fact ${key}`);
  return found;
}

describe('what is derived from a question', () => {
  it('makes a flag of its key', () => {
    expect(flagOf(fact('team_size'))).toBe('--team-size');
  });

  it('makes one line of help', () => {
    expect(helpLine(fact('team_size'))).toBe(
      '  --team-size=N                     How many people work in the ML and data team? [a whole number, people]',
    );
    expect(helpLine(fact('data_volume_gb'))).toContain('1.5 TB');
    expect(helpLine(fact('legacy_systems'))).toContain('yes|no');
  });

  it('makes the line that stands for an unknown answer, which is YAML once its # is gone', () => {
    expect(yamlComment(fact('cloud'))).toBe(
      '# cloud:  # none | on_prem | aws | gcp | azure | multi | hybrid',
    );
  });

  it('makes a schema that says what the parser says', () => {
    expect(jsonSchemaOf(fact('team_size'))).toMatchObject({ type: 'integer', minimum: 0, maximum: 100_000 });
    expect(jsonSchemaOf(fact('cloud'))).toMatchObject({
      type: 'string',
      enum: expect.arrayContaining(['aws']),
    });
    expect(jsonSchemaOf(fact('registry'))).not.toHaveProperty('enum');
    expect(jsonSchemaOf(fact('legacy_systems'))).toMatchObject({ type: 'boolean' });
  });

  it('makes a row for the docs', () => {
    expect(docsRow(fact('scope'))).toMatch(/^\| `scope` \| .* \| team \\\| organisation \| .* \|$/);
  });
});

describe('the facts', () => {
  it('have keys of their own, a question as prompt and a sentence as reason', () => {
    expect(new Set(FACTS.map(({ key }) => key)).size).toBe(FACTS.length);
    for (const { key, group, message, why } of FACTS) {
      expect(key).toMatch(/^[a-z][a-z_]*$/);
      expect(group).toBe('fact');
      expect(message, key).toMatch(/\?( \(.*\))?$/);
      expect(why, key).toMatch(/\.$/);
    }
  });

  it('understand every alias they name, as the value it stands for', () => {
    for (const one of FACTS) {
      if (one.kind !== 'choice' && one.kind !== 'list') continue;
      for (const { value, aliases = [] } of one.values) {
        const expected = one.kind === 'list' ? [value] : value;
        for (const name of [value, ...aliases]) {
          expect(parseAnswer(one, name), `${one.key} ${name}`).toEqual({ kind: 'value', value: expected });
        }
      }
    }
  });
});

describe('the nearest name', () => {
  it.each([
    ['tema_size', 'team_size'],
    ['TEAM_SIZE', 'team_size'],
    ['company', undefined],
    ['x'.repeat(100_000), undefined],
    ['', undefined],
  ])('of %j is %j', (word, expected) => {
    expect(nearest(word, ['team_size', 'company_size', 'cloud'])).toBe(expected);
  });

  it('is none among none', () => {
    expect(nearest('cloud', [])).toBeUndefined();
  });
});
