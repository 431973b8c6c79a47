import { describe, expect, it } from 'vitest';
import {
  allChoiceQuestions,
  choiceQuestions,
  packageCatalog,
} from '../../generators/core/catalog/catalog.ts';
import { conditionHolds, parseCondition } from '../../generators/core/catalog/condition.ts';
import { selectCapabilities } from '../../generators/core/catalog/selection.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import { smallCatalog } from '../support/small-catalog.ts';

function errorFrom(run: () => unknown): MlopsError {
  try {
    run();
  } catch (error) {
    if (error instanceof MlopsError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a condition in a folder name', () => {
  it.each([
    ['ci=github', { ci: 'github' }, true],
    ['ci=github', { ci: 'gitlab' }, false],
    ['ci=github,gitlab', { ci: 'gitlab' }, true],
    ['ci=github+cloud=aws,gcp', { ci: 'github', cloud: 'gcp' }, true],
    ['ci=github+cloud=aws,gcp', { ci: 'github', cloud: 'azure' }, false],
    ['ci=github', {}, false],
  ])('%s with %o is %s', (text, choices, holds) => {
    const condition = parseCondition(text);
    expect(condition && conditionHolds(condition, new Map(Object.entries(choices)))).toBe(holds);
  });

  it.each(['', 'ci', 'ci=', '=github', 'ci=git hub', 'ci=a,,b', 'CI=github', 'ci=github+'])(
    'refuses %j',
    (text) => {
      expect(parseCondition(text)).toBeUndefined();
    },
  );
});

describe('a catalog', () => {
  it('lets a preset set the default of a choice', () => {
    const catalog = smallCatalog();
    const [preset] = [...catalog.presets.values()];
    const [colour] = preset === undefined ? [] : choiceQuestions(catalog, preset);
    expect(colour).toMatchObject({ key: 'colour', default: 'blue' });
  });

  it('names line and column of every problem in a manifest', () => {
    const error = errorFrom(() =>
      smallCatalog({
        'capabilities/extra/capability.yaml': 'id: extra\ntitle: 3\nwhy: it adds\nunknown: 1\n',
      }),
    );
    expect(error.exit).toBe(8);
    expect(error.details.map(({ line, column }) => [line, column])).toEqual([
      [2, 1],
      [1, 1],
    ]);
  });

  it('refuses YAML that is not YAML, with its place', () => {
    const error = errorFrom(() => smallCatalog({ 'capabilities/extra/capability.yaml': 'id: [extra\n' }));
    expect(error.details[0]).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
  });

  it('refuses aliases, which multiply', () => {
    const bomb = 'id: extra\ntitle: &a x\nwhy: *a\n';
    expect(() => smallCatalog({ 'capabilities/extra/capability.yaml': bomb })).toThrow();
  });

  it('puts a capability behind those it requires, whatever the order of the preset', () => {
    const catalog = smallCatalog({
      'archetypes/small-data.yaml':
        'id: small-data\ntitle: S\nwhy: w\ncapabilities: [extra, base]\npitfalls: {}\n',
    });
    const [preset] = [...catalog.presets.values()];
    if (preset === undefined) throw new Error('no preset');
    const { capabilities } = selectCapabilities(catalog, preset, new Map());
    expect(capabilities.map(({ id }) => id)).toEqual(['base', 'extra']);
  });
});

describe('the catalog of this package', () => {
  const catalog = packageCatalog();

  it('asks each choice once, with a default that is one of its values', () => {
    for (const question of allChoiceQuestions(catalog)) {
      if (question.kind !== 'choice') throw new Error(`${question.key} is no choice`);
      expect(question.values.map(({ value }) => value)).toContain(question.default);
    }
  });

  it('names only capabilities that are there, and leaves none unused', () => {
    const used = new Set([...catalog.presets.values()].flatMap(({ capabilities }) => capabilities));
    expect([...catalog.capabilities.keys()].sort()).toEqual([...used].sort());
  });
});
