import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tempFolder, withFiles } from '../support/folders.ts';
import { kitAt, newFrom, opsOf, ranJson, regenerateFrom, treeOf, writeContents } from '../support/kits.ts';
import { mlops } from '../support/mlops.ts';

const FILES = {
  'README.md': 'T_1\n',
  'bin/run': '#!/bin/sh\n',
  'src/__package__/dot_x.ejs': '<%= project.name %>\n',
};

function smallKit(folder = tempFolder(), version = '1.0', name = 'acme'): string {
  return kitAt(join(folder, `${name}-${version}`), {
    name,
    version,
    more: 'executable: [bin/*]\n',
    files: FILES,
  });
}

/** A project from version 1.0, in a folder of its own. */
function project(): { readonly home: string; readonly root: string } {
  const home = tempFolder();
  const root = join(home, 'churn-model');
  expect(newFrom(smallKit(home), root).code).toBe(0);
  return { home, root };
}

describe('new --kit', () => {
  it('writes the files, the answers, the base, and nothing of an archetype', () => {
    const { root } = project();
    expect(treeOf(root)).toEqual({
      'README.md': 'T_1\n',
      'bin/run': 'executable: #!/bin/sh\n',
      'src/churn_model/.x': 'churn-model\n',
    });
    const answers = readFileSync(join(root, 'mlops.yaml'), 'utf8');
    expect(parse(answers)).toEqual({
      schema: 1,
      generator: '0.1.0',
      project: { name: 'churn-model', package: 'churn_model', command: 'churn-model' },
      kits: [
        {
          name: 'acme',
          version: '1.0',
          source: '../acme-1.0',
          hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        },
      ],
      unmanaged: [],
      moved: {},
    });
    expect(readFileSync(join(root, '.mlops/base/mlops.yaml.base'), 'utf8')).toBe(answers);
    expect(readFileSync(join(root, '.mlops/base/src/churn_model/.x.base'), 'utf8')).toBe('churn-model\n');
    expect(readFileSync(join(root, '.mlops/base.lock'), 'utf8')).toMatch(/ 755 managed bin\/run\n/);
    expect(existsSync(join(root, '.mlops/schema.json'))).toBe(true);
  });

  it('says in JSON that there is no archetype, and names the kit for each file', () => {
    const home = tempFolder();
    const { code, json } = newFrom(smallKit(home), join(home, 'churn'));
    expect(code).toBe(0);
    expect(json).toMatchObject({
      schema: 1,
      archetype: null,
      from: null,
      status: 'written',
      install: 'skipped',
    });
    expect(json.files[0]).toEqual({
      path: 'README.md',
      op: 'create',
      layer: 'kit acme',
      why: 'kit acme 1.0',
    });
    expect(json.nextSteps).toEqual(['cd churn', 'git init']);
  });

  it('needs no answers, also without --yes', () => {
    const home = tempFolder();
    const { code, stdout } = mlops(home, 'new', 'churn', `--kit=${smallKit(home)}`);
    expect(code).toBe(0);
    expect(stdout).toContain('Next:\n  cd churn\n  git init\n');
    expect(stdout).not.toContain('uv ');
  });

  it('--plan writes nothing', () => {
    const home = tempFolder();
    const { code, json } = newFrom(smallKit(home), join(home, 'churn'), '--plan');
    expect([code, json.status, json.files.length]).toEqual([0, 'planned', 3]);
    expect(readdirSync(home)).toEqual(['acme-1.0']);
  });

  it.each(['test', 'copy', 'json', '1', '-', 'a b', 'caf\u00e9', '_', 'x'.repeat(80)])(
    'writes into a folder called %s, whatever Python calls its own',
    (name) => {
      const home = tempFolder();
      expect(newFrom(smallKit(home), join(home, name)).code).toBe(0);
      expect(regenerateFrom(join(home, 'acme-1.0'), join(home, name)).json.status).toBe('up-to-date');
    },
  );

  it('takes over what is there and identical, and puts the rest beside it', () => {
    const home = tempFolder();
    const root = withFiles(join(home, 'churn'), {
      'README.md': 'U_mine\n',
      'bin/run': '#!/bin/sh\n',
      own: 'U_own\n',
    });
    const ran = newFrom(smallKit(home), root);
    expect(ran.code).toBe(4);
    expect(opsOf(ran)).toEqual({ 'README.md': 'conflict', 'bin/run': 'adopt', 'src/churn/.x': 'create' });
    expect(treeOf(root)).toMatchObject({
      'README.md': 'U_mine\n',
      'README.md.mlops-new': 'T_1\n',
      own: 'U_own\n',
    });
  });

  it('keeps what a classification left in the folder', () => {
    const home = tempFolder();
    const root = join(home, 'churn');
    mkdirSync(root);
    mlops(root, 'classify', '--team-size=3', '--data-volume-gb=5', '--save');
    expect(newFrom(smallKit(home), root).code).toBe(0);
    const saved = parse(readFileSync(join(root, 'mlops.yaml'), 'utf8'));
    expect(saved).toMatchObject({ facts: { team_size: 3 }, kits: [{ name: 'acme' }], generator: '0.1.0' });
    expect(saved.archetype).toBeUndefined();
    expect(regenerateFrom(join(home, 'acme-1.0'), root).json.status).toBe('up-to-date');
  });

  it.each([
    [['--archetype=small-data'], /takes no answers and no archetype/],
    [['--ci=none', '--team-size=3'], /takes no answers/],
  ])('refuses %s: a kit that stands alone asks nothing', (flags, message) => {
    const home = tempFolder();
    const { code, json } = newFrom(smallKit(home), join(home, 'churn'), ...flags);
    expect(code).toBe(2);
    expect(json.error?.message).toMatch(message);
    expect(json.error?.details).toHaveLength(flags.length);
  });

  it.each(['acme@1.0', 'https://example.org/acme.git#v1', 'git@example.org:acme.git', ''])(
    'takes kits only from folders: %s is exit 2',
    (source) => {
      const home = tempFolder();
      const { code, json } = newFrom(source, join(home, 'churn'));
      expect(code).toBe(2);
      expect(json.error?.message).toMatch(/takes kits only from folders/);
    },
  );

  it('names the spelling that it takes where a folder was named without its dot', () => {
    const home = tempFolder();
    smallKit(home);
    const { code, stderr } = mlops(home, 'new', 'churn', '--kit=acme-1.0', '--yes');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--kit=./acme-1.0')]);
  });

  it('that is not there is exit 5, and one that is wrong exit 8 with every place', () => {
    const home = tempFolder();
    expect(newFrom(join(home, 'gone'), join(home, 'churn')).code).toBe(5);
    const kit = kitAt(join(home, 'kit'), {
      more: 'polices: {}\n',
      files: {
        'a.ejs': '<%= project.nane %>\n',
        'b.ejs': 'x\n<% for (;;) { %>\n',
        'c.ejs': Buffer.from([0xe9]),
      },
    });
    expect(newFrom(kit, join(home, 'churn'))).toMatchObject({
      code: 8,
      json: { error: { details: [{ path: 'kit.yaml', line: 5, column: 1 }] } },
    });
    writeFileSync(join(kit, 'kit.yaml'), 'name: acme\nversion: 1\nextends: none\n');
    const { code, json } = newFrom(kit, join(home, 'churn'));
    expect(code).toBe(8);
    expect(json.error?.details.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['files/a.ejs', 'files/b.ejs', 'files/c.ejs']),
    );
    expect(readdirSync(home)).toEqual(['kit']);
  });
});

