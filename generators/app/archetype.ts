import type { CommandInput } from '../cli/command.ts';
import type { Catalog, Preset } from '../core/catalog/catalog.ts';
import { ARCHETYPE_WORDS, type Archetype } from '../core/classify/archetypes.ts';
import type { Verdict } from '../core/classify/verdict.ts';
import { EXIT, MlopsError, usageError } from '../core/errors.ts';
import type { Known, Profile } from '../core/profile/profile.ts';
import { askedReason } from '../terminal/ask-override.ts';
import { STOPPED } from '../terminal/console.ts';

const STOP = 'stop';

/** The preset to write: the one asked for, else the verdict's; on a terminal a person may take another. */
export async function chosenPreset(
  input: CommandInput,
  catalog: Catalog,
  verdictOf: () => Verdict,
  known: ReadonlyMap<string, Known>,
): Promise<Preset> {
  const asked = known.get('archetype')?.value;
  if (typeof asked === 'string' && asked !== 'verdict') return presetNamed(catalog, asked);
  const verdict = verdictOf();
  if (verdict.status === 'final' && !verdict.isBorderline) {
    const preset = catalog.presets.get(verdict.archetype);
    if (preset !== undefined) return preset;
  }
  if (input.terminal.interactive && !input.args.switches.has('yes'))
    return askedPreset(input, catalog, verdict);
  if (verdict.status !== 'final') throw undecided(verdict);
  return presetNamed(catalog, verdict.archetype);
}

/** Offers what can be written: the leading kind and the runner-up first, where they are among it. */
async function askedPreset({ terminal }: CommandInput, catalog: Catalog, verdict: Verdict): Promise<Preset> {
  const order = [verdict.archetype, verdict.runnerUp];
  const offered = [...catalog.presets.values()].sort((a, b) => rankIn(order, a.id) - rankIn(order, b.id));
  if (!catalog.presets.has(verdict.archetype))
    terminal.say(terminal.paint.warn(notWritten(catalog, verdict.archetype)));
  const answer = await terminal.ask({
    kind: 'select',
    message: 'Which repository should be written?',
    choices: [
      ...offered.map(({ id, title, why }) => ({ value: id, name: `${title} — ${why}` })),
      { value: STOP, name: 'None: stop here' },
    ],
    default: offered.some(({ id }) => order.includes(id as Archetype)) ? (offered[0]?.id ?? STOP) : STOP,
  });
  const preset = catalog.presets.get(String(answer));
  if (preset !== undefined) return preset;
  throw new MlopsError({
    code: 'MLOPS_E_INTERRUPTED',
    exit: EXIT.interrupted,
    message: STOPPED,
    hint: 'Run the command again when you are ready.',
  });
}

interface Choice {
  readonly profile: Profile;
  readonly verdict: () => Verdict;
  readonly preset: Preset;
  readonly known: ReadonlyMap<string, Known>;
}

/** Why a person took another kind at the prompt than their answers say; a flag was a decision already. */
export async function askedForReason(
  { args, terminal }: CommandInput,
  { profile, verdict, preset, known }: Choice,
): Promise<string | undefined> {
  const isAsked = terminal.interactive && !args.switches.has('yes') && !known.has('archetype');
  if (!isAsked || profile.size === 0 || preset.id === verdict().archetype) return undefined;
  return await askedReason(terminal);
}

function rankIn(order: readonly string[], id: string): number {
  const at = order.indexOf(id);
  return at < 0 ? order.length : at;
}

function presetNamed(catalog: Catalog, id: string): Preset {
  const preset = catalog.presets.get(id);
  if (preset !== undefined) return preset;
  throw usageError(
    notWritten(catalog, id),
    `Add --archetype=${[...catalog.presets.keys()].join(' or --archetype=')} to write that kind, and --reason=TEXT to say why.`,
  );
}

function notWritten(catalog: Catalog, id: string): string {
  const written = [...catalog.presets.values()].map(({ title }) => title).join(', ');
  return `This version classifies ${titleOf(id)} but does not write it yet; it writes ${written}.`;
}

function titleOf(id: string): string {
  return ARCHETYPE_WORDS[id as Archetype]?.name ?? id;
}

function undecided(verdict: Verdict): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_UNDECIDED',
    exit: EXIT.undecided,
    message:
      verdict.status === 'contradictory'
        ? 'The answers contradict each other, so there is no verdict.'
        : 'There are too few answers for a verdict.',
    hint: 'Answer the questions named, or add --archetype=ID to choose yourself.',
    details: verdict.findings
      .filter(({ severity }) => severity === 'blocking')
      .map(({ code, message }) => ({ message: `${code}  ${message}` })),
  });
}
