import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/folders.ts';
import { mlops } from '../support/mlops.ts';
import { doctor, Patient } from './fixtures/patient.ts';

/** Everything that a write would change: names, sizes, times and inodes. */
function statesBelow(folder: string): readonly string[] {
  const names = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })];
  return names.map((name) => {
    const { size, mode, ino, mtimeMs, ctimeMs } = lstatSync(join(folder, name));
    return [name, size, mode, ino, mtimeMs, ctimeMs].join(' ');
  });
}

describe('mlops doctor', () => {
  it('says that there is nothing to mend, and ends with 0', () => {
    const { root } = new Patient();
    expect(doctor(root)).toEqual({ code: 0, stdout: 'Nothing to mend.\n', stderr: '' });
    expect(doctor(root, '--json').stdout).toBe('{\n  "schema": 1,\n  "findings": []\n}\n');
  });

  it('shows problems before notes, a command under each, and ends with 9', () => {
    const patient = new Patient();
    patient.remove('README.md');
    patient.remove('uv.lock');
    patient.write('Dockerfile.mlops-new', '');
    const { code, stdout } = doctor(patient.root);
    expect(code).toBe(9);
    expect(stdout).toBe(`To mend: 2

SIDE_FILES
  The template's version lies beside 1 file of yours: Dockerfile.mlops-new; take
  over what you want, then delete it.
    diff -u Dockerfile Dockerfile.mlops-new; rm -i Dockerfile.mlops-new

UV_LOCK_MISSING
  uv.lock is missing, and .github/workflows/ci.yml,
  .github/workflows/release.yml, Dockerfile install what it says.
    uv lock

To know: 1

FILES_DELETED
  You deleted 1 file of the template: README.md; runs respect that, and this
  brings back what is listed.
    mlops regenerate --restore=README.md
`);
  });

  it('ends with 0 where there are only notes', () => {
    const patient = new Patient();
    patient.remove('README.md');
    const { code, stdout } = doctor(patient.root);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing to mend\.\n\nTo know: 1\n/);
  });

  it('prints findings as JSON with these keys only', () => {
    const patient = new Patient();
    patient.remove('uv.lock');
    const { code, stdout } = doctor(patient.root, '--json');
    expect(code).toBe(9);
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      findings: [
        {
          code: 'UV_LOCK_MISSING',
          severity: 'problem',
          message: expect.stringMatching(/^uv\.lock is missing/),
          command: 'uv lock',
        },
      ],
    });
  });

  it('works from a folder below, with commands that go to the root', () => {
    const patient = new Patient();
    patient.remove('.mlops/base/README.md.base');
    mkdirSync(patient.path('src/a b'));
    const below = patient.path('src/a b');
    const [finding] = JSON.parse(doctor(below, '--json').stdout).findings;
    expect(finding.command).toBe('cd ../.. && mlops regenerate');
  });

  it('writes nothing, whatever it finds', () => {
    const patient = new Patient();
    patient.git('init', '-q');
    patient.git('add', '-A');
    patient.edit('mlops.yaml', (text) => text.replace('ci: github', 'ci: none'));
    patient.age('docs/operate.md', (text) => `# Older\n${text}`);
    patient.remove('.mlops/base/README.md.base');
    patient.write('.mlops/txn/new/0', 'half');
    const before = statesBelow(patient.root);
    expect(doctor(patient.root).code).toBe(9);
    expect(statesBelow(patient.root)).toEqual(before);
  });

  it('ends with 2 outside a project', () => {
    const { code, stderr } = doctor(tempFolder());
    expect(code).toBe(2);
    expect(stderr).toMatch(/no generated project here or in a folder above[\s\S]*run mlops new/);
  });

  it('takes --yes as every command does, and refuses what it does not know', () => {
    const { root } = new Patient();
    expect(doctor(root, '--yes').code).toBe(0);
    expect(doctor(root, '--fix')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Unknown option --fix/),
    });
    expect(doctor(root, 'README.md').code).toBe(2);
  });

  it('has a help of its own, and is in the list of commands', () => {
    const { stdout } = doctor(tempFolder(), '--help');
    expect(stdout).toMatch(/^Usage: mlops doctor\n/);
    expect(stdout).toMatch(/Exit 0 when there is nothing to mend/);
    expect(stdout).not.toMatch(/--answers/);
    expect(mlops(tempFolder(), '--help').stdout).toMatch(/\n {2}doctor +\S/);
  });
});
