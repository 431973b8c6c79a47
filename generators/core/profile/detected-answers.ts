import type { Detection } from '../detect/detect.ts';
import type { Found } from '../detect/found.ts';
import { factNamed } from './facts.ts';
import type { Given, GivenAnswers } from './given.ts';
import { type AnswerValue, parseAnswer } from './question.ts';

/** What was found in a folder, as answers. */
export interface DetectedAnswers extends Detection {
  /** The folder as a person named it. */
  readonly folder: string;
  /** Strong evidence: it counts unless a person says otherwise. */
  readonly answers: GivenAnswers;
  /** Weak evidence, by question: what a person is offered. It never counts by itself: a wrong fact is worse than none. */
  readonly presets: ReadonlyMap<string, AnswerValue>;
}

export const NOTHING_DETECTED: DetectedAnswers = {
  folder: '',
  facts: [],
  notes: [],
  answers: new Map(),
  presets: new Map(),
};

/** Answers from what was found, beside those that were given. */
export function detectedAnswers(
  folder: string,
  { facts, notes }: Detection,
  given: GivenAnswers,
): DetectedAnswers {
  const used = facts.filter(
    (found) => isAnswer(found) && !given.has(found.key) && !isKnownBetter(found, given),
  );
  const of = (strength: Found['strength']) => used.filter((found) => found.strength === strength);
  return {
    folder,
    facts: used,
    notes,
    answers: new Map(of('strong').map(givenFrom)),
    presets: new Map(of('weak').map(({ key, value }) => [key, value])),
  };
}

/** A repository can be made to say anything, such as more bytes than there are: then it says nothing. */
function isAnswer({ key, value }: Found): boolean {
  const fact = factNamed(key);
  return fact !== undefined && parseAnswer(fact, value).kind === 'value';
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
