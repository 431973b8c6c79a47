import { basename, join } from 'node:path';
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

/** Parts of a capability that stay where they were, whatever is chosen now, while a file of the user's needs them. */
export interface Stay {
  /** Folders and files below the capability's own, such as `fragments+ci=github` or `files/x.py`. */
  readonly parts: readonly string[];
  /** What a file says that needs them. */
  readonly word: string;
  /** Where such files may be: paths and patterns, as they are named in the catalog. */
  readonly in: readonly string[];
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
  readonly stays: readonly Stay[];
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
  const [files, fragments] = [layersOf(folder, 'files'), layersOf(folder, 'fragments')];
  for (const stay of manifest.stays) checkParts(path, stay, [...files, ...fragments]);
  return {
    ...manifest,
    when: manifest.when === undefined ? ALWAYS : conditionIn(manifest.when, path),
    questions: manifest.questions.map(choiceQuestionOf),
    files,
    fragments,
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

/** Whether a file of a layer is among some parts of its capability. */
export function isAmong(parts: readonly string[], layer: Layer, name: string): boolean {
  const path = `${basename(layer.folder)}/${name}`;
  return parts.some((part) => path === part || path.startsWith(`${part}/`));
}

/** A part that is not there would never stay, in silence. */
function checkParts(path: string, { parts }: Stay, layers: readonly Layer[]): void {
  const missing = parts.find(
    (part) => !layers.some((layer) => layer.files.some((name) => isAmong([part], layer, name))),
  );
  if (missing === undefined) return;
  throw new MlopsError({
    code: 'MLOPS_E_MANIFEST',
    exit: EXIT.kit,
    message: `stays in ${path} names ${missing}, which is not there.`,
    hint: 'Name a folder or file of the capability, for example fragments+ci=github.',
  });
}
