import type { CommandInput } from '../cli/command.ts';
import { ARCHETYPE_WORDS } from '../core/classify/archetypes.ts';
import type { Override } from '../core/classify/explanation.ts';
import type { Verdict } from '../core/classify/verdict.ts';
import { askedOverride } from '../terminal/ask-override.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The kind that a person takes instead of the verdict's: given, or asked for where something is kept. */
export async function chosenKind(
  { args, terminal }: CommandInput,
  verdict: Verdict,
  given: Override | undefined,
): Promise<Override | undefined> {
  if (given !== undefined) return isChoice(given, verdict) ? given : undefined;
  const isKept = args.switches.has('save') || args.texts.has('report');
  if (!terminal.interactive || args.switches.has('yes') || !isKept) return undefined;
  return await askedOverride(terminal, verdict);
}

/** The kind that the answers lead to anyway is no choice: a project's mlops.yaml names it as well. */
function isChoice({ archetype, reason }: Override, verdict: Verdict): boolean {
  return archetype !== verdict.archetype || verdict.status !== 'final' || reason !== undefined;
}

/** The choice as it stands below the verdict. */
export function overrideText({ archetype, reason }: Override, { paint }: Terminal): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  return paint.strong(`Chosen by hand: ${ARCHETYPE_WORDS[archetype].name}${why}\n`);
}
