import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Patient } from './fixtures/patient.ts';

const MARKED = '<<<<<<< yours\na\n||||||| base\nb\n=======\nc\n>>>>>>> template: generator 1 → 2\n';

describe('conflict markers', () => {
  it('are told by file and line until they are settled', () => {
    const patient = new Patient();
    patient.edit('README.md', (text) => text.replace('\n', `\n${MARKED}`));
    patient.edit('mlops.yaml', (text) => `${text}${MARKED}`);
    const line = patient.read('mlops.yaml').split('\n').indexOf('<<<<<<< yours') + 1;
    const { message } = patient.mend('MARKERS', { editor: 'sed -i \'/^[<|=>]\\{7\\}/d; /^[abc]$/d\' "$@"' });
    expect(message).toMatch(`Conflict markers are in 2 files: README.md:2, mlops.yaml:${line}; settle`);
    expect(patient.codes()).toEqual([]);
  });

  it('are none where a text only looks like them', () => {
    const patient = new Patient();
    patient.edit('README.md', (text) => `${text}\nTitle\n=======\n\n<<<<<<< HEAD\n`);
    expect(patient.codes()).toEqual([]);
  });

  it('that a real run left are taken back with it', () => {
    const patient = new Patient();
    patient.age('deploy/crontab', (text) => text.replace(/.*\n$/, 'older\n'));
    patient.edit('deploy/crontab', (text) => text.replace(/.*\n$/, 'mine\n'));
    expect(patient.paste('mlops regenerate').code).toBe(4);
    expect(patient.finding('MARKERS').message).toMatch(/deploy\/crontab:\d+; .*--undo/);
    patient.paste('mlops regenerate --undo');
    expect(patient.codes()).toEqual(['FILES_STALE']);
  });
});

describe('files that a run put beside those of the user', () => {
  it('are shown as a difference, and deleted after a yes', () => {
    const patient = new Patient();
    patient.write('README.md.mlops-new', 'theirs\n');
    const { command } = patient.finding('SIDE_FILES');
    expect(patient.paste(command, { input: 'n\n' }).text).toContain('+theirs');
    expect(patient.codes()).toEqual(['SIDE_FILES']);
    patient.mend('SIDE_FILES', { input: 'y\n' });
    expect(patient.codes()).toEqual([]);
  });

  it('are deleted together where there are several', () => {
    const patient = new Patient();
    for (const path of ['README.md', 'Dockerfile']) patient.write(`${path}.mlops-new`, 'theirs\n');
    patient.mend('SIDE_FILES', { input: 'y\ny\n' });
    expect(patient.codes()).toEqual([]);
  });

  it('are none of ours beside a file of which the generator knows nothing', () => {
    const patient = new Patient();
    patient.write('mine.txt.mlops-new', 'mine\n');
    expect(patient.codes()).toEqual([]);
  });
});

describe('places in mlops.yaml', () => {
  it('are told where unmanaged: names nothing', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) =>
      text.replace('unmanaged: []', 'unmanaged: [doc/, notebooks/, "tests/**", my.txt, ../up]'),
    );
    patient.write('my.txt', 'mine\n');
    patient.paste('mlops regenerate');
    const finding = patient.mend('UNMANAGED_UNUSED', { editor: 'sed -i \'s#doc/, ##; s#, ../up##\' "$1"' });
    expect(finding.severity).toBe('note');
    expect(finding.message).toMatch(/there: doc\/, \.\.\/up\.$/);
  });

  it('are told where moved: leads nowhere', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) =>
      text.replace('moved: {}', 'moved: {docs/growth.md: docs/grow.md, docs/none.md: docs/operate.md}'),
    );
    patient.paste('mlops regenerate');
    const finding = patient.mend('MOVED_UNUSED', { editor: 'sed -i \'s#^moved:.*#moved: {}#\' "$1"' });
    expect(finding.severity).toBe('problem');
    expect(finding.message).toMatch(
      /docs\/grow\.md is not there, docs\/none\.md is no file of the template\.$/,
    );
  });
});

