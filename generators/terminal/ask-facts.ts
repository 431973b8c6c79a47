import { classifyProfile, type Verdict } from '../core/classify/verdict.ts';
import { factNamed } from '../core/profile/facts.ts';
import { type Profile, withAnswer } from '../core/profile/profile.ts';
import { askQuestion } from './ask.ts';
import type { Terminal } from './terminal.ts';

export interface Interview {
  readonly profile: Profile;
  readonly verdict: Verdict;
}

/**
 * Asks the fact that can still move the verdict most, until no answer can change it. A question that a person
 * cannot answer is not asked again.
 */
export async function askedFacts(terminal: Terminal, known: Profile): Promise<Interview> {
  let profile = known;
  const skipped = new Set<string>();
  for (;;) {
    const verdict = classifyProfile(profile, skipped);
    const key = verdict.nextQuestion;
    const fact = key === undefined ? undefined : factNamed(key);
    if (fact === undefined) return { profile, verdict };
    const answer = await askQuestion(terminal, fact);
    if (answer === undefined) skipped.add(fact.key);
    else profile = withAnswer(profile, fact.key, answer);
  }
}
