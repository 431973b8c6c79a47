import { join } from 'node:path';
import { EXIT, MlopsError } from '../errors.ts';
import { filesBelow, foldersIn, readText, textIfThere } from '../io/package-files.ts';
import type { Question } from '../profile/question.ts';
import { ALWAYS, type Condition, parseCondition } from './condition.ts';
import { CAPABILITY, type CapabilityManifest, choiceQuestionOf } from './schema.ts';
import { parseYamlFile } from './yaml-file.ts';

export type SlotKind = 'set' | 'blocks';

/** A folder of files that is laid only when its condition holds. */
export interface Layer {
  readonly when: Condition;
  readonly folder: string;
  /** Paths below the folder, as they are named in the catalog. */
  readonly files: readonly string[];
}

/** One concern of an emitted repository: data only, the same format as a team's kit. */
export interface Capability {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  /** The choices under which the whole capability is laid. */
  readonly when: Condition;
  readonly requires: readonly string[];
  readonly conflicts: readonly string[];
  readonly after: readonly string[];
  readonly questions: readonly Question[];
  readonly policies: CapabilityManifest['policies'];
  readonly executable: readonly string[];
  /** Paths that files of this capability once had: old to new, as they are named in the catalog. */
  readonly renames: Readonly<Record<string, string>>;
  /** Slots that this capability's own files declare: template path → slot → kind. */
  readonly slots: Readonly<Record<string, Readonly<Record<string, SlotKind>>>>;
  readonly files: readonly Layer[];
  readonly fragments: readonly Layer[];
  /** The text of jobs.yaml, if there is one. */
  readonly jobs: { readonly path: string; readonly text: string } | undefined;
}

/** Reads `capability.yaml` and the names of the files beside it. */
export function readCapability(folder: string): Capability {
  const path = join(folder, 'capability.yaml');
  const manifest = parseYamlFile(path, readText(path), CAPABILITY);
  const jobs = textIfThere(join(folder, 'jobs.yaml'));
  return {
    ...manifest,
    when: manifest.when === undefined ? ALWAYS : conditionIn(manifest.when, path),
    questions: manifest.questions.map(choiceQuestionOf),
    files: layersOf(folder, 'files'),
    fragments: layersOf(folder, 'fragments'),
    jobs: jobs === undefined ? undefined : { path: join(folder, 'jobs.yaml'), text: jobs },
  };
}

/** `files/` and every `files+CONDITION/`, the unconditional one first. */
function layersOf(folder: string, stem: 'files' | 'fragments'): Layer[] {
  return foldersIn(folder)
    .filter((name) => name === stem || name.startsWith(`${stem}+`))
    .map((name) => ({
      when: name === stem ? ALWAYS : conditionIn(name.slice(stem.length + 1), join(folder, name)),
      folder: join(folder, name),
      files: filesBelow(join(folder, name)),
    }));
}

function conditionIn(text: string, where: string): Condition {
  const condition = parseCondition(text);
  if (condition !== undefined) return condition;
  throw new MlopsError({
    code: 'MLOPS_E_MANIFEST',
    exit: EXIT.kit,
    message: `"${text}" at ${where} is not a condition.`,
    hint: 'Write key=value, with , for or and + for and, for example ci=github+deploy_cloud=aws,gcp.',
  });
}
