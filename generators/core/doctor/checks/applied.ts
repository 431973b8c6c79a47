import { APPLIED_ANSWERS } from '../../merge/state.ts';
import type { Examined } from '../examined.ts';
import { type Finding, note, problem } from '../finding.ts';
import { editCommand, listed } from '../words.ts';
import { yamlIn } from '../yaml-text.ts';

// The version alone is nothing to do; the check of versions tells it.
const NOT_ANSWERS = new Set(['generator', 'schema']);

/** Answers that were edited since a run last applied them. */
export function unappliedAnswers({ answers, disk, call }: Examined): Finding[] {
  const applied = disk.look(APPLIED_ANSWERS);
  if (answers.kind !== 'saved' || answers.saved.applied === undefined || applied.kind !== 'file') return [];
  const last = yamlIn(applied.bytes);
  if (last.kind === 'given-up') return [];
  const now = answersIn(answers.document);
  const before = answersIn(last.value);
  const keys = [...new Set([...now.keys(), ...before.keys()])].filter(
    (key) => now.get(key) !== before.get(key),
  );
  if (keys.length === 0) return [];
  const what = keys.length === 1 ? 'One answer' : `${keys.length} answers`;
  return [
    problem(
      'ANSWERS_CHANGED',
      `${what} in mlops.yaml changed since the files were written: ${listed(keys)}.`,
      call('regenerate'),
    ),
  ];
}

/** Each answer under its path, such as `choices.ci`; an empty section is none. */
function answersIn(document: unknown): ReadonlyMap<string, string> {
  if (!isRecord(document)) return new Map();
  const entries = Object.entries(document).flatMap(([key, value]): [string, unknown][] =>
    isRecord(value)
      ? Object.entries(value).map(([inner, answer]) => [`${key}.${inner}`, answer])
      : [[key, value]],
  );
  const known = entries.filter(([key, value]) => !NOT_ANSWERS.has(key) && !isNothing(value));
  return new Map(known.map(([key, value]) => [key, JSON.stringify(value)]));
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Answers to what this version does not ask any more. */
export function retiredAnswers({ answers }: Examined): Finding[] {
  if (answers.kind !== 'saved' || answers.saved.retired.length === 0) return [];
  const message = `mlops.yaml answers what this version does not ask, and it has no effect: ${listed(answers.saved.retired)}.`;
  return [note('ANSWERS_RETIRED', message, editCommand(['mlops.yaml']))];
}
