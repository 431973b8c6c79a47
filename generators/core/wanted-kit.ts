import type { Kit } from './kit/kit.ts';
import { type KitRecord, recordOf } from './kit/record.ts';
import { answersSchema, completedAnswersText, savedAnswersText } from './merge/saved-answers.ts';
import { planKit } from './plan/kit-plan.ts';
import type { ProjectNames } from './plan/project.ts';
import { FACTS } from './profile/facts.ts';
import { renderTree } from './render/tree.ts';
import type { WantedProject } from './wanted.ts';

/** A project that a kit alone decides on: no archetype, no questions. */
export interface KitSpec {
  readonly generator: string;
  readonly project: ProjectNames;
  readonly kit: Kit;
  /** Where the kit is, from the root of the project. */
  readonly source: string;
  /** The text of an `mlops.yaml` that a classification left in the folder. */
  readonly savedAnswers?: string | undefined;
}

/** The stages from a kit to a tree, in one call. */
export function wantedKitProject(spec: KitSpec): WantedProject {
  const { project, kit, generator } = spec;
  const { plan, renames } = planKit(kit, { package: project.package, name: project.name });
  const saved = { ...NO_ANSWERS, generator, project, kits: [kitRecordOf(spec)] };
  return {
    tree: renderTree(plan, { project }),
    renames,
    answers:
      spec.savedAnswers === undefined
        ? savedAnswersText(saved)
        : completedAnswersText(spec.savedAnswers, saved),
    schema: answersSchema(FACTS, []),
    kept: [],
  };
}

export function kitRecordOf({ kit, source }: KitSpec): KitRecord {
  return recordOf(kit, source);
}

const NO_ANSWERS = {
  archetype: undefined,
  reason: undefined,
  facts: [],
  profile: new Map(),
  questions: [],
  choices: new Map(),
};
