import { FACTS, factNamed } from './facts.ts';
import { type AnswerValue, nearest, parseAnswer } from './question.ts';

export type Source = 'flag' | 'file' | 'saved' | 'detected' | 'prompt';

/** An answer, and where it comes from; `where` is a place a person can look at, such as `pyproject.toml:14`. */
export interface Known {
  readonly value: AnswerValue;
  readonly source: Source;
  readonly where?: string;
}

/** What is known about an organisation, by the key of the fact. A key that is absent is unknown, never imputed. */
export type Profile = ReadonlyMap<string, Known>;

interface FactProblem {
  readonly key: string;
  readonly message: string;
}

export interface ParsedProfile {
  readonly profile: Profile;
  /** Every answer that is not one; nothing may be classified while there are any. */
  readonly problems: readonly FactProblem[];
  /** What was understood differently from how it was written. */
  readonly notes: readonly string[];
}

/** Reads answers by key, as they come from flags, a file or `mlops.yaml`; all the problems at once. */
export function parseProfile(
  facts: Readonly<Record<string, unknown>>,
  source: Source,
  where?: string,
): ParsedProfile {
  const profile = new Map<string, Known>();
  const problems: FactProblem[] = [];
  const notes: string[] = [];
  for (const [key, raw] of Object.entries(facts)) {
    const fact = factNamed(key);
    if (fact === undefined) {
      problems.push({ key, message: unknownKey(key) });
      continue;
    }
    const answer = parseAnswer(fact, raw);
    if (answer.kind === 'invalid') problems.push({ key, message: answer.message });
    if (answer.kind !== 'value') continue;
    profile.set(key, { value: answer.value, source, ...(where === undefined ? {} : { where }) });
    if (answer.note !== undefined) notes.push(answer.note);
  }
  return { profile, problems, notes };
}

/** Later profiles win: pass detected, saved, file and flag answers in this order. */
export function mergeProfiles(...profiles: readonly Profile[]): Profile {
  return new Map(profiles.flatMap((profile) => [...profile]));
}

/** The same profile with one answer more, or another one; `undefined` forgets it. */
export function withAnswer(profile: Profile, key: string, value: AnswerValue | undefined): Profile {
  return withAnswers(profile, { [key]: value });
}

/** The same profile with some answers more, or other ones; `undefined` forgets one. */
export function withAnswers(
  profile: Profile,
  answers: Readonly<Record<string, AnswerValue | undefined>>,
): Profile {
  const changed = new Map(profile);
  for (const [key, value] of Object.entries(answers)) {
    if (value === undefined) changed.delete(key);
    else changed.set(key, { value, source: 'prompt' });
  }
  return changed;
}

export function numberIn(profile: Profile, key: string): number | undefined {
  const value = profile.get(key)?.value;
  return typeof value === 'number' ? value : undefined;
}

export function wordIn(profile: Profile, key: string): string | undefined {
  const value = profile.get(key)?.value;
  return typeof value === 'string' ? value : undefined;
}

export function listIn(profile: Profile, key: string): readonly string[] | undefined {
  const value = profile.get(key)?.value;
  return typeof value === 'object' ? value : undefined;
}

export function yesNoIn(profile: Profile, key: string): boolean | undefined {
  const value = profile.get(key)?.value;
  return typeof value === 'boolean' ? value : undefined;
}

function unknownKey(key: string): string {
  const close = nearest(
    key,
    FACTS.map((fact) => fact.key),
  );
  const shown = key.length <= 40 ? key : `${key.slice(0, 40)}…`;
  const hint = close === undefined ? '' : ` Did you mean ${close}?`;
  return `${JSON.stringify(shown)} is not a fact.${hint}`;
}
