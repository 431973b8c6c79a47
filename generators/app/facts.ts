import type { CommandInput } from '../cli/command.ts';
import { classifyProfile } from '../core/classify/verdict.ts';
import type { Profile } from '../core/profile/profile.ts';
import { askedFacts, type Interview } from '../terminal/ask-facts.ts';
import { verdictText } from '../terminal/verdict-text.ts';

/** What is known about the organisation, asked for where a person can answer, and the verdict, explained. */
export async function factsAndVerdict(
  { args, terminal }: CommandInput,
  given: Profile,
  isChosen: boolean,
): Promise<Interview> {
  const asks = terminal.interactive && !args.switches.has('yes') && !isChosen;
  const interview = asks
    ? await askedFacts(terminal, given)
    : { profile: given, verdict: classifyProfile(given) };
  if (interview.profile.size > 0) terminal.say(verdictText(interview, terminal));
  return interview;
}
