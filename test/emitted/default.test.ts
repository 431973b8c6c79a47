import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmittedProject } from '../support/emitted.ts';
import { freePort, until } from '../support/servers.ts';

const MINUTES = 60_000;

describe('the default repository', { timeout: 8 * MINUTES }, () => {
  const project = EmittedProject.ready();

  it('is clean for its own linter, formatter and type checker', () => {
    expect(project.must('uv', 'run', '--quiet', 'ruff', 'check', '.')).toContain('All checks passed');
    expect(project.must('uv', 'run', '--quiet', 'ruff', 'format', '--check', '.')).toContain(
      'already formatted',
    );
    expect(project.must('uv', 'run', '--quiet', 'mypy')).toContain('Success');
  });

  it('answers each verb before there is a model with a sentence', () => {
    const monitor = project.verb('monitor');
    expect([monitor.code, monitor.text]).toEqual([0, expect.stringMatching(/no model/i)]);
    expect(project.verb('publish', '--check').text).toMatch(/no champion yet/i);
  });

  it('runs its loop, and the second run compares with the champion', () => {
    const first = project.verb('run');
    expect(first.text).toMatch(/is champion now/);
    expect(first.code).toBe(0);
    expect(existsSync(join(project.folder, 'reports/index.html'))).toBe(true);
    const pointer = readFileSync(join(project.folder, 'deploy/model.json'), 'utf8');
    const second = project.verb('run');
    expect(second.text).toMatch(/already run by/);
    expect(second.text).toMatch(/already champion/);
    expect(second.code).toBe(0);
    expect(readFileSync(join(project.folder, 'deploy/model.json'), 'utf8')).toBe(pointer);
  });

  it('serves the champion over HTTP and refuses a row that breaks the contract', async () => {
    const port = await freePort();
    const server = project.start('uv', 'run', '--quiet', project.command, 'serve', '--port', String(port));
    try {
      await until(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200);
      const answer = await fetch(`http://127.0.0.1:${port}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ rows: [{}] }),
      });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toMatch(/customer_id|missing/);
    } finally {
      if (server.pid !== undefined) process.kill(-server.pid, 'SIGTERM');
    }
  });

  it('passes its own tests', () => {
    expect(project.must('uv', 'run', '--quiet', 'pytest')).toMatch(/\d+ passed/);
  });
});
