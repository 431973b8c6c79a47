import { chosenValues } from '../app/choices.ts';
import { factsIn, reasonFor, refuseSilence } from '../app/known.ts';
import { archetypePage } from '../app/page.ts';
import type { CommandInput } from '../cli/command.ts';
import { givenAnswers } from '../cli/given-answers.ts';
import { planRegeneration } from '../core/answers-regeneration.ts';
import {
  allChoiceQuestions,
  type Catalog,
  choiceQuestions,
  packageCatalog,
} from '../core/catalog/catalog.ts';
import { EXIT, type ExitCode, MlopsError } from '../core/errors.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { FACTS } from '../core/profile/facts.ts';
import { mergeGiven, resolveAnswers } from '../core/profile/given.ts';
import type { Known } from '../core/profile/profile.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';
import { readSavedProject, type SavedProject } from '../core/saved-project.ts';
import { isOlder } from '../core/version.ts';
import type { ProjectSpec } from '../core/wanted.ts';
import { reclassifiedPreset } from './archetype.ts';
import { carriedOut } from './carried-out.ts';
import { confirmedKnown, detectedBeside } from './detected.ts';
import { regeneratedKit } from './kit.ts';
import { plannedWithMoves } from './moves.ts';
import { conflictStyle, restoredPath } from './options.ts';

/** Brings a project to what its answers, and those given now, ask for. */
export async function regeneratedProject(input: CommandInput, root: string): Promise<ExitCode> {
  const catalog = packageCatalog();
  const options = { conflict: conflictStyle(input), restore: restoredPath(input, root) };
  const saved = readSavedProject(catalog, root);
  refuseDowngrade(input, saved);
  if (saved.kits.length > 0 || input.args.texts.has('kit'))
    return regeneratedKit(input, root, saved, options);
  const spec = await specNow(input, root, catalog, saved);
  const plan = await plannedWithMoves(input, root, (moves) =>
    planRegeneration(catalog, root, saved, spec, { ...options, moves }),
  );
  return carriedOut(input, root, {
    ...plan,
    archetype: spec.preset.id,
    from: String(saved.applied?.preset.id ?? saved.known.get('archetype')?.value),
    title: 'Regenerate',
  });
}

/** The saved answers with those given now laid over them. */
async function specNow(
  input: CommandInput,
  root: string,
  catalog: Catalog,
  saved: SavedProject,
): Promise<ProjectSpec> {
  const { args, terminal, cwd } = input;
  const all = [...PROJECT_QUESTIONS, ...allChoiceQuestions(catalog), ...FACTS];
  const given = givenAnswers(args, all, cwd);
  const stated = mergeGiven(saved.answers, given);
  const detected = await detectedBeside(input, root, saved, stated);
  const { known: found, notes } = resolveAnswers(all, mergeGiven(detected.answers, stated));
  const known = await confirmedKnown(input, found, detected);
  for (const note of notes) terminal.say(terminal.paint.warn(note));
  refuseSilence(input, catalog, known);
  const profile = factsIn(known);
  const preset = await reclassifiedPreset(input, catalog, saved, known, given.has('archetype'));
  const choices = await chosenValues(input, choiceQuestions(catalog, preset), known);
  const reason = given.has('reason') || !takesVerdict(known) ? reasonFor(known) : undefined;
  return {
    generator: packageVersion(),
    project: saved.project,
    preset,
    reason,
    profile,
    choices,
    page: archetypePage,
  };
}

/** With the verdict's kind there is nothing left to give a reason for. */
function takesVerdict(known: ReadonlyMap<string, Known>): boolean {
  return known.get('archetype')?.value === 'verdict';
}

function refuseDowngrade({ args }: CommandInput, { generator }: SavedProject): void {
  const ours = packageVersion();
  if (args.switches.has('allow-downgrade') || !isOlder(ours, generator)) return;
  throw new MlopsError({
    code: 'MLOPS_E_DOWNGRADE',
    exit: EXIT.refused,
    message: `Generator ${generator} wrote this project; this is ${ours}.`,
    hint: 'Install that version or a newer one, or add --allow-downgrade.',
  });
}
