import { existsSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentsOf, tempFolder, withFiles } from '../support/folders.ts';
import { Patient } from './fixtures/patient.ts';

const README = '.mlops/base/README.md.base';

describe('a base', () => {
  it('that lost files gets them back', () => {
    const patient = new Patient();
    patient.remove(README);
    patient.remove('.mlops/base/src');
    const { message, severity } = patient.mend('BASE_MISSING');
    expect(message).toMatch(/^The base of README\.md, src\/churn.* and \d+ more is missing;/);
    expect(severity).toBe('problem');
    expect(patient.codes()).toEqual([]);
  });

  it('that lost the answers applied gets them back', () => {
    const patient = new Patient();
    patient.remove('.mlops/base/mlops.yaml.base');
    expect(patient.mend('BASE_MISSING').message).toMatch(/^The base of mlops\.yaml is missing;/);
    expect(patient.codes()).toEqual([]);
  });

  it('that something rewrote is made again, and the edit of the file is not lost', () => {
    const patient = new Patient();
    patient.git('init', '-q');
    patient.git('add', '-A');
    patient.git('commit', '-qm', 'start');
    for (const path of [README, 'README.md'])
      patient.edit(path, (text) => text.replaceAll('churn', 'attrition'));
    expect(patient.mend('BASE_DAMAGED').message).toMatch(/the base of README\.md, such as/);
    expect(patient.read('README.md')).toContain('attrition');
    expect(patient.codes()).toEqual([]);
  });

  it('that holds something else than a file is cleared of it', () => {
    const patient = new Patient();
    patient.remove(README);
    symlinkSync('/etc/hostname', patient.path(README));
    patient.mend('BASE_FOREIGN');
    expect(patient.codes()).toEqual([]);
  });

  it('that holds what the lock does not name is cleared of it', () => {
    const patient = new Patient();
    patient.write('.mlops/base/old name.py.base', 'old\n');
    patient.write('.mlops/base/-f', '');
    const { message } = patient.mend('BASE_EXTRA');
    expect(message).toMatch(/base of nothing: \.mlops\/base\/-f, \.mlops\/base\/old name\.py\.base\.$/);
    expect(existsSync(patient.path('.mlops/base/old name.py.base'))).toBe(false);
    expect(patient.codes()).toEqual([]);
  });

  it('whose lock is gone is told by one finding, and mended from the files', () => {
    const patient = new Patient();
    patient.remove('.mlops/base.lock');
    expect(patient.codes()).toEqual(['BASE_LOCK_MISSING']);
    expect(patient.mend('BASE_LOCK_MISSING').command).toBe('mlops regenerate');
    expect(patient.codes()).toEqual([]);
  });

  it('whose lock is gone takes it from git, so that edits stay edits', () => {
    const patient = new Patient();
    patient.git('init', '-q');
    patient.git('add', '-A');
    patient.edit('README.md', (text) => `${text}\nOurs.\n`);
    patient.remove('.mlops/base.lock');
    expect(patient.mend('BASE_LOCK_MISSING').command).toBe('git checkout -- .mlops/base.lock');
    expect(patient.codes()).toEqual([]);
  });

  it('whose lock has lines of others is written again', () => {
    const patient = new Patient();
    patient.edit('.mlops/base.lock', (text) => `<<<<<<< HEAD\n${text}=======\n`);
    expect(patient.mend('BASE_LOCK_DAMAGED').message).toMatch(/at line 1, \d+\.$/);
    expect(patient.codes()).toEqual([]);
  });

  it('may hold a path twice in its lock, as after a merge of branches', () => {
    const patient = new Patient();
    patient.edit('.mlops/base.lock', (text) =>
      text.replace(/^.* README\.md$/m, (line) => `${'0'.repeat(40)}${line.slice(40)}\n${line}`),
    );
    expect(patient.codes()).toEqual([]);
  });
});

describe('the folder of the generator', () => {
  it.each(['.mlops', '.mlops/base', '.mlops/base.lock'])(
    'is taken in where %s is a link, and nothing is followed before',
    (path) => {
      const patient = new Patient();
      const outside = new Patient();
      patient.remove(path);
      symlinkSync(outside.path(path), patient.path(path));
      const before = contentsOf(outside.root);
      expect(patient.findings()[0]).toMatchObject({ code: 'STATE_FOREIGN', severity: 'problem' });
      patient.mend('STATE_FOREIGN');
      expect(patient.codes()).toEqual([]);
      expect(contentsOf(outside.root)).toEqual(before);
    },
  );

  it('is made again where it is a file or a link to nowhere', () => {
    const [file, link] = [new Patient(), new Patient()];
    for (const patient of [file, link]) patient.remove('.mlops');
    file.write('.mlops', 'mine\n');
    symlinkSync('/nowhere', link.path('.mlops'));
    for (const patient of [file, link]) {
      patient.mend('STATE_FOREIGN');
      expect(patient.codes()).toEqual([]);
    }
  });

  it.each(['txn', 'undo', 'lock'])('is cleared of a link at %s, and what it leads to stays', (name) => {
    const patient = new Patient();
    const outside = withFiles(tempFolder(), { 'theirs.txt': 'theirs\n' });
    symlinkSync(outside, patient.path(`.mlops/${name}`));
    patient.mend('STATE_FOREIGN');
    expect(contentsOf(outside)).toEqual({ 'theirs.txt': 'theirs\n' });
    expect(patient.codes()).toEqual([]);
  });
});
