import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { allChoiceQuestions, type Catalog, choiceQuestions } from './catalog/catalog.ts';
import { EXIT, MlopsError, usageError } from './errors.ts';
import { lookAt } from './io/on-disk.ts';
import { type KitRecord, kitRecords } from './kit/record.ts';
import { APPLIED_ANSWERS, MANIFEST } from './merge/state.ts';
import { isGenerators } from './plan/emitted-path.ts';
import { type ProjectNames, projectNames } from './plan/project.ts';
import { type AnswersFile, parseAnswersFile } from './profile/answers-file.ts';
import { FACTS } from './profile/facts.ts';
import { type GivenAnswers, resolveAnswers } from './profile/given.ts';
import type { Known, Profile } from './profile/profile.ts';
import { PROJECT_QUESTIONS } from './profile/project-questions.ts';
import { parseRelPath, type RelPath } from './rel-path.ts';
import type { ProjectSpec } from './wanted.ts';

/** What `mlops.yaml` says, and what it said when it was last applied. */
export interface SavedProject {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly generator: string;
  readonly project: ProjectNames;
  readonly answers: GivenAnswers;
  /** The answers, checked. */
  readonly known: ReadonlyMap<string, Known>;
  readonly unmanaged: readonly string[];
  readonly moved: ReadonlyMap<RelPath, RelPath>;
  readonly kits: readonly KitRecord[];
  /** The kits as they were when last applied. */
  readonly appliedKits: readonly KitRecord[];
  /** Undefined where that copy is missing or does not read, and where a kit stands alone. */
  readonly applied: Omit<ProjectSpec, 'page'> | undefined;
  /** What `mlops.yaml` itself asks for; undefined where it names no kind that this version writes. */
  readonly stated: SavedProject['applied'];
  /** Keys that an older version asked for and this one does not; they stay, without effect. */
  readonly retired: readonly string[];
}

/** The questions whose answers `mlops.yaml` may hold. */
function savedQuestions(catalog: Catalog) {
  return [...PROJECT_QUESTIONS, ...allChoiceQuestions(catalog), ...FACTS];
}

/** Reads the answers of a project; a usage error (2) lists all that is wrong with them. */
export function readSavedProject(catalog: Catalog, root: string): SavedProject {
  const found = lookAt(root, MANIFEST);
  if (found.kind !== 'file')
    throw usageError(`${root} holds no mlops.yaml.`, 'Run mlops new to write a project.');
  const text = new TextDecoder().decode(found.bytes);
  // We leave none there, but a merge of two branches may.
  if (/^<{7} [\s\S]*^>{7} /m.test(text)) throw markersError(['mlops.yaml']);
  refuseNewerSchema(text);
  const before = appliedAnswers(catalog, root);
  const file = parsedAnswers(catalog, text, (key) => before?.keys.has(key) === true);
  const { known } = resolveAnswers(savedQuestions(catalog), file.answers);
  if (!known.has('name')) {
    throw usageError('mlops.yaml does not name its project.', 'Put project: {name: …, package: …} back.');
  }
  const project = before?.project ?? namesIn(known);
  refuseRenamed(project, namesIn(known));
  return {
    text,
    bytes: found.bytes,
    mode: found.mode,
    generator: file.generator ?? '',
    project,
    answers: file.answers,
    known,
    ...placesIn(text),
    kits: kitRecords(text),
    appliedKits: before?.kits ?? [],
    applied: before?.spec,
    retired: file.retired,
    stated: specOf(catalog, known, project, file.generator ?? ''),
  };
}

export function markersError(paths: readonly string[]): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_MARKERS',
    exit: EXIT.refused,
    message: `Conflict markers are still in ${paths.length === 1 ? paths[0] : `${paths.length} files`}; nothing was written.`,
    hint: 'Settle the conflicts, or take the last run back with --undo, then run again.',
    details: paths.map((path) => ({ path, message: 'it holds conflict markers' })),
  });
}

function parsedAnswers(catalog: Catalog, text: string, isRetired: (key: string) => boolean): AnswersFile {
  return parseAnswersFile('mlops.yaml', text, savedQuestions(catalog), 'saved', isRetired);
}

