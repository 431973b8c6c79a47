import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageCatalog } from '../../generators/core/catalog/catalog.ts';
import { smallCatalog } from '../support/small-catalog.ts';
import { projectFrom, textsIn } from '../support/small-project.ts';

const CI = '.github/workflows/ci.yml';

function jobFile(job: string): string {
  return `jobs:\n  extra:\n    workflow: ci\n    title: Extra\n    why: It adds.\n    timeoutMinutes: 5\n${job}`;
}

function workflowWith(job: string): { text: string; job: Record<string, unknown> } {
  const texts = textsIn(projectFrom(smallCatalog({ 'capabilities/extra/jobs.yaml': jobFile(job) })));
  const text = texts[CI] ?? '';
  return { text, job: parse(text).jobs.extra };
}

describe('a GitHub workflow', () => {
  const STEPS = '    steps: [{title: Run, run: "true"}]\n';

  it('is written only where GitHub is the CI', () => {
    expect(Object.keys(textsIn(projectFrom(smallCatalog(), { ci: 'none' })))).not.toContain(CI);
  });

  it('gives no permission that a job did not ask for, and says why it may write', () => {
    const { text, job } = workflowWith(`    permissions: {packages: write}\n${STEPS}`);
    expect(parse(text).permissions).toEqual({});
    expect(job.permissions).toEqual({ contents: 'read', packages: 'write' });
    expect(text).toContain('packages: write # to push images');
  });

  it('names every action by a commit, with its version behind it, and keeps no credentials', () => {
    const { text } = workflowWith(STEPS);
    for (const line of text.match(/uses: .*/g) ?? []) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(text).toContain('persist-credentials: false');
  });

  it('runs a job once a Python, each once', () => {
    const { job } = workflowWith(`    pythons: ["3.11", "3.13", "3.11"]\n${STEPS}`);
    expect(job.strategy).toEqual({ 'fail-fast': false, matrix: { python: ['3.11', '3.13'] } });
    expect(job.env).toEqual({ UV_PYTHON: '${{ matrix.python }}' });
  });

  it('keeps a folder also when the job failed', () => {
    const { text } = workflowWith(`    keep: {name: reports, path: reports, days: 3}\n${STEPS}`);
    expect(text).toMatch(/if: always\(\)\n {8}uses: actions\/upload-artifact/);
  });

  it('logs in to the registry without a cache that others could poison', () => {
    const { text, job } = workflowWith(`    registryLogin: true\n${STEPS}`);
    expect(text).toContain('enable-cache: false');
    expect(job.env).toHaveProperty('REGISTRY_IMAGE');
  });

  it('renders the tags in a command, and waits for the jobs it needs', () => {
    const { job } = workflowWith(
      '    needs: [check]\n    steps: [{title: Run, run: "uv run <%= project.command %> run"}]\n',
    );
    expect(job.needs).toEqual(['check']);
    expect(job.steps).toContainEqual({ name: 'Run', run: 'uv run acme-churn run' });
  });

  it.each([
    ['an unknown word', `    shell: bash\n${STEPS}`],
    ['no step', '    steps: []\n'],
    ['a negative timeout', `    timeoutMinutes: -1\n${STEPS}`],
    ['an unknown permission', `    permissions: {admin: write}\n${STEPS}`],
  ])('refuses %s in a job, with its place', (_, job) => {
    expect(() => workflowWith(job)).toThrow(/jobs\.yaml is not valid/);
  });
});

describe('the emitted workflows', () => {
  it('have no job without a timeout, and every needed job is there', () => {
    const texts = textsIn(projectFrom(packageCatalog()));
    const workflows = Object.entries(texts).filter(([path]) => path.startsWith('.github/workflows/'));
    expect(workflows.map(([path]) => path)).toEqual([CI, '.github/workflows/release.yml']);
    for (const [, text] of workflows) {
      const jobs: Record<string, { 'timeout-minutes': number; needs?: string[] }> = parse(text).jobs;
      for (const job of Object.values(jobs)) {
        expect(job['timeout-minutes']).toBeGreaterThan(0);
        expect(Object.keys(jobs)).toEqual(expect.arrayContaining(job.needs ?? []));
      }
    }
  });
});
