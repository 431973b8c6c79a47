import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Patient } from './fixtures/patient.ts';

describe('a project in which nothing is wrong', () => {
  it('has no findings', () => {
    expect(new Patient().findings()).toEqual([]);
  });
});

describe('answers that cannot be used', () => {
  it('are told by line, all at once', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => text.replace('ci: github', 'ci: jenkins\n  colour: red'));
    const { message, severity } = patient.mend('ANSWERS_INVALID', {
      editor: 'sed -i \'/colour/d; s/jenkins/github/\' "$1"',
    });
    expect(message).toMatch(
      /^mlops\.yaml cannot be used: line \d+: ci does not know "jenkins".*, line \d+: unknown key "colour"/,
    );
    expect(severity).toBe('problem');
  });

  it('are told where one value is wrong', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => text.replace('team_size: 3', 'team_size: -3'));
    const { message } = patient.mend('ANSWERS_INVALID', { editor: 'sed -i \'s/: -3/: 3/\' "$1"' });
    expect(message).toMatch(/line \d+: .*negative/);
    expect(patient.codes()).toEqual([]);
  });

  it('are told where the text is no YAML', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => `${text}kits: [\n`);
    expect(patient.mend('ANSWERS_INVALID', { editor: 'sed -i \'$d\' "$1"' }).message).toMatch(/line \d+: /);
  });

  it('are told where they ask for a kind that this version does not write', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => text.replace('archetype: small-data', 'archetype: hybrid'));
    const { message } = patient.mend('ANSWERS_INVALID', {
      editor: 'sed -i \'s/: hybrid/: small-data/\' "$1"',
    });
    expect(message).toMatch(
      /asks for hybrid, which this version does not write yet; it writes small-data\.$/,
    );
  });

  it.each([
    ['binary', Buffer.from([0x67, 0, 0xff, 0xfe])],
    ['huge', Buffer.alloc(300 * 1024, '#')],
  ])('are moved away where they are %s', (_, bytes) => {
    const patient = new Patient();
    patient.write('mlops.yaml', bytes);
    patient.mend('ANSWERS_UNREADABLE');
    expect(patient.codes()).toEqual([]);
    expect(patient.read('mlops.yaml.old')).toHaveLength(bytes.toString('utf8').length);
  });

  it('are not read through a link', () => {
    const patient = new Patient();
    const outside = new Patient().path('mlops.yaml');
    patient.remove('mlops.yaml');
    symlinkSync(outside, patient.path('mlops.yaml'));
    expect(patient.mend('ANSWERS_UNREADABLE').message).toMatch(/it is a link/);
    expect(patient.codes()).toEqual([]);
  });

  it('come back from the base where they are gone', () => {
    const patient = new Patient();
    patient.remove('mlops.yaml');
    patient.mend('ANSWERS_MISSING');
    expect(patient.codes()).toEqual([]);
  });

  it('come back from git where the base has them no more', () => {
    const patient = new Patient();
    patient.git('init', '-q');
    patient.git('add', 'mlops.yaml');
    for (const path of ['mlops.yaml', '.mlops/base/mlops.yaml.base']) patient.remove(path);
    expect(patient.mend('ANSWERS_MISSING').command).toBe('git checkout -- mlops.yaml');
    expect(patient.codes()).toEqual(['BASE_MISSING']);
  });

  it('are to be written by hand where nothing has them', () => {
    const patient = new Patient();
    const text = patient.read('mlops.yaml');
    for (const path of ['mlops.yaml', '.mlops/base/mlops.yaml.base']) patient.remove(path);
    patient.mend('ANSWERS_MISSING', { editor: `cat > "$1" <<'END'\n${text}END` });
    expect(patient.codes()).toEqual(['BASE_MISSING']);
  });

  it('get the line back that says who wrote the project', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => text.replace(/^generator: .*\n/m, ''));
    patient.mend('GENERATOR_UNSAID');
    expect(patient.codes()).toEqual([]);
  });

  it('of a newer schema need a newer generator', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => text.replace('schema: 1', 'schema: 2'));
    expect(patient.finding('SCHEMA_NEWER')).toMatchObject({
      severity: 'problem',
      message: 'mlops.yaml has schema 2; this version of the generator reads schema 1.',
      command: 'npm install --global generator-mlops@latest',
    });
  });
});

describe('answers to what an older version asked', () => {
  it('are noted, and harm nothing; one that never was a question does', () => {
    const patient = new Patient();
    for (const path of ['mlops.yaml', '.mlops/base/mlops.yaml.base'])
      patient.edit(path, (text) => text.replace('choices:\n', 'choices:\n  colour: red\n'));
    expect(patient.mend('ANSWERS_RETIRED', { editor: 'sed -i /colour/d "$1"' })).toMatchObject({
      severity: 'note',
      message: expect.stringMatching(/has no effect: colour\.$/),
    });
  });
});

describe('answers that were edited', () => {
  it('are named until they are applied', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) =>
      text.replace('ci: github', 'ci: none').replace('team_size: 3', 'team_size: 4'),
    );
    expect(patient.mend('ANSWERS_CHANGED')).toMatchObject({
      severity: 'problem',
      message: '2 answers in mlops.yaml changed since the files were written: facts.team_size, choices.ci.',
      command: 'mlops regenerate',
    });
    expect(patient.codes()).toEqual([]);
  });

  it('are none where only a comment or the order changed', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => `${text.replace('kits: []\n', '')}# ours\nkits: []\n`);
    expect(patient.codes()).toEqual([]);
  });
});

describe('the version that wrote a project', () => {
  it('is to be installed where it is newer', () => {
    const patient = new Patient();
    patient.writtenBy('99.1.0');
    expect(patient.finding('GENERATOR_NEWER')).toMatchObject({
      severity: 'problem',
      command: 'npm install --global generator-mlops@99.1.0',
    });
  });

  it('never reaches a shell where it is no version', () => {
    const patient = new Patient();
    patient.writtenBy('99.1.0; touch owned');
    expect(patient.finding('GENERATOR_NEWER').command).toBe('npm install --global generator-mlops@latest');
  });

  it('is only noted where it is older', () => {
    const patient = new Patient();
    patient.writtenBy('0.0.9');
    expect(patient.mend('GENERATOR_OLDER').severity).toBe('note');
    expect(patient.codes()).toEqual([]);
  });
});
