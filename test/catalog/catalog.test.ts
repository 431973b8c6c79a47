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

describe('parts of a capability that may stay', () => {
  const staying = {
    'capabilities/extra/capability.yaml':
      'id: extra\ntitle: E\nwhy: w\nwhen: ci=github\nstays: [{parts: [files/a, fragments+colour=red], word: alpha, in: [x]}]\n',
    'capabilities/extra/files/a/one.txt': 'one\n',
    'capabilities/extra/files/two.txt': 'two\n',
    'capabilities/extra/fragments+colour=red/list.txt/notes': 'red\n',
    'capabilities/extra/jobs.yaml': 'jobs: {}\n',
  };
  const selected = (choices: Readonly<Record<string, string>>, isStaying?: () => boolean) => {
    const catalog = smallCatalog(staying);
    const [preset] = [...catalog.presets.values()];
    if (preset === undefined) throw new Error('no preset');
    const selection = selectCapabilities(catalog, preset, new Map(Object.entries(choices)), isStaying);
    const extra = selection.capabilities.find(({ id }) => id === 'extra');
    const laid = [...(extra?.files ?? []), ...(extra?.fragments ?? [])];
    return { kept: selection.kept.length, files: laid.flatMap(({ files }) => files), jobs: extra?.jobs };
  };

  it('are left out with the choice, unless they stay', () => {
    expect(selected({ ci: 'none', colour: 'blue' })).toEqual({ kept: 0, files: [], jobs: undefined });
    expect(selected({ ci: 'none', colour: 'blue' }, () => true)).toEqual({
      kept: 1,
      files: ['a/one.txt', 'list.txt/notes'],
      jobs: undefined,
    });
  });

  it('stay beside what the choices ask for, and are not asked about where the choices lay them', () => {
    const never = () => {
      throw new Error('nobody had to ask');
    };
    expect(selected({ ci: 'github', colour: 'red' }, never)).toMatchObject({ kept: 0 });
    expect(selected({ ci: 'github', colour: 'blue' }, () => true)).toMatchObject({
      kept: 1,
      files: expect.arrayContaining(['a/one.txt', 'two.txt', 'list.txt/notes', 'list.txt/notes.ejs']),
      jobs: expect.anything(),
    });
  });

  it.each([
    ['parts: [files/none], word: alpha, in: [x]', /names files\/none, which is not there/],
    ['parts: [fragments+colour=green], word: alpha, in: [x]', /names fragments\+colour=green/],
    ['parts: [], word: alpha, in: [x]', /parts/],
    ['parts: [files/a], word: a, in: [x]', /word/],
    ['parts: [files/a], word: alpha', /in/],
  ])('are refused where they cannot be meant: %s', (stay, message) => {
    const manifest = `id: extra\ntitle: E\nwhy: w\nstays: [{${stay}}]\n`;
    const error = errorFrom(() =>
      smallCatalog({ ...staying, 'capabilities/extra/capability.yaml': manifest }),
    );
    expect(error).toMatchObject({ exit: 8, message: expect.stringMatching(message) });
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
