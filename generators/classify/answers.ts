import type { CommandInput } from '../cli/command.ts';
import { detectedIn, detectionWish } from '../cli/detected.ts';
import { givenAnswers, namedAnswers } from '../cli/given-answers.ts';
import { ARCHETYPES } from '../core/classify/archetypes.ts';
import type { Override } from '../core/classify/explanation.ts';
import { MlopsError } from '../core/errors.ts';
import type { DetectedAnswers } from '../core/profile/detected-answers.ts';
import { FACTS } from '../core/profile/facts.ts';
import { type GivenAnswers, mergeGiven, resolveAnswers } from '../core/profile/given.ts';
import type { Known, Profile } from '../core/profile/profile.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';

/** What is known before anybody is asked. */
export interface Answers {
  readonly profile: Profile;
  readonly override: Override | undefined;
  readonly notes: readonly string[];
  /** What was found in code, and what of it became an answer. */
  readonly detected: DetectedAnswers;
}

/** Another kind than the verdict's, and why. */
export const OVERRIDE_QUESTIONS = PROJECT_QUESTIONS.filter(
  ({ key }) => key === 'archetype' || key === 'reason',
);

/** Answers from code, flags and file, checked; throws one usage error that lists every problem. */
export async function resolvedAnswers(input: CommandInput): Promise<Answers> {
  const wish = detectionWish(input.args, input.cwd);
  const stated = await given(input);
  const detected = await detectedIn(wish, input.cwd, stated);
  const questions = [...OVERRIDE_QUESTIONS, ...FACTS];
  const { known, notes } = resolveAnswers(questions, mergeGiven(detected.answers, stated));
  const facts = new Set(FACTS.map(({ key }) => key));
  const profile = new Map([...known].filter(([key]) => facts.has(key)));
  return { profile, notes, detected, override: overrideIn(known) };
}

/** An answers file may be the mlops.yaml of a project: its other keys are known, and not used. */
async function given({ args, cwd }: CommandInput): Promise<GivenAnswers> {
  const file = namedAnswers(args, cwd);
  const own = [...PROJECT_QUESTIONS, ...FACTS];
  try {
    return givenAnswers(args, own, cwd, file);
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    // The catalog knows the other keys. It is read only now, since it costs more than all the rest.
    const { allChoiceQuestions, packageCatalog } = await import('../core/catalog/catalog.ts');
    return givenAnswers(args, [...own, ...allChoiceQuestions(packageCatalog())], cwd, file);
  }
}

function overrideIn(known: ReadonlyMap<string, Known>): Override | undefined {
  const archetype = ARCHETYPES.find((id) => id === known.get('archetype')?.value);
  const reason = known.get('reason')?.value;
  if (archetype === undefined) return undefined;
  return { archetype, reason: typeof reason === 'string' ? reason : undefined };
}