function refuseNewerSchema(text: string): void {
  const schema = Number(/^schema:[ \t]*(\d+)/m.exec(text)?.[1] ?? 1);
  if (schema <= 1) return;
  const generator = /^generator:[ \t]*["']?([0-9A-Za-z.+-]{1,40})/m.exec(text)?.[1];
  throw new MlopsError({
    code: 'MLOPS_E_SCHEMA',
    exit: EXIT.refused,
    message: `mlops.yaml has schema ${schema}; this version of the generator reads schema 1.`,
    hint:
      generator === undefined
        ? 'Install a newer generator-mlops.'
        : `Install generator-mlops ${generator} or newer.`,
  });
}

function namesIn(known: ReadonlyMap<string, Known>): ProjectNames {
  const text = (key: string) => {
    const value = known.get(key)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  // What may not be hidden was asked when the project was created.
  return projectNames(text('name') ?? '', text('package') ?? text('name') ?? '', 'nothing');
}

function refuseRenamed(before: ProjectNames, now: ProjectNames): void {
  if (before.name === now.name && before.package === now.package) return;
  throw usageError(
    `The names of a project are fixed after its creation: ${before.name}, package ${before.package}.`,
    'Put the old names back under project: in mlops.yaml.',
  );
}

interface AppliedAnswers {
  readonly project: ProjectNames;
  readonly kits: readonly KitRecord[];
  readonly spec: SavedProject['applied'];
  /** All that was an answer when it was applied. */
  readonly keys: ReadonlySet<string>;
}

function appliedAnswers(catalog: Catalog, root: string): AppliedAnswers | undefined {
  const found = lookAt(root, APPLIED_ANSWERS);
  if (found.kind !== 'file') return undefined;
  try {
    const text = new TextDecoder().decode(found.bytes);
    const file = parsedAnswers(catalog, text, () => true);
    const { known } = resolveAnswers(savedQuestions(catalog), file.answers);
    const project = namesIn(known);
    const spec = specOf(catalog, known, project, file.generator ?? '');
    return {
      project,
      kits: kitRecords(text),
      spec,
      keys: new Set([...file.answers.keys(), ...file.retired]),
    };
  } catch (error) {
    // The copy is only for telling causes; whatever is wrong with it is no reason to stop.
    if (error instanceof MlopsError) return undefined;
    throw error;
  }
}

function specOf(
  catalog: Catalog,
  known: ReadonlyMap<string, Known>,
  project: ProjectNames,
  generator: string,
): SavedProject['applied'] {
  const preset = catalog.presets.get(String(known.get('archetype')?.value));
  if (preset === undefined) return undefined;
  const questions = choiceQuestions(catalog, preset);
  const choices = questions.map((question): [string, string] => {
    const preset = question.kind === 'choice' ? question.default : '';
    return [question.key, String(known.get(question.key)?.value ?? preset)];
  });
  const reason = known.get('reason')?.value;
  return {
    generator,
    project,
    preset,
    reason: typeof reason === 'string' ? reason : undefined,
    profile: factsOf(known),
    choices: new Map(choices),
  };
}

function factsOf(known: ReadonlyMap<string, Known>): Profile {
  return new Map(
    FACTS.flatMap(({ key }): [string, Known][] => {
      const answer = known.get(key);
      return answer === undefined ? [] : [[key, answer]];
    }),
  );
}

function placesIn(text: string): Pick<SavedProject, 'unmanaged' | 'moved'> {
  const document = parseDocument(text);
  const unmanaged: unknown = document.get('unmanaged');
  const moved: unknown = document.get('moved');
  const problems: string[] = [];
  const paths = isSeq(unmanaged) ? unmanaged.items.map((item) => (isScalar(item) ? item.value : item)) : [];
  if (unmanaged !== undefined && unmanaged !== null && !isSeq(unmanaged))
    problems.push('unmanaged: takes a list of paths');
  if (paths.some((path) => typeof path !== 'string' || path === '')) problems.push('unmanaged: takes paths');
  if (moved !== undefined && moved !== null && !isMap(moved)) problems.push('moved: takes "old: new" lines');
  const pairs = isMap(moved) ? moved.items.map(({ key, value }) => [plain(key), plain(value)] as const) : [];
  const moves = pairs.flatMap(([old, now]): [RelPath, RelPath][] => {
    const [from, to] = [parseRelPath(old), parseRelPath(now)];
    if (from.kind === 'path' && to.kind === 'path' && !isGenerators(old) && !isGenerators(now))
      return [[from.path, to.path]];
    problems.push(`moved: cannot take ${JSON.stringify(`${old}: ${now}`)}`);
    return [];
  });
  if (new Set(moves.map(([, to]) => to)).size < moves.length) problems.push('moved: names one file twice');
  if (problems.length > 0) {
    throw usageError(
      `mlops.yaml cannot be used: ${problems[0]}.`,
      'Write paths from the project, such as unmanaged: [docs/] and moved: {old.py: new.py}.',
      problems.map((message) => ({ path: 'mlops.yaml', message })),
    );
  }
  return { unmanaged: paths.filter((path) => typeof path === 'string'), moved: new Map(moves) };
}

function plain(node: unknown): string {
  return isScalar(node) ? String(node.value) : '';
}
