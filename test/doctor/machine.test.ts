import { delimiter, dirname } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ensureUv, toolEnv } from '../../scripts/tools.ts';
import { Patient, script } from './fixtures/patient.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The machine has only these programs. */
function withOnly(programs: Readonly<Record<string, string>>): void {
  const folders = Object.entries(programs).map(([name, text]) => dirname(script(name, text)));
  vi.stubEnv('PATH', folders.join(delimiter));
}

describe('a machine', () => {
  it('without uv is told how to get it', () => {
    const patient = new Patient();
    withOnly({ git: 'exit 1' });
    expect(patient.findings()).toEqual([
      {
        code: 'UV_MISSING',
        severity: 'problem',
        message: 'uv is not installed: the repository cannot be set up or run.',
        command: 'python3 -m pip install uv',
      },
    ]);
  });

  it('without git is told what does not work, and how to get it where that is known', () => {
    const patient = new Patient();
    withOnly({ uv: 'exit 0' });
    expect(patient.findings()).toMatchObject([{ code: 'GIT_MISSING', severity: 'note', command: null }]);
    withOnly({ uv: 'exit 0', dnf: '' });
    expect(patient.finding('GIT_MISSING').command).toMatch(/^(sudo )?dnf install git$/);
  });

  it('without a Python that is new enough is told how to get one', () => {
    const patient = new Patient();
    ensureUv();
    vi.stubEnv('PATH', toolEnv().PATH ?? '');
    patient.edit('pyproject.toml', (text) =>
      text.replace(/^requires-python = .*$/m, 'requires-python = ">=3.99"'),
    );
    expect(patient.finding('PYTHON_MISSING')).toMatchObject({
      severity: 'note',
      message: expect.stringMatching(/^No Python >=3\.99 is installed;/),
      command: "uv python install '>=3.99'",
    });
  });

  it('is not judged where uv cannot say, or the project asks for nothing that reads', () => {
    const patient = new Patient();
    withOnly({ git: 'exit 1', uv: 'echo "error: broken" >&2; exit 2' });
    expect(patient.codes()).toEqual([]);
    patient.edit('pyproject.toml', (text) =>
      text.replace(/^requires-python = .*$/m, 'requires-python = "$(touch x)"'),
    );
    withOnly({ git: 'exit 1', uv: 'echo "No interpreter found" >&2; exit 2' });
    expect(patient.codes()).toEqual([]);
  });

  it('runs nothing that lies in the project', () => {
    const patient = new Patient();
    ensureUv();
    vi.stubEnv('PATH', toolEnv().PATH ?? '');
    patient.write('.venv/pyvenv.cfg', 'home = /usr/bin\n');
    patient.write('.venv/bin/python', `#!/bin/sh\ntouch '${patient.root}/owned'\n`);
    patient.write('uv.toml', 'this is no toml');
    expect(patient.codes()).toEqual([]);
    expect(() => patient.read('owned')).toThrow(/ENOENT/);
  });
});

describe('the lock file of the environment', () => {
  it('is missed where CI installs what it says, and made by the command', () => {
    const patient = new Patient();
    ensureUv();
    vi.stubEnv('PATH', toolEnv().PATH ?? '');
    patient.git('init', '-q');
    patient.remove('uv.lock');
    const finding = patient.mend('UV_LOCK_MISSING');
    expect(finding).toMatchObject({ severity: 'problem', command: 'uv lock && git add uv.lock' });
    expect(finding.message).toMatch(/^uv\.lock is missing, and \.github\/workflows\/ci\.yml/);
    expect(patient.codes()).toEqual([]);
  });

  it('is not missed where nothing asks for it', () => {
    const patient = new Patient();
    patient.remove('uv.lock');
    for (const path of ['.github', 'Dockerfile']) patient.remove(path);
    expect(patient.codes()).toEqual(['FILES_DELETED']);
  });

  it('needs no git', () => {
    const patient = new Patient();
    patient.remove('uv.lock');
    expect(patient.finding('UV_LOCK_MISSING').command).toBe('uv lock');
  });
});
