import * as z from 'zod/mini';

/**
 * CI as data, in words that GitHub, GitLab and Azure all have; a back-end prints them.
 * Strings may hold template tags; they are rendered before printing.
 */
const STEP = z.strictObject({
  title: z.string(),
  run: z.string(),
  env: z._default(z.record(z.string(), z.string()), {}),
});

const ID = z.string().check(z.regex(/^[a-z][a-z0-9-]*$/));

const JOB = z.strictObject({
  workflow: ID,
  title: z.string(),
  why: z.string(),
  when: z.optional(z.string()),
  needs: z._default(z.array(ID), []),
  timeoutMinutes: z.number().check(z.positive()),
  /** Python versions to run on; one job each. */
  pythons: z._default(z.array(z.string()), []),
  /** What the job may do beyond reading the repository. */
  permissions: z._default(z.partialRecord(z.enum(['packages', 'id-token']), z.enum(['read', 'write'])), {}),
  /** A named environment, where approvals and secrets are configured on the CI server. */
  environment: z.optional(z.string()),
  env: z._default(z.record(z.string(), z.string()), {}),
  /** Log in to the container registry that belongs to the CI server, before the commands. */
  registryLogin: z._default(z.boolean(), false),
  steps: z.array(STEP).check(z.minLength(1)),
  /** A folder to keep, also when the job failed. */
  keep: z.optional(z.strictObject({ name: z.string(), path: z.string(), days: z.number() })),
});

const WORKFLOW = z.strictObject({
  title: z.string(),
  why: z.string(),
  on: z.strictObject({
    pullRequest: z._default(z.boolean(), false),
    push: z._default(z.array(z.string()), []),
    paths: z._default(z.array(z.string()), []),
    tags: z._default(z.array(z.string()), []),
    manual: z._default(z.boolean(), false),
    schedule: z.optional(z.string()),
  }),
  /** Whether a newer run ends an older one of the same branch; a release must never be cut short. */
  cancelOlder: z.boolean(),
});

export const JOBS_FILE = z.strictObject({
  workflows: z._default(z.record(ID, WORKFLOW), {}),
  jobs: z._default(z.record(ID, JOB), {}),
});

export type JobsFile = z.infer<typeof JOBS_FILE>;
export type Step = z.infer<typeof STEP>;
export type Job = z.infer<typeof JOB> & { readonly id: string };

export interface Workflow extends Readonly<z.infer<typeof WORKFLOW>> {
  readonly id: string;
  readonly jobs: readonly Job[];
}