describe('what the user did on purpose', () => {
  it('is noted where a file was deleted, and the command brings it back', () => {
    const patient = new Patient();
    for (const path of ['README.md', 'docs/growth.md', 'notebooks']) patient.remove(path);
    const finding = patient.mend('FILES_DELETED');
    expect(finding).toMatchObject({
      severity: 'note',
      message: expect.stringMatching(/3 files .*: README\.md, docs\/growth\.md, notebooks\/explore\.py;/),
    });
    expect(patient.codes()).toEqual([]);
  });

  it('is not noted where the file is unmanaged or moved', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) =>
      text
        .replace('unmanaged: []', 'unmanaged: [README.md]')
        .replace('moved: {}', 'moved: {docs/growth.md: docs/grow.md}'),
    );
    patient.write('docs/grow.md', patient.read('docs/growth.md'));
    for (const path of ['README.md', 'docs/growth.md']) patient.remove(path);
    patient.paste('mlops regenerate');
    expect(patient.codes()).toEqual([]);
  });

  it('is noted where an edited file is wanted no more, and the command deletes it', () => {
    const patient = new Patient();
    patient.edit('.github/workflows/ci.yml', (text) => `# ours\n${text}`);
    patient.paste('mlops regenerate --ci=none');
    expect(patient.mend('FILES_DETACHED')).toMatchObject({
      severity: 'note',
      message: expect.stringMatching(/has 1 file that you edited: \.github\/workflows\/ci\.yml;/),
    });
    expect(patient.codes()).toEqual([]);
  });
});

describe('a file that this generator writes differently', () => {
  it('is told with its cause, for the answers last applied', () => {
    const patient = new Patient();
    patient.age('docs/operate.md', (text) => `# Older\n${text}`);
    patient.writtenBy('0.0.9');
    const finding = patient.mend('FILES_STALE');
    expect(finding.severity).toBe('problem');
    expect(finding.message).toMatch(
      /^This generator writes 1 file differently for the same answers \(generator 0\.0\.9 → .*\): docs\/operate\.md\.$/,
    );
    expect(patient.codes()).toEqual([]);
  });

  it('is told by the versions that are newer, where it holds some', () => {
    const patient = new Patient();
    patient.age('pyproject.toml', (text) =>
      text.replace('lightgbm>=4.6', 'lightgbm>=4.5').replace('uv_build>=0.9', 'uv_build>=0.8'),
    );
    patient.age('.github/workflows/ci.yml', (text) =>
      text.replace(
        /actions\/checkout@[0-9a-f]{40} # v[\d.]+/g,
        `actions/checkout@${'0'.repeat(40)} # v6.0.0`,
      ),
    );
    expect(patient.mend('PINS_STALE').message).toMatch(
      /^This generator writes newer versions: checkout v[\d.]+, lightgbm>=4\.6, uv-build>=0\.9,<0\.14, in \.github\/workflows\/ci\.yml, pyproject\.toml\.$/,
    );
    expect(patient.codes()).toEqual([]);
  });

  it('counts the files that the generator keeps for itself', () => {
    const patient = new Patient();
    patient.remove('.mlops/schema.json');
    patient.edit('.mlops/.gitignore', () => '/txn/\n');
    expect(patient.mend('FILES_STALE').message).toMatch(
      /2 files .*: \.mlops\/schema\.json, \.mlops\/\.gitignore\.$/,
    );
    expect(patient.codes()).toEqual([]);
  });

  it('is not what an answer changed', () => {
    const patient = new Patient();
    patient.edit('mlops.yaml', (text) => text.replace('ci: github', 'ci: none'));
    expect(patient.codes()).toEqual(['ANSWERS_CHANGED']);
  });

  it('is not what the user edited', () => {
    const patient = new Patient();
    patient.edit('README.md', (text) => `${text}\nOurs.\n`);
    expect(patient.codes()).toEqual([]);
  });

  it('is told apart where something else is in its place', () => {
    const patient = new Patient();
    patient.age('docs/operate.md', (text) => `# Older\n${text}`);
    patient.remove('docs');
    symlinkSync('/etc', patient.path('docs'));
    expect(patient.mend('PLACE_BLOCKED').command).toBe('mv docs docs.old');
  });
});
