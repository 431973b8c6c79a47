import * as z from 'zod/mini';
import type { Capability } from '../catalog/capability.ts';
import { conditionHolds, parseCondition } from '../catalog/condition.ts';
import type { Selection } from '../catalog/selection.ts';
import { parseYamlFile } from '../catalog/yaml-file.ts';
import { relPath } from '../rel-path.ts';
import type { PlannedFile } from './plan.ts';

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

const JOBS_FILE = z.strictObject({
  workflows: z._default(z.record(ID, WORKFLOW), {}),
  jobs: z._default(z.record(ID, JOB), {}),
});

type JobsFile = z.infer<typeof JOBS_FILE>;
export type Step = z.infer<typeof STEP>;
export type Job = z.infer<typeof JOB> & { readonly id: string };

export interface Workflow extends Readonly<z.infer<typeof WORKFLOW>> {
  readonly id: string;
  readonly jobs: readonly Job[];
}

/** Where each CI back-end keeps a workflow. */
const WORKFLOW_PATHS: Readonly<Record<string, (id: string) => string>> = {
  github: (id) => `.github/workflows/${id}.yml`,
};

/** The workflow files of a selection: none where no CI was chosen. */
export function planWorkflows(selection: Selection): PlannedFile[] {
  const pathOf = WORKFLOW_PATHS[selection.choices.get('ci') ?? 'none'];
  if (pathOf === undefined) return [];
  return workflowsOf(selection).map(({ layer, workflow }) => ({
    path: relPath(pathOf(workflow.id)),
    layer,
    why: workflow.title,
    policy: 'managed',
    mode: 0o644,
    source: { kind: 'workflow', workflow },
  }));
}

interface OwnedWorkflow {
  readonly layer: string;
  readonly workflow: Workflow;
}

function workflowsOf(selection: Selection): OwnedWorkflow[] {
  const parts = selection.capabilities.map((capability) => ({ capability, file: parseJobs(capability) }));
  const jobs = parts.flatMap(({ file }) => jobsLaid(file, selection));
  return parts.flatMap(({ capability, file }) =>
    Object.entries(file.workflows).map(([id, workflow]) => ({
      layer: capability.id,
      workflow: { ...workflow, id, jobs: jobs.filter((job) => job.workflow === id) },
    })),
  );
}

function jobsLaid(file: JobsFile, selection: Selection): Job[] {
  return Object.entries(file.jobs)
    .filter(([, job]) => holds(job.when, selection))
    .map(([id, job]) => ({ ...job, id }));
}

function holds(when: string | undefined, selection: Selection): boolean {
  if (when === undefined) return true;
  const condition = parseCondition(when);
  if (condition === undefined) throw new Error(`not a condition: ${when}`);
  return conditionHolds(condition, selection.choices);
}

function parseJobs(capability: Capability): JobsFile {
  const { jobs } = capability;
  return jobs === undefined ? { workflows: {}, jobs: {} } : parseYamlFile(jobs.path, jobs.text, JOBS_FILE);
}