describe('regenerate with a kit', () => {
  it('has nothing to do where nothing changed', () => {
    const { root } = project();
    expect(ranJson(root, 'regenerate')).toMatchObject({
      code: 0,
      json: { status: 'up-to-date', archetype: null },
    });
    expect(ranJson(root, 'regenerate', '--check').code).toBe(0);
  });

  it('takes a new version, records it, and says what made the change', () => {
    const { home, root } = project();
    const kit = smallKit(home, '1.10');
    writeContents(kit, { 'files/README.md': 'T_2\n' });
    expect(regenerateFrom(kit, root, '--check').code).toBe(9);
    const { code, stdout } = mlops(root, 'regenerate', `--kit=../acme-1.10`, '--yes');
    expect([code, stdout]).toEqual([0, expect.stringContaining('kit acme 1.0 → 1.10: +0 −0 ~1\n')]);
    expect(readFileSync(join(root, 'mlops.yaml'), 'utf8')).toMatch(
      /^kits: \[\{name: acme, version: "1.10", source: "\.\.\/acme-1\.10", hash: "sha256:/m,
    );
    expect(ranJson(root, 'regenerate').json.status).toBe('up-to-date');
  });

  it('--check ends with 9 where only the record of the kit would change: until it does, another kit is recorded', () => {
    const { home, root } = project();
    const kit = smallKit(home, '1.1');
    const check = () => mlops(root, 'regenerate', `--kit=${kit}`, '--check');
    expect(check()).toMatchObject({ code: 9, stdout: expect.stringMatching(/^\nOnly mlops\.yaml/m) });
    expect(regenerateFrom(kit, root)).toMatchObject({ code: 0, json: { status: 'written', files: [] } });
    expect(check()).toMatchObject({ code: 0, stdout: expect.stringMatching(/Nothing to do/) });
    writeContents(kit, { 'kit.yaml': readFileSync(join(kit, 'kit.yaml'), 'utf8').replace('tests', 'all') });
    expect(mlops(root, 'regenerate', '--check')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/changed without a new version/),
    });
    expect(check().code).toBe(9);
  });

  it('keeps the comments and the order of mlops.yaml', () => {
    const { home, root } = project();
    const path = join(root, 'mlops.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}# ours\n`);
    expect(regenerateFrom(smallKit(home, '1.1'), root).code).toBe(0);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/moved: \{\}.*\n# ours\n$/);
    expect(parse(text).kits[0].version).toBe('1.1');
  });

  it('refuses an older version unless that is allowed', () => {
    const { home, root } = project();
    regenerateFrom(smallKit(home, '1.10'), root);
    const older = smallKit(home, '1.9');
    expect(regenerateFrom(older, root)).toMatchObject({
      code: 5,
      json: { error: { code: 'MLOPS_E_DOWNGRADE', message: expect.stringMatching(/1\.10 and is 1\.9/) } },
    });
    expect(regenerateFrom(older, root, '--allow-downgrade').code).toBe(0);
  });

  it('takes other content under the same version when asked to, and says so', () => {
    const { home, root } = project();
    writeContents(join(home, 'acme-1.0'), { 'files/README.md': 'T_2\n' });
    const { code, json } = ranJson(root, 'regenerate');
    expect(code).toBe(5);
    expect(json.error?.message).toContain('changed without a new version (1.0)');
    expect(treeOf(root)['README.md']).toBe('T_1\n');
    const taken = regenerateFrom(join(home, 'acme-1.0'), root);
    expect(taken.code).toBe(0);
    expect(taken.json.notes).toEqual([expect.stringContaining('without a new version')]);
    expect(taken.json.files).toMatchObject([
      { path: 'README.md', op: 'update', why: 'kit acme 1.0, changed' },
    ]);
  });

  it('says what moved where the recorded folder holds another version, or is gone', () => {
    const { home, root } = project();
    rmSync(join(home, 'acme-1.0'), { recursive: true });
    expect(ranJson(root, 'regenerate')).toMatchObject({
      code: 5,
      json: { error: { code: 'MLOPS_E_KIT_UNREACHABLE' } },
    });
    renameSync(smallKit(home, '1.1'), join(home, 'acme-1.0'));
    const { code, json } = ranJson(root, 'regenerate');
    expect([code, json.error?.message]).toEqual([
      5,
      expect.stringContaining('is 1.1, and mlops.yaml records 1.0'),
    ]);
    expect(regenerateFrom(join(home, 'acme-1.0'), root).code).toBe(0);
  });

  it('finds the kit where project and kit were moved together', () => {
    const { home, root } = project();
    const elsewhere = join(tempFolder(), 'moved');
    renameSync(home, elsewhere);
    expect(ranJson(join(elsewhere, 'churn-model/src'), 'regenerate').json.status).toBe('up-to-date');
    expect(existsSync(root)).toBe(false);
  });

  it('refuses a kit that is not recorded, and a project that has none', () => {
    const { home, root } = project();
    const { code, json } = regenerateFrom(smallKit(home, '1.1', 'other'), root);
    expect([code, json.error?.message]).toEqual([
      2,
      expect.stringContaining('is other, and mlops.yaml records acme'),
    ]);
    expect(ranJson(home, 'new', 'plain', '--archetype=small-data', '--no-install').code).toBe(0);
    expect(regenerateFrom(join(home, 'acme-1.0'), join(home, 'plain')).code).toBe(2);
  });

  it('refuses an archetype beside a kit that stands alone: one would delete the files of the other', () => {
    const { root } = project();
    const path = join(root, 'mlops.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}archetype: small-data\n`);
    const { code, json } = ranJson(root, 'regenerate');
    expect([code, json.error?.message]).toEqual([
      2,
      expect.stringContaining('names an archetype and the kit acme'),
    ]);
  });

  it('refuses answers', () => {
    const { home, root } = project();
    expect(regenerateFrom(join(home, 'acme-1.0'), root, '--ci=none').code).toBe(2);
  });

  it('restores a file that was deleted, and undoes a run, the record with it', () => {
    const { home, root } = project();
    rmSync(join(root, 'README.md'));
    const kit = smallKit(home, '1.1');
    writeContents(kit, { 'files/README.md': 'T_2\n', 'files/new': 'T_new\n' });
    expect(opsOf(regenerateFrom(kit, root))).toEqual({ 'README.md': 'kept-deleted', new: 'create' });
    expect(ranJson(root, 'regenerate', '--restore=README.md').code).toBe(0);
    expect(treeOf(root)['README.md']).toBe('T_2\n');
    expect(ranJson(root, 'regenerate', '--undo').code).toBe(0);
    expect(ranJson(root, 'regenerate', '--undo=1').code).toBe(0);
    expect(Object.keys(treeOf(root))).toEqual(['bin/run', 'src/churn_model/.x']);
    expect(parse(readFileSync(join(root, 'mlops.yaml'), 'utf8')).kits[0].version).toBe('1.0');
  });

  it('makes a base that was deleted again from the recorded kit, so that edits are merged (41)', () => {
    const { home, root } = project();
    writeFileSync(join(root, 'README.md'), 'T_1\nmine\n');
    rmSync(join(root, '.mlops/base'), { recursive: true });
    const kit = smallKit(home, '1.1');
    writeContents(kit, { 'files/README.md': 'T_top\n\nT_1\n' });
    const ran = regenerateFrom(kit, root);
    expect(opsOf(ran)).toEqual({ 'README.md': 'merge' });
    expect(treeOf(root)['README.md']).toBe('T_top\n\nT_1\nmine\n');
    expect(ran.json.notes).toContain(
      'The base of README.md was damaged; it was made again from the recorded answers.',
    );
  });

  it('shows one patch that git applies, whatever the names', () => {
    const home = tempFolder();
    const [root, copy] = [join(home, 'p'), join(home, 'copy')];
    const names = ['a b', 'new\nline', '"q"', 'back\\slash', 'tab\t', 'caf\u00e9', 'sub dir/x'];
    const files = (text: string) => Object.fromEntries(names.map((name) => [name, text]));
    newFrom(kitAt(join(home, 'v1'), { files: files('T_1\n') }), root);
    cpSync(root, copy, { recursive: true });
    const kit = kitAt(join(home, 'v2'), { version: '1.1', files: { ...files('T_2\n'), 'new one': 'T_3\n' } });
    const patch = mlops(root, 'regenerate', `--kit=${kit}`, '--plan', '--diff').stdout;
    execFileSync('git', ['apply', '-'], { cwd: copy, input: patch });
    expect(regenerateFrom(kit, root).code).toBe(0);
    expect(treeOf(copy)).toEqual(treeOf(root));
  });

  it('tells git of conflicts, whatever the names', () => {
    const home = tempFolder();
    const root = join(home, 'p');
    const names = ['a b', 'new\nline', '"q"', 'glob*?', '-x', 'caf\u00e9'];
    const files = (text: string) => Object.fromEntries(names.map((name) => [name, text]));
    newFrom(kitAt(join(home, 'v1'), { files: files('T_1\n') }), root);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: root });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'first');
    for (const name of names) writeFileSync(join(root, name), 'U_1\n');
    const kit = kitAt(join(home, 'v2'), { version: '1.1', files: files('T_2\n') });
    expect(regenerateFrom(kit, root).code).toBe(4);
    const unmerged = git('diff', '--name-only', '--diff-filter=U', '-z')
      .toString()
      .split('\0')
      .filter((name) => name !== '');
    expect(unmerged.sort()).toEqual([...names].sort());
  });
});
