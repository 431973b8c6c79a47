import { classifyProfile, type Verdict } from '../core/classify/verdict.ts';
import { factNamed } from '../core/profile/facts.ts';
import { type Profile, withAnswer } from '../core/profile/profile.ts';
import type { AnswerValue } from '../core/profile/question.ts';
import { askQuestion } from './ask.ts';
import type { Terminal } from './terminal.ts';

export interface Interview {
  readonly profile: Profile;
  readonly verdict: Verdict;
}

/**
 * Asks the fact that can still move the verdict most, until no answer can change it. A question that a person
 * cannot answer is not asked again. A preset is what Enter takes.
 */
export async function askedFacts(
  terminal: Terminal,
  known: Profile,
  presets: ReadonlyMap<string, AnswerValue> = new Map(),
  unanswered: ReadonlySet<string> = new Set(),
): Promise<Interview> {
  let profile = known;
  const skipped = new Set(unanswered);
  for (;;) {
    const verdict = classifyProfile(profile, skipped);
    const key = verdict.nextQuestion;
    const fact = key === undefined ? undefined : factNamed(key);
    if (fact === undefined) return { profile, verdict };
    const answer = await askQuestion(terminal, fact, presets.get(fact.key));
    if (answer === undefined) skipped.add(fact.key);
    else profile = withAnswer(profile, fact.key, answer);
  }
}
