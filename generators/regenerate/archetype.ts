import { chosenPreset } from '../app/archetype.ts';
import { factsIn } from '../app/known.ts';
import type { CommandInput } from '../cli/command.ts';
import type { Catalog, Preset } from '../core/catalog/catalog.ts';
import { ARCHETYPE_WORDS } from '../core/classify/archetypes.ts';
import { classifyProfile, type Verdict } from '../core/classify/verdict.ts';
import type { Known } from '../core/profile/profile.ts';
import type { SavedProject } from '../core/saved-project.ts';
import { verdictText } from '../terminal/verdict-text.ts';

/**
 * Classifies again and says what came out. The kind that is written changes only when it was asked for, in
 * `mlops.yaml`, by a flag, or with a yes on the terminal.
 */
export async function reclassifiedPreset(
  input: CommandInput,
  catalog: Catalog,
  saved: SavedProject,
  known: ReadonlyMap<string, Known>,
  isAsked: boolean,
): Promise<Preset> {
  const verdict = classifyProfile(factsIn(known));
  const preset = await chosenPreset(input, catalog, () => verdict, known);
  report(input, saved, verdict, known, preset);
  const other = catalog.presets.get(verdict.archetype);
  const differs = verdict.status === 'final' && other !== undefined && other.id !== preset.id;
  const asks = input.terminal.interactive && !input.args.switches.has('yes') && !isAsked;
  if (!differs || !asks) return preset;
  const message = `Turn this repository from ${preset.title} into ${other.title}?`;
  const isWanted = await input.terminal.ask({ kind: 'confirm', message, default: false });
  return isWanted === true ? other : preset;
}

/** The verdict with its reasons where it is new or differs from what is written; else nothing. */
function report(
  { terminal }: CommandInput,
  { applied }: SavedProject,
  verdict: Verdict,
  known: ReadonlyMap<string, Known>,
  preset: Preset,
): void {
  const profile = factsIn(known);
  if (profile.size === 0 || verdict.status !== 'final') return;
  const before = applied && applied.profile.size > 0 ? classifyProfile(applied.profile) : undefined;
  const isNew = before?.status === 'final' && before.archetype !== verdict.archetype;
  if (!isNew && verdict.archetype === preset.id) return;
  terminal.say(verdictText({ profile, verdict }, terminal));
  const now = ARCHETYPE_WORDS[verdict.archetype].name;
  const change = isNew
    ? `The verdict was ${ARCHETYPE_WORDS[before.archetype].name} and is ${now}.`
    : `The verdict is ${now}.`;
  const stays =
    verdict.archetype === preset.id
      ? ''
      : ` The repository is ${preset.title}; --archetype=verdict changes it.`;
  terminal.say(terminal.paint.warn(`\n${change}${stays}`));
}
