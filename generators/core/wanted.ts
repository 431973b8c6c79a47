import type { Catalog, Preset } from './catalog/catalog.ts';
import { choiceQuestions } from './catalog/catalog.ts';
import type { Choices } from './catalog/condition.ts';
import { selectCapabilities } from './catalog/selection.ts';
import type { PitfallAnswers } from './classify/explanation.ts';
import { answersSchema, completedAnswersText, savedAnswersText } from './merge/saved-answers.ts';
import { type Plan, planFiles } from './plan/plan.ts';
import type { ProjectNames } from './plan/project.ts';
import { planRenames } from './plan/renames.ts';
import { FACTS } from './profile/facts.ts';
import type { Profile } from './profile/profile.ts';
import type { RelPath } from './rel-path.ts';
import { templateData } from './render/data.ts';
import { readPins } from './render/pins.ts';
import { renderTree, type Tree } from './render/tree.ts';
import { type KeptPart, type ProjectNeeds, pathsOf } from './stays.ts';

/** What the page about the kind of repository is made from. */
type PageSpec = Pick<ProjectSpec, 'preset' | 'profile' | 'reason'>;

/** Everything that decides what a project's files hold; equal values give equal bytes on every machine. */
export interface ProjectSpec {
  readonly generator: string;
  readonly project: ProjectNames;
  readonly preset: Preset;
  readonly reason: string | undefined;
  readonly profile: Profile;
  readonly choices: Choices;
  /** `docs/ARCHETYPE.md`: why this kind, from the files that answer each of its pitfalls. */
  readonly page: (spec: PageSpec, answers: PitfallAnswers) => string;
  /** The text of an `mlops.yaml` that a classification left in the folder. */
  readonly savedAnswers?: string | undefined;
  /** What a project that is there still needs of parts that the choices leave out. */
  readonly needs?: ProjectNeeds;
}

/** A project as it should be: the tree that is the user's, and what the generator keeps beside it. */
export interface WantedProject {
  readonly tree: Tree;
  /** Files that the templates have under another name now: old to new. */
  readonly renames: ReadonlyMap<RelPath, RelPath>;
  /** The text of `mlops.yaml`. */
  readonly answers: string;
  /** The JSON schema of `mlops.yaml`. */
  readonly schema: object;
  /** What is in the tree only because the project needs it still. */
  readonly kept: readonly KeptPart[];
}

/** The stages from selection to tree, in one call. */
export function wantedProject(catalog: Catalog, spec: ProjectSpec): WantedProject {
  const { project, preset, choices, needs } = spec;
  const questions = choiceQuestions(catalog, preset);
  const selection = selectCapabilities(catalog, preset, choices, needs?.isStaying);
  const names = { package: project.package, name: project.name };
  const plan = planFiles(selection, names);
  const page = spec.page(spec, pitfallAnswers(preset, project, plan));
  const data = templateData({ project, preset, questions, choices, pins: readPins(), page });
  const saved = { ...spec, archetype: preset.id, facts: FACTS, questions, kits: [] };
  return {
    tree: renderTree(plan, data),
    renames: planRenames(selection, names),
    answers:
      spec.savedAnswers === undefined
        ? savedAnswersText(saved)
        : completedAnswersText(spec.savedAnswers, saved),
    schema: answersSchema(FACTS, questions),
    kept: selection.kept.map((parts) => ({
      word: parts.stay.word,
      paths: pathsOf(parts, names),
      need: needs?.neededBy(parts),
    })),
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
