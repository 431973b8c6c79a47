import type { Detection } from '../detect/detect.ts';
import type { Found } from '../detect/found.ts';
import { factNamed } from './facts.ts';
import type { Given, GivenAnswers } from './given.ts';
import { type AnswerValue, parseAnswer } from './question.ts';

/** What was found in a folder, as answers. */
export interface DetectedAnswers extends Detection {
  /** Strong evidence: it counts unless a person says otherwise. */
  readonly answers: GivenAnswers;
  /** Weak evidence, by question: what a person is offered. It never counts by itself: a wrong fact is worse than none. */
  readonly presets: ReadonlyMap<string, AnswerValue>;
}

export const NOTHING_DETECTED: DetectedAnswers = {
  facts: [],
  notes: [],
  answers: new Map(),
  presets: new Map(),
};

/** Answers from what was found, beside those that were given. */
export function detectedAnswers(detection: Detection, given: GivenAnswers): DetectedAnswers {
  const facts = detection.facts.filter((found) => !given.has(found.key) && !isKnownBetter(found, given));
  return {
    facts,
    notes: detection.notes,
    answers: new Map(facts.filter(({ strength }) => strength === 'strong').map(givenFrom)),
    presets: new Map(facts.filter(({ strength }) => strength === 'weak').flatMap(presetFrom)),
  };
}

const PEOPLE = ['data_scientists', 'data_engineers', 'ml_engineers', 'devops_engineers', 'teams_doing_ml'];

/** Both numbers that are found are lower bounds: who answers a question beside them knows better. */
function isKnownBetter({ key, value }: Found, given: GivenAnswers): boolean {
  if (key === 'data_volume_gb') return given.has('data_volume_basis');
  if (key !== 'team_size') return false;
  return PEOPLE.some((one) => given.has(one)) || Number(given.get('company_size')?.raw) < Number(value);
}

function givenFrom({ key, value, where }: Found): [string, Given] {
  return [key, { raw: value, source: 'detected', where }];
}

function presetFrom({ key, value }: Found): [string, AnswerValue][] {
  const fact = factNamed(key);
  const answer = fact === undefined ? undefined : parseAnswer(fact, value);
  return answer?.kind === 'value' ? [[key, answer.value]] : [];
}
