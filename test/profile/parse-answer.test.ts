import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACTS, factNamed } from '../../generators/core/profile/facts.ts';
import {
  answerText,
  type ParsedAnswer,
  parseAnswer,
  type Question,
} from '../../generators/core/profile/question.ts';

function fact(key: string): Question {
  const found = factNamed(key);
  if (found === undefined) throw new Error(`no fact ${key}`);
  return found;
}

function parsed(key: string, raw: unknown): ParsedAnswer {
  return parseAnswer(fact(key), raw);
}

function refusal(key: string, raw: unknown): string {
  const answer = parsed(key, raw);
  return answer.kind === 'invalid' ? answer.message : `not refused: ${JSON.stringify(answer)}`;
}

describe('numbers', () => {
  it.each([
    ['data_volume_gb', '1.5 TB', 1500],
    ['data_volume_gb', '500MB', 0.5],
    ['data_volume_gb', '1.1tb', 1100],
    ['data_volume_gb', ' 80 ', 80],
    ['data_volume_gb', '1 TiB', 1099.51162778],
    ['predictions_per_day', '300k', 300_000],
    ['predictions_per_day', '2M', 2_000_000],
    ['predictions_per_day', '1.2 billion', 1_200_000_000],
    ['predictions_per_day', '1e6', 1_000_000],
    ['predictions_per_day', '1,500', 1500],
    ['predictions_per_day', '1_000_000', 1_000_000],
    ['team_size', '12', 12],
    ['team_size', '12 people', 12],
    ['team_size', 'none', 0],
    ['company_size', '1.5k', 1500],
    ['company_size', 20000, 20_000],
  ])('%s takes %j', (key, raw, value) => {
    expect(parsed(key, raw)).toEqual({ kind: 'value', value });
  });

  it.each([
    ['team_size', -1, 'team_size cannot be negative.'],
    ['team_size', '-3', 'team_size cannot be negative.'],
    ['team_size', Number.NaN, 'team_size takes a number, not "NaN".'],
    ['team_size', Number.POSITIVE_INFINITY, 'team_size takes a number, not "Infinity".'],
    ['team_size', '1e999', 'team_size takes a finite number.'],
    ['team_size', 2.5, 'team_size takes a whole number, not 2.5.'],
    ['team_size', 'three', 'team_size takes a number, not "three".'],
    ['team_size', 5_000_000, 'team_size cannot be more than 100,000.'],
    ['team_size', true, 'team_size takes a number, not "true".'],
    ['team_size', { value: 3 }, 'team_size takes a whole number, not a mapping.'],
    ['team_size', [3], 'team_size takes a whole number, not a list.'],
    ['data_volume_gb', -0.5, 'data_volume_gb cannot be negative.'],
    ['data_volume_gb', 1e15, 'data_volume_gb cannot be more than 100,000,000,000.'],
    [
      'predictions_per_day',
      '1,5',
      'predictions_per_day takes a decimal point, as in "1.5", or groups of three, as in "1,500".',
    ],
    ['predictions_per_day', '5 per day', 'predictions_per_day takes a number, not "5 per day".'],
  ])('%s refuses %j with a sentence', (key, raw, message) => {
    expect(refusal(key, raw)).toBe(message);
  });

  it('asks for a unit that it understands', () => {
    expect(refusal('data_volume_gb', '3 k')).toContain('"1.5 TB"');
    expect(refusal('predictions_per_day', '3 dozen')).toContain('"300k"');
  });
});

