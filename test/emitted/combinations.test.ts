import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { choiceQuestions, packageCatalog } from '../../generators/core/catalog/catalog.ts';
import { projectNames } from '../../generators/core/plan/project.ts';
import { projectFrom, textsIn } from '../support/small-project.ts';

const catalog = packageCatalog();

/** Every combination of every value of every choice of an archetype. */
function combinations(archetype: string): Readonly<Record<string, string>>[] {
  const preset = catalog.presets.get(archetype);
  const questions = preset === undefined ? [] : choiceQuestions(catalog, preset);
  return questions.reduce<Record<string, string>[]>(
    (sets, question) =>
      question.kind === 'choice'
        ? sets.flatMap((set) => question.values.map(({ value }) => ({ ...set, [question.key]: value })))
        : sets,
    [{}],
  );
}

const all = combinations('small-data').map((choices) => ({
  choices,
  texts: textsIn(projectFrom(catalog, choices)),
}));

/** What Python's own TOML reader says of many texts at once. */
function readToml(texts: readonly string[]): unknown[] {
  const program =
    'import json,sys,tomllib\nprint(json.dumps([tomllib.loads(t) for t in json.load(sys.stdin)]))';
  const { stdout, stderr, status } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('every combination of choices', () => {
  it('is many', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  it('leaves no template tag, no CR, no trailing blanks and one newline at each end', () => {
    for (const { texts } of all) {
      for (const [path, text] of Object.entries(texts)) {
        expect(text, path).not.toMatch(/<%|%>|\r|[ \t]$/m);
        expect(text, path).toMatch(/^$|[^\n]\n$/);
      }
    }
  });

  it('gives YAML that reads, and TOML that reads', () => {
    const yaml = new Set(
      all.flatMap(({ texts }) =>
        Object.entries(texts).flatMap(([path, text]) => (/\.ya?ml$/.test(path) ? [text] : [])),
      ),
    );
    for (const text of yaml) expect(parseYaml(text)).not.toBeUndefined();
    const toml = [
      ...new Set(
        all.flatMap(({ texts }) => (texts['pyproject.toml'] === undefined ? [] : [texts['pyproject.toml']])),
      ),
    ];
    expect(readToml(toml)).toHaveLength(toml.length);
  });

  it('changes something for each value: no choice is only words', () => {
    for (const { choices, texts } of all) {
      for (const key of Object.keys(choices)) {
        const twins = all.filter(
          ({ choices: other }) =>
            other[key] !== choices[key] &&
            Object.keys(choices).every((name) => name === key || other[name] === choices[name]),
        );
        for (const twin of twins)
          expect(twin.texts, `${key}=${choices[key]} against ${twin.choices[key]}`).not.toEqual(texts);
      }
    }
  });

  it('answers every pitfall with files that are there', () => {
    for (const { choices } of all) {
      const seen: string[][] = [];
      const { tree } = projectFrom(catalog, choices, {
        page: (_, answers) => {
          seen.push(...[...answers.values()].map((paths) => [...paths]));
          return '# Page\n';
        },
      });
      expect(seen).toHaveLength(5);
      for (const paths of seen) expect(paths.length, JSON.stringify(choices)).toBeGreaterThan(0);
      const there = new Set<string>(tree.keys());
      expect(seen.flat().filter((path) => !there.has(path))).toEqual([]);
    }
  });
});

describe('a project with another name', () => {
  it.each(['x', 'A-Very.Long_Name-of-a-project-in-two'])('is the same but for the name: %s', (name) => {
    const project = projectNames(name);
    const texts = textsIn(projectFrom(catalog, {}, { project }));
    const reference = textsIn(projectFrom(catalog));
    const paths = Object.keys(reference).map((path) => path.replaceAll('acme_churn', project.package));
    expect(Object.keys(texts).sort()).toEqual(paths.sort());
    expect(Object.values(texts).join('\n')).not.toMatch(/acme/);
  });
});
