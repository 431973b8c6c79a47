import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIN } from '../support/mlops.ts';
import { unprivileged } from '../support/unprivileged.ts';
import { doctor, Patient } from './fixtures/patient.ts';

describe('a project made to harm', () => {
  it('may nest and alias its answers as it likes', () => {
    const nested = new Patient();
    nested.edit('mlops.yaml', (text) =>
      text.replace('kits: []', `kits: ${'['.repeat(50_000)}${']'.repeat(50_000)}`),
    );
    expect(nested.codes()).toHaveLength(1);
    const bomb = new Patient();
    const levels = Array.from(
      { length: 30 },
      (_, at) => `  - &a${at} [*a${at - 1}, *a${at - 1}, *a${at - 1}]`,
    );
    levels[0] = '  - &a0 [x, x, x]';
    bomb.edit('mlops.yaml', (text) => text.replace('kits: []', `kits:\n${levels.join('\n')}`));
    expect(bomb.codes()).toEqual(['ANSWERS_INVALID']);
    bomb.edit('mlops.yaml', (text) => {
      const [head = '', kits = ''] = text.split('choices:');
      const [choices = '', list = ''] = kits.split('kits:');
      return `${head}kits:${list}choices:${choices.replace('ci: github', 'ci: *a29')}`;
    });
    expect(bomb.codes()).toEqual(['ANSWERS_INVALID']);
  });

  it('gets no path of its own into a lock, a base or a command', () => {
    const patient = new Patient();
    const id = '0'.repeat(40);
    patient.edit('.mlops/base.lock', (text) =>
      [
        text.trimEnd(),
        `${id} 644 managed ../../etc/passwd`,
        `${id} 644 managed /etc/passwd`,
        `${id} 644 managed a$(touch owned)'b`,
        '',
      ].join('\n'),
    );
    patient.write(".mlops/base/x'; touch owned; '.base", '');
    patient.mend('BASE_EXTRA');
    expect(patient.mend('BASE_LOCK_DAMAGED').message).toMatch(/at line \d+, \d+\.$/);
    expect(patient.codes()).toEqual([]);
    expect(() => patient.read('owned')).toThrow(/ENOENT/);
  });

  it('may hold links, pipes, folders and huge files in the place of any file', () => {
    const patient = new Patient();
    for (const path of ['README.md', 'Dockerfile', 'pyproject.toml', 'compose.yaml', 'docs', '.gitignore'])
      patient.remove(path);
    symlinkSync('/dev/zero', patient.path('README.md'));
    spawnSync('mkfifo', [patient.path('Dockerfile')]);
    mkdirSync(patient.path('pyproject.toml'));
    symlinkSync('/', patient.path('docs'));
    patient.write('compose.yaml', Buffer.from([0, 0xff, 0x0a]));
    patient.write('.gitignore', '');
    truncateSync(patient.path('.gitignore'), 3 * 1024 ** 3);
    expect(doctor(patient.root)).toMatchObject({ code: 0 });
  });

  it('does not reach the terminal with what it calls its files', () => {
    const patient = new Patient();
    patient.write('.mlops/base/\u001b[2Jx.base', '');
    const { stdout } = doctor(patient.root);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('BASE_EXTRA');
  });
});

describe('a user who may not write', () => {
  /** As a user to whom the project does not belong. */
  function doctorUnprivileged(cwd: string) {
    const [program, ...rest] = unprivileged(process.execPath, MAIN, 'doctor');
    return spawnSync(program, rest, {
      cwd,
      encoding: 'utf8',
      input: '',
      env: { ...process.env, NO_COLOR: '1' },
    });
  }

  it('gets the same findings', () => {
    const patient = new Patient();
    patient.remove('.mlops/base/README.md.base');
    chmodSync(dirname(patient.root), 0o755);
    const { status, stdout } = doctorUnprivileged(patient.root);
    expect(stdout).toMatch(/BASE_MISSING\n/);
    expect(status).toBe(9);
  });

  it('is told what cannot be read, in one sentence', () => {
    const patient = new Patient();
    chmodSync(dirname(patient.root), 0o755);
    chmodSync(patient.path('.mlops'), 0);
    const { status, stderr, stdout } = doctorUnprivileged(patient.root);
    chmodSync(patient.path('.mlops'), 0o755);
    expect([status, stdout]).toEqual([7, '']);
    expect(stderr).toMatch(/Cannot look at .*\.mlops.*: this user may not read it\./);
  });
});