describe('words', () => {
  it.each([
    ['frameworks', 'torch, sk-learn', ['scikit-learn', 'pytorch']],
    ['frameworks', ['PyTorch', 'torch'], ['pytorch']],
    ['big_data_tools', 'kafka spark', ['spark', 'kafka']],
    ['big_data_tools', 'Apache Spark and Kafka', ['spark', 'kafka']],
    ['big_data_tools', 'none', []],
    ['big_data_tools', [], []],
    ['big_data_tools', '[spark]', ['spark']],
    ['roles_present', 'data scientists; MLE', ['ds', 'mle']],
    ['cloud', 'On-Premises', 'on_prem'],
    ['cloud', false, 'none'],
    ['ci_cd', 'CI/CD', 'automated'],
    ['legacy_systems', 'y', true],
    ['legacy_systems', false, false],
  ])('%s reads %j', (key, raw, value) => {
    expect(parsed(key, raw)).toEqual({ kind: 'value', value });
  });

  it('counts an unknown item of an open list as "other" and says so', () => {
    expect(parsed('frameworks', 'pytroch, sklearn')).toEqual({
      kind: 'value',
      value: ['scikit-learn', 'other'],
      note: 'frameworks: "pytroch" counts as "other" (if you meant pytorch, write that).',
    });
  });

  it('counts an unknown word of an open choice as "other" and says so', () => {
    expect(parsed('registry', 'clearml')).toMatchObject({
      value: 'other',
      note: expect.stringContaining('clearml'),
    });
    expect(parsed('registry', 'other')).toEqual({ kind: 'value', value: 'other' });
  });

  it('names the nearest value where the values are closed', () => {
    expect(refusal('cloud', 'azur')).toBe('cloud does not know "azur"; did you mean azure?');
    expect(refusal('cloud', 'moon')).toContain('it takes none, on_prem, aws');
    expect(refusal('roles_present', 'ds, janitor')).toContain('does not know "janitor"');
    expect(refusal('roles_present', 'other')).toContain('does not know "other"');
  });

  it('refuses "none" beside something', () => {
    expect(refusal('regulation', 'none, banking')).toBe('regulation takes either "none" or a list.');
  });

  it('refuses what is not a word in a list', () => {
    expect(refusal('regulation', [{ banking: true }])).toBe(
      'regulation takes a list of words, not a mapping.',
    );
    expect(
      refusal(
        'regulation',
        Array.from({ length: 101 }, () => 'gdpr'),
      ),
    ).toContain('at most 100 items');
  });
});

describe('every question', () => {
  it.each(FACTS.map((one) => [one.key]))('%s keeps what was not answered unknown', (key) => {
    for (const raw of [undefined, null, '', '  ']) expect(parsed(key, raw)).toEqual({ kind: 'unknown' });
  });

  it.each(FACTS.map((one) => [one.key]))('%s refuses a long text, control characters and mappings', (key) => {
    expect(refusal(key, 'x'.repeat(10_000))).toMatch(
      /^\w+ takes at most 1000 characters, and was given 10000\.$/,
    );
    expect(refusal(key, 'a\u0007b')).toContain('control characters');
    expect(refusal(key, 'a\nteam_size: 9')).toContain('line breaks');
    expect(refusal(key, 'a\u202eb')).toContain('control characters');
    expect(refusal(key, {})).toContain('not a mapping');
  });

  it.each(FACTS.map((one) => [one.key]))('%s reads back what it read, as a value and as text', (key) => {
    fc.assert(
      fc.property(rawAnswers(fact(key)), (raw) => {
        const answer = parsed(key, raw);
        if (answer.kind !== 'value') return;
        expect(parsed(key, answer.value)).toEqual({ kind: 'value', value: answer.value });
        expect(parsed(key, answerText(answer.value))).toEqual({ kind: 'value', value: answer.value });
      }),
      { numRuns: 50 },
    );
  });

  it('never throws, and ends every refusal with a full stop or a question mark', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FACTS),
        fc.oneof(fc.anything(), fc.string({ unit: 'binary' })),
        (one, raw) => {
          const answer = parseAnswer(one, raw);
          if (answer.kind === 'invalid') expect(answer.message).toMatch(/[.?]$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('text', () => {
  const name: Question = {
    kind: 'text',
    key: 'reason',
    group: 'project',
    message: 'Why?',
    why: 'It is kept.',
    maxLength: 10,
  };

  it('keeps a text as it is, and limits its length', () => {
    expect(parseAnswer(name, ' unknown ')).toEqual({ kind: 'value', value: 'unknown' });
    expect(parseAnswer(name, 'x'.repeat(11))).toEqual({
      kind: 'invalid',
      message: 'reason takes at most 10 characters.',
    });
  });
});

function rawAnswers(question: Question): fc.Arbitrary<unknown> {
  switch (question.kind) {
    case 'count':
      return fc.nat(question.max);
    case 'number':
      return fc.double({ min: question.min, max: question.max, noNaN: true });
    case 'yes-no':
      return fc.boolean();
    case 'text':
      return fc.string({ maxLength: question.maxLength });
    case 'choice':
      return fc.constantFrom(...namesOf(question), 'other');
    case 'list':
      return fc.array(fc.constantFrom(...namesOf(question)), { maxLength: 6 });
  }
}

function namesOf(question: Extract<Question, { kind: 'choice' | 'list' }>): readonly string[] {
  return question.values
    .flatMap(({ value, aliases = [] }) => [value, ...aliases])
    .filter((name) => name !== '0');
}
