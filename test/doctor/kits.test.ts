import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/folders.ts';
import { kitAt, newFrom, writeContents } from '../support/kits.ts';
import { Patient } from './fixtures/patient.ts';

/** A project from a kit in which nothing is wrong, and the kit beside it. */
function patient(): { readonly patient: Patient; readonly kit: string } {
  const home = tempFolder();
  const kit = kitAt(join(home, 'acme kit'), { version: '1.1', files: { 'README.md': 'T_1\n' } });
  const root = join(home, 'churn');
  expect(newFrom(kit, root).code).toBe(0);
  return { patient: new Patient(root), kit };
}

function withVersion(kit: string, version: string): void {
  const path = join(kit, 'kit.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/version: .*/, `version: ${version}`));
}

describe('a recorded kit', () => {
  it('that is as it was recorded has no findings', () => {
    expect(patient().patient.findings()).toEqual([]);
  });

  it('that is gone is to be named where it is now', () => {
    const { patient: ill, kit } = patient();
    renameSync(kit, join(kit, '../moved'));
    expect(ill.mend('KIT_MISSING', { editor: `sed -i 's/acme kit/moved/' "$1"` }).message).toBe(
      'The kit acme cannot be read in ../acme kit: there is no such folder; write in mlops.yaml where it is, and then run regenerate.',
    );
    ill.paste('mlops regenerate --yes');
    expect(ill.codes()).toEqual([]);
  });

  it.each([
    ['1.1', 'changed without a new version (1.1)'],
    ['1.2', 'is 1.2, and mlops.yaml records 1.1'],
    ['1.0', 'is 1.0, and mlops.yaml records 1.1'],
  ])('that changed, and says %s, is taken as it is (48)', (version, words) => {
    const { patient: ill, kit } = patient();
    writeContents(kit, { 'files/README.md': 'T_2\n' });
    withVersion(kit, version);
    expect(ill.mend('KIT_CHANGED')).toMatchObject({
      severity: 'problem',
      message: `The kit acme in ../acme kit ${words}; this takes it as it is there.`,
    });
    expect(ill.read('README.md')).toBe('T_2\n');
    expect(ill.codes()).toEqual([]);
  });

  it('that is another kit is told apart', () => {
    const { patient: ill, kit } = patient();
    rmSync(kit, { recursive: true });
    kitAt(kit, { name: 'other', files: {} });
    expect(ill.finding('KIT_CHANGED').message).toBe(
      '../acme kit holds the kit other, and mlops.yaml records acme there.',
    );
  });

  it('that no run would take is told by file and line', () => {
    const { patient: ill, kit } = patient();
    writeFileSync(join(kit, 'kit.yaml'), `${readFileSync(join(kit, 'kit.yaml'), 'utf8')}colour: red\n`);
    const { message } = ill.mend('KIT_REFUSED', { editor: 'sed -i /colour/d "$1"' });
    expect(message).toMatch(/kit\.yaml:5:1: unknown key "colour"/);
    expect(ill.codes()).toEqual([]);
  });
});
