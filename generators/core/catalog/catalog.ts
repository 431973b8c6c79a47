import { join } from 'node:path';
import { filesBelow, foldersIn, packageRoot, readText } from '../io/package-files.ts';
import type { Question } from '../profile/question.ts';
import { type Capability, readCapability } from './capability.ts';
import { PRESET, type PresetManifest } from './schema.ts';
import { parseYamlFile } from './yaml-file.ts';

export type Preset = PresetManifest;

/** Everything that can be written: capabilities and, for each archetype that is ready, its preset. */
export interface Catalog {
  readonly capabilities: ReadonlyMap<string, Capability>;
  readonly presets: ReadonlyMap<string, Preset>;
}

/** Reads a folder of capabilities and archetypes. */
export function readCatalog(templates: string): Catalog {
  const capabilities = foldersIn(join(templates, 'capabilities')).map((name) =>
    readCapability(join(templates, 'capabilities', name)),
  );
  const presets = filesBelow(join(templates, 'archetypes')).map((name) => {
    const path = join(templates, 'archetypes', name);
    return parseYamlFile(path, readText(path), PRESET);
  });
  return {
    capabilities: new Map(capabilities.map((capability) => [capability.id, capability])),
    presets: new Map(presets.map((preset) => [preset.id, preset])),
  };
}

let ours: Catalog | undefined;

/** The catalog of this package; read once in a process. */
export function packageCatalog(): Catalog {
  ours ??= readCatalog(join(packageRoot(), 'templates'));
  return ours;
}

/** The choice questions of the capabilities that a preset uses, each with the preset's default. */
export function choiceQuestions(catalog: Catalog, preset: Preset): Question[] {
  return preset.capabilities
    .flatMap((id) => catalog.capabilities.get(id)?.questions ?? [])
    .map((question) => withDefault(question, preset.defaults[question.key]));
}

/** The choice questions of every preset, for the flags: a key that two presets share appears once. */
export function allChoiceQuestions(catalog: Catalog): Question[] {
  const questions = [...catalog.presets.values()].flatMap((preset) => choiceQuestions(catalog, preset));
  return [...new Map(questions.map((question) => [question.key, question])).values()];
}

function withDefault(question: Question, value: string | undefined): Question {
  return value === undefined || question.kind !== 'choice' ? question : { ...question, default: value };
}
