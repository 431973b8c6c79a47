import { Document, isMap, isScalar, Scalar, visit } from 'yaml';
import type { Job, Step, Workflow } from '../plan/jobs.ts';

/** A pinned third-party action: the commit that runs, and the version that it was tagged with. */
interface ActionPin {
  readonly sha: string;
  readonly version: string;
}

export type ActionPins = Readonly<
  Record<'checkout' | 'setup-uv' | 'upload-artifact' | 'docker-login', ActionPin>
>;

const REPOSITORIES: Readonly<Record<keyof ActionPins, string>> = {
  checkout: 'actions/checkout',
  'setup-uv': 'astral-sh/setup-uv',
  'upload-artifact': 'actions/upload-artifact',
  'docker-login': 'docker/login-action',
};

const WRITES_WHY: Readonly<Record<string, string>> = {
  packages: 'to push images',
  'id-token': 'to log in without a stored secret',
};

/** Where an image goes and what it is called: every back-end gives its jobs these two names. */
const RELEASE_ENV = { REGISTRY_IMAGE: 'ghcr.io/${{ github.repository }}', RELEASE: '${{ github.ref_name }}' };

/** Prints a workflow for GitHub Actions: pinned actions, no permission that a job did not ask for. */
export function githubWorkflow(workflow: Workflow, pins: ActionPins): string {
  const document = new Document({
    name: workflow.title,
    on: triggersOf(workflow),
    permissions: {},
    concurrency: {
      group: `${workflow.id}-\${{ github.ref }}`,
      'cancel-in-progress': workflow.cancelOlder,
    },
    jobs: Object.fromEntries(workflow.jobs.map((job) => [job.id, githubJob(job, pins)])),
  });
  document.commentBefore = ` ${workflow.why}`;
  spaceTopLevel(document);
  addComments(document, pins);
  return document.toString({ lineWidth: 0, indentSeq: true });
}

function triggersOf({ on }: Workflow): object {
  const push = {
    ...(on.push.length > 0 && { branches: on.push }),
    ...(on.tags.length > 0 && { tags: on.tags }),
    ...(on.paths.length > 0 && { paths: on.paths }),
  };
  return {
    ...(on.pullRequest && { pull_request: {} }),
    ...(Object.keys(push).length > 0 && { push }),
    ...(on.schedule !== undefined && { schedule: [{ cron: on.schedule }] }),
    ...(on.manual && { workflow_dispatch: {} }),
  };
}

function githubJob(job: Job, pins: ActionPins): object {
  const matrix = job.pythons.length > 0;
  const env = {
    ...job.env,
    ...(matrix && { UV_PYTHON: '${{ matrix.python }}' }),
    ...(job.registryLogin && RELEASE_ENV),
  };
  return {
    name: matrix ? `${job.title} (Python \${{ matrix.python }})` : job.title,
    'runs-on': 'ubuntu-24.04',
    'timeout-minutes': job.timeoutMinutes,
    ...(job.needs.length > 0 && { needs: job.needs }),
    ...(job.environment !== undefined && { environment: job.environment }),
    permissions: { contents: 'read', ...job.permissions },
    ...(matrix && { strategy: { 'fail-fast': false, matrix: { python: [...new Set(job.pythons)] } } }),
    ...(Object.keys(env).length > 0 && { env }),
    steps: [...setupSteps(job, pins), ...job.steps.map(githubStep), ...keepSteps(job, pins)],
  };
}

function setupSteps(job: Job, pins: ActionPins): object[] {
  const steps: object[] = [
    { name: 'Check out', uses: uses('checkout', pins), with: { 'persist-credentials': false } },
    { name: 'Set up uv', uses: uses('setup-uv', pins), with: { 'enable-cache': !job.registryLogin } },
  ];
  if (!job.registryLogin) return steps;
  return [
    ...steps,
    {
      name: 'Log in to the container registry',
      uses: uses('docker-login', pins),
      with: { registry: 'ghcr.io', username: '${{ github.actor }}', password: '${{ secrets.GITHUB_TOKEN }}' },
    },
  ];
}

function githubStep(step: Step): object {
  return { name: step.title, run: step.run, ...(Object.keys(step.env).length > 0 && { env: step.env }) };
}

function keepSteps({ keep, pythons }: Job, pins: ActionPins): object[] {
  if (keep === undefined) return [];
  const name = pythons.length > 0 ? `${keep.name}-\${{ matrix.python }}` : keep.name;
  return [
    {
      name: `Keep ${keep.name}`,
      if: 'always()',
      uses: uses('upload-artifact', pins),
      with: { name, path: keep.path, 'retention-days': keep.days, 'if-no-files-found': 'ignore' },
    },
  ];
}

function uses(action: keyof ActionPins, pins: ActionPins): string {
  return `${REPOSITORIES[action]}@${pins[action].sha}`;
}

/** `# v7.0.1` behind a commit, which people and update bots read; and why a job may write. */
function addComments(document: Document, pins: ActionPins): void {
  const versions = new Map(Object.values(pins).map((pin) => [pin.sha, pin.version]));
  visit(document, {
    Pair(_key, pair) {
      if (!isScalar(pair.key) || !isScalar(pair.value)) return;
      const { key, value } = pair;
      const version =
        key.value === 'uses' ? versions.get(String(value.value).split('@')[1] ?? '') : undefined;
      const comment = version ?? (value.value === 'write' ? WRITES_WHY[String(key.value)] : undefined);
      if (comment !== undefined) value.comment = ` ${comment}`;
    },
    Scalar(_key, scalar) {
      if (typeof scalar.value === 'string' && scalar.value.includes('\n')) scalar.type = Scalar.BLOCK_LITERAL;
    },
  });
}

function spaceTopLevel(document: Document): void {
  if (!isMap(document.contents)) return;
  for (const { key } of document.contents.items.slice(1)) {
    if (isScalar(key)) key.spaceBefore = true;
  }
}
