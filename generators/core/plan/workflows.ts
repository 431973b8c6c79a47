import type { Capability } from '../catalog/capability.ts';
import { conditionHolds, parseCondition } from '../catalog/condition.ts';
import type { Selection } from '../catalog/selection.ts';
import { parseYamlFile } from '../catalog/yaml-file.ts';
import { relPath } from '../rel-path.ts';
import { JOBS_FILE, type Job, type JobsFile, type Workflow } from './jobs.ts';
import type { PlannedFile } from './planned-file.ts';

/** Where each CI back-end keeps a workflow. */
const WORKFLOW_PATHS: Readonly<Record<string, (id: string) => string>> = {
  github: (id) => `.github/workflows/${id}.yml`,
};

/** The workflow files of a selection: none where no CI was chosen. */
export function planWorkflows(selection: Selection): PlannedFile[] {
  const pathOf = WORKFLOW_PATHS[selection.choices.get('ci') ?? 'none'];
  if (pathOf === undefined) return [];
  const used = workflowsOf(selection).filter(({ workflow }) => workflow.jobs.length > 0);
  return used.map(({ layer, workflow }) => ({
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
