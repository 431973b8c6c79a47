import type { CommandInput } from '../cli/command.ts';
import { classifyProfile, type Verdict } from '../core/classify/verdict.ts';
import type { DetectedAnswers } from '../core/profile/detected-answers.ts';
import type { Profile } from '../core/profile/profile.ts';
import { askedFacts, type Interview } from '../terminal/ask-facts.ts';
import { confirmedFacts } from '../terminal/confirm-found.ts';
import { verdictText } from '../terminal/verdict-text.ts';

interface Facts {
  readonly profile: Profile;
  /** Classifies at the first call: for a kind that was chosen nobody asks. */
  readonly verdict: () => Verdict;
}

/** What is known about the organisation, asked for where a person can answer, and the verdict, explained. */
export async function factsAndVerdict(
  { args, terminal }: CommandInput,
  given: Profile,
  detected: DetectedAnswers,
  isChosen: boolean,
): Promise<Facts> {
  const asks = terminal.interactive && !args.switches.has('yes') && !isChosen;
  if (!asks && given.size === 0) return { profile: given, verdict: () => classifyProfile(given) };
  const interview = asks
    ? await askedWith(terminal, given, detected)
    : { profile: given, verdict: classifyProfile(given) };
  if (interview.profile.size > 0) terminal.say(verdictText(interview, terminal));
  return { profile: interview.profile, verdict: () => interview.verdict };
}

async function askedWith(
  terminal: CommandInput['terminal'],
  given: Profile,
  detected: DetectedAnswers,
): Promise<Interview> {
  const { profile, presets, skipped } = await confirmedFacts(terminal, given, detected);
  return await askedFacts(terminal, profile, { presets, skipped });
}
