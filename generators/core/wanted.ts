import type { Catalog, Preset } from './catalog/catalog.ts';
import { choiceQuestions } from './catalog/catalog.ts';
import type { Choices } from './catalog/condition.ts';
import { selectCapabilities } from './catalog/selection.ts';
import type { PitfallAnswers } from './classify/explanation.ts';
import { answersSchema, completedAnswersText, savedAnswersText } from './merge/saved-answers.ts';
import { type StateFile, stateFiles } from './merge/state.ts';
import { type Plan, planFiles } from './plan/plan.ts';
import type { ProjectNames } from './plan/project.ts';
import { FACTS } from './profile/facts.ts';
import type { Profile } from './profile/profile.ts';
import { relPath } from './rel-path.ts';
import { templateData } from './render/data.ts';
import { readPins } from './render/pins.ts';
import { renderTree, type Tree } from './render/tree.ts';

/** Everything that decides what a project's files hold; equal values give equal bytes on every machine. */
export interface ProjectSpec {
  readonly generator: string;
  readonly project: ProjectNames;
  readonly preset: Preset;
  readonly reason: string | undefined;
  readonly profile: Profile;
  readonly choices: Choices;
  /** `docs/ARCHETYPE.md`: why this kind, from the files that answer each of its pitfalls. */
  readonly page: (answers: PitfallAnswers) => string;
  /** The text of an `mlops.yaml` that a classification left in the folder. */
  readonly savedAnswers?: string | undefined;
}

/** A project as it should be on disk: the tree that is the user's, and the generator's own files beside it. */
export interface WantedProject {
  readonly tree: Tree;
  readonly state: readonly StateFile[];
}

/** The stages from selection to tree, in one call. */
export function wantedProject(catalog: Catalog, spec: ProjectSpec): WantedProject {
  const { project, preset, choices } = spec;
  const questions = choiceQuestions(catalog, preset);
  const plan = planFiles(selectCapabilities(catalog, preset, choices), {
    package: project.package,
    name: project.name,
  });
  const page = spec.page(pitfallAnswers(preset, project, plan));
  const data = templateData({ project, preset, questions, choices, pins: readPins(), page });
  const tree = renderTree(plan, data);
  const saved = { ...spec, archetype: preset.id, facts: FACTS, questions };
  const answers =
    spec.savedAnswers === undefined
      ? savedAnswersText(saved)
      : completedAnswersText(spec.savedAnswers, saved);
  return {
    tree,
    state: [
      ...stateFiles(tree, answers, answersSchema(FACTS, questions)),
      { path: relPath('mlops.yaml'), bytes: Buffer.from(answers) },
    ],
  };
}

/** The paths that answer each pitfall, of those that this plan holds. */
function pitfallAnswers(preset: Preset, project: ProjectNames, plan: Plan): PitfallAnswers {
  const planned = new Set<string>(plan.map(({ path }) => path));
  const named = (path: string) => path.replaceAll('__package__', project.package);
  return new Map(
    Object.entries(preset.pitfalls).map(([id, paths]) => [
      id,
      paths.map(named).filter((path) => planned.has(path)),
    ]),
  );
}
