import type { Catalog } from '../../generators/core/catalog/catalog.ts';
import { choiceQuestions } from '../../generators/core/catalog/catalog.ts';
import { projectNames } from '../../generators/core/plan/project.ts';
import type { ProjectSpec } from '../../generators/core/wanted.ts';
import { type WantedProject, wantedProject } from '../../generators/core/wanted.ts';

/** What a catalog's small-data preset gives for some choices; the others take their defaults. */
export function projectFrom(
  catalog: Catalog,
  choices: Readonly<Record<string, string>> = {},
  changes: Partial<ProjectSpec> = {},
): WantedProject {
  return wantedProject(catalog, { ...specFor(catalog, choices), ...changes });
}

function specFor(catalog: Catalog, choices: Readonly<Record<string, string>> = {}): ProjectSpec {
  const preset = catalog.presets.get('small-data');
  if (preset === undefined) throw new Error('the catalog has no small-data preset');
  const defaults = choiceQuestions(catalog, preset).map((question): [string, string] => [
    question.key,
    question.kind === 'choice' ? (question.default ?? '') : '',
  ]);
  return {
    generator: '0.0.0',
    project: projectNames('acme-churn'),
    preset,
    reason: undefined,
    profile: new Map(),
    choices: new Map([...defaults, ...Object.entries(choices)]),
    page: () => '# Page\n',
  };
}

/** The tree as text by path. */
export function textsIn({ tree }: WantedProject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...tree.values()].map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]),
  );
}
