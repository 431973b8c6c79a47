import { type Catalog, choiceQuestions } from './catalog/catalog.ts';
import { projectDisk } from './io/on-disk.ts';
import type { AnswerEdit } from './merge/answers-edit.ts';
import type { CauseStep } from './merge/causes.ts';
import { evidenceComment } from './merge/saved-answers.ts';
import { FACTS } from './profile/facts.ts';
import type { AnswerValue } from './profile/question.ts';
import { movedEdits, planWish, type Regeneration, type RegenerationOptions } from './regeneration.ts';
import type { RelPath } from './rel-path.ts';
import type { Tree } from './render/tree.ts';
import type { SavedProject } from './saved-project.ts';
import { type KeptPart, needsOf, type ProjectNeeds, stayText } from './stays.ts';
import { type ProjectSpec, wantedProject } from './wanted.ts';

/** Holds a project on disk against what its answers ask for now. */
export function planRegeneration(
  catalog: Catalog,
  root: string,
  saved: SavedProject,
  spec: ProjectSpec,
  options: RegenerationOptions,
): Regeneration {
  const moved = new Map([...saved.moved, ...(options.moves ?? [])]);
  const { unmanaged } = saved;
  const needs = needsOf(projectDisk(root), spec.project, { moved, unmanaged, restore: options.restore });
  const now = { ...spec, needs };
  const wanted = wantedProject(catalog, now);
  const { steps, before } = causeSteps(catalog, saved, now, needs);
  const edits = (moves: ReadonlyMap<RelPath, RelPath>) => answerEdits(catalog, saved, now, moves);
  const recorded = () => [...steps.map(({ tree }) => tree), ...statedTrees(catalog, saved, now)];
  const plan = planWish(root, saved, { wanted, steps, edits, recorded }, options);
  return { ...plan, notes: [...plan.notes, ...stayNotes(wanted.kept, before, plan)] };
}

/** Why something stays that the answers leave out, once: what stayed before is no news. */
function stayNotes(
  kept: readonly KeptPart[],
  before: readonly KeptPart[],
  { changeset }: Regeneration,
): string[] {
  const known = new Set(before.map(({ word }) => word));
  const left = new Set(changeset.changes.flatMap(({ path, op }) => (op === 'keep' ? [path] : [])));
  return kept.flatMap((part) =>
    part.need === undefined || known.has(part.word)
      ? []
      : [stayText(part, part.need, (path) => left.has(path))],
  );
}

/** Where the answers last applied are gone, those of `mlops.yaml` may be the same. */
function statedTrees(catalog: Catalog, { applied, stated }: SavedProject, spec: ProjectSpec): Tree[] {
  return applied === undefined && stated !== undefined
    ? [wantedProject(catalog, { ...spec, ...stated }).tree]
    : [];
}

interface CauseSteps {
  readonly steps: readonly CauseStep[];
  /** What the answers last applied left out, and was in the files all the same. */
  readonly before: readonly KeptPart[];
}

/**
 * The way from the answers last applied to the new ones, one change at a time: the generator, what the user's files
 * need no more, the archetype, each answer. A path's change is put down to the first that touched it.
 */
function causeSteps(
  catalog: Catalog,
  { applied }: SavedProject,
  spec: ProjectSpec,
  needs: ProjectNeeds,
): CauseSteps {
  const steps: CauseStep[] = [];
  const take = (cause: string, step: ProjectSpec) => {
    const { tree, kept } = wantedProject(catalog, step);
    steps.push({ cause, tree });
    return kept;
  };
  if (applied === undefined) {
    take('the base is not known', spec);
    return { before: [], steps };
  }
  const versions =
    applied.generator === spec.generator ? '' : `generator ${applied.generator} → ${spec.generator}`;
  let at: ProjectSpec = { ...applied, generator: spec.generator, page: spec.page };
  const before = take(versions, { ...at, needs: { ...needs, isStaying: needs.wasWanted } });
  at = { ...at, needs };
  const words = before.flatMap(({ word, need }) => (need === undefined ? [word] : []));
  if (words.length > 0) take(`no file of yours names ${words.join(', ')} any more`, at);
  if (at.preset.id !== spec.preset.id) {
    const cause = `archetype ${at.preset.id} → ${spec.preset.id}`;
    at = { ...at, preset: spec.preset, choices: choicesFor(catalog, spec, at) };
    take(cause, at);
  }
  for (const [key, value] of spec.choices) {
    if (at.choices.get(key) === value) continue;
    const cause = `answer ${key} ${at.choices.get(key) ?? 'unset'} → ${value}`;
    at = { ...at, choices: new Map([...at.choices, [key, value]]) };
    take(cause, at);
  }
  for (const { key } of FACTS) {
    const [last, now] = [at.profile.get(key), spec.profile.get(key)];
    if (sameAnswer(last?.value, now?.value)) continue;
    const cause = `answer ${key} ${shown(last?.value)} → ${shown(now?.value)}`;
    const others = [...at.profile].filter(([other]) => other !== key);
    at = { ...at, profile: new Map(now === undefined ? others : [...others, [key, now]]) };
    take(cause, at);
  }
  if (at.reason !== spec.reason) take('answer reason', spec);
  return { steps, before };
}

/** The choices of a new archetype as far as the old answers say them; the rest as it will be. */
function choicesFor(catalog: Catalog, spec: ProjectSpec, before: ProjectSpec): ProjectSpec['choices'] {
  return new Map(
    choiceQuestions(catalog, spec.preset).map(({ key }) => [
      key,
      before.choices.get(key) ?? spec.choices.get(key) ?? '',
    ]),
  );
}

/** What `mlops.yaml` does not say yet. */
function answerEdits(
  catalog: Catalog,
  saved: SavedProject,
  spec: ProjectSpec,
  moved: ReadonlyMap<RelPath, RelPath>,
): AnswerEdit[] {
  const known = (key: string) => saved.known.get(key)?.value;
  const top: AnswerEdit[] = [
    { key: 'generator', value: spec.generator },
    { key: 'archetype', value: spec.preset.id },
    { key: 'reason', value: spec.reason },
  ].filter(({ key, value }) => value !== (key === 'generator' ? saved.generator : known(key)));
  const facts = FACTS.map(
    ({ key }): AnswerEdit => ({
      section: 'facts',
      key,
      value: spec.profile.get(key)?.value,
      comment: evidenceComment(spec.profile.get(key)),
    }),
  );
  const choices = choiceQuestions(catalog, spec.preset).map(
    ({ key }): AnswerEdit => ({ section: 'choices', key, value: spec.choices.get(key) }),
  );
  const answers = [...facts, ...choices].filter(({ key, value }) => !sameAnswer(known(key), asAnswer(value)));
  return [...top, ...answers, ...movedEdits(saved, moved)];
}

function asAnswer(value: AnswerEdit['value']): AnswerValue | undefined {
  return typeof value === 'object' && !isList(value) ? undefined : value;
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function sameAnswer(a: AnswerValue | undefined, b: AnswerValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function shown(value: AnswerValue | undefined): string {
  return value === undefined ? 'unknown' : String(value);
}
