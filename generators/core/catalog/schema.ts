import * as z from 'zod/mini';
import type { Question } from '../profile/question.ts';

const KEY = z.string().check(z.regex(/^[a-z][a-z0-9_]*$/, 'use lower-case letters, digits and _'));
const ID = z.string().check(z.regex(/^[a-z][a-z0-9-]*$/, 'use lower-case letters, digits and -'));
const TEXT = z.string().check(z.minLength(1), z.maxLength(2000));
const GLOBS = z._default(z.array(z.string()), []);
const IDS = z._default(z.array(ID), []);

const choiceQuestion = z.strictObject({
  key: KEY,
  message: TEXT,
  why: TEXT,
  values: z.array(z.strictObject({ value: z.string(), label: TEXT })).check(z.minLength(1)),
  default: z.string(),
});

const stay = z.strictObject({
  parts: z.array(TEXT).check(z.minLength(1)),
  word: z.string().check(z.minLength(3), z.maxLength(100)),
  in: z.array(TEXT).check(z.minLength(1)),
});

/** What `capability.yaml` holds. Only choices: facts about the organisation belong to the classifier. */
export const CAPABILITY = z.strictObject({
  id: ID,
  title: TEXT,
  why: TEXT,
  when: z.optional(z.string()),
  requires: IDS,
  conflicts: IDS,
  after: IDS,
  questions: z._default(z.array(choiceQuestion), []),
  policies: z._default(z.strictObject({ seed: GLOBS, generated: GLOBS }), { seed: [], generated: [] }),
  executable: GLOBS,
  slots: z._default(z.record(z.string(), z.record(KEY, z.enum(['set', 'blocks']))), {}),
  renames: z._default(z.record(z.string(), z.string()), {}),
  stays: z._default(z.array(stay), []),
});

/** What `archetypes/<id>.yaml` holds. */
export const PRESET = z.strictObject({
  id: ID,
  title: TEXT,
  why: TEXT,
  capabilities: z.array(ID),
  defaults: z._default(z.record(KEY, z.string()), {}),
  pitfalls: z.record(z.string(), z.array(z.string())),
});

export type CapabilityManifest = z.infer<typeof CAPABILITY>;
export type PresetManifest = z.infer<typeof PRESET>;

/** The declaration that prompt, flag, help, schema and docs are made from. */
export function choiceQuestionOf(entry: CapabilityManifest['questions'][number]): Question {
  return { ...entry, kind: 'choice', group: 'choice' };
}
