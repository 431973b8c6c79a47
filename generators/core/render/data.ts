import type { Preset } from '../catalog/catalog.ts';
import type { Choices } from '../catalog/condition.ts';
import type { ProjectNames } from '../plan/project.ts';
import type { Question } from '../profile/question.ts';
import type { Pins } from './pins.ts';

/** Everything that a template may name; nothing else is derived for it. */
export interface TemplateData {
  readonly project: ProjectNames;
  readonly archetype: { readonly id: string; readonly title: string };
  /** The chosen value of each choice. */
  readonly choices: Readonly<Record<string, string>>;
  /** `is.<key>.<value>` for every value of every choice. A `-` in a value is written `_`. */
  readonly is: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  readonly pins: Pins;
  readonly verdict: { readonly page: string };
}

interface DataParts {
  readonly project: ProjectNames;
  readonly preset: Preset;
  readonly questions: readonly Question[];
  readonly choices: Choices;
  readonly pins: Pins;
  readonly page: string;
}

export function templateData({ project, preset, questions, choices, pins, page }: DataParts): TemplateData {
  return {
    project,
    archetype: { id: preset.id, title: preset.title },
    choices: Object.fromEntries(choices),
    is: Object.fromEntries(questions.map((question) => [question.key, booleans(question, choices)])),
    pins,
    verdict: { page },
  };
}

function booleans(question: Question, choices: Choices): Readonly<Record<string, boolean>> {
  const values = question.kind === 'choice' ? question.values : [];
  return Object.fromEntries(
    values.map(({ value }) => [value.replaceAll(/[^a-z0-9_]/g, '_'), choices.get(question.key) === value]),
  );
}
