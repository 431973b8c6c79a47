// What copier's own tests ask of an update, told in our words. What is missing here is named at the end of
// docs/regeneration.md: told elsewhere, or without a counterpart.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KitWorld } from '../kit/fixtures/kit-world.ts';
import { tempFolder } from '../support/folders.ts';
import { ranJson, regenerateFrom } from '../support/kits.ts';
import { coreManifest, kinds } from './fixtures/kinds.ts';
import { isSettled, ops, World } from './fixtures/world.ts';

const TEXT = 'T_1\n\ntwo\n\nlast\n';
const SEED = 'policies: {seed: [keep.txt]}\n';

function gitIn(folder: string, ...args: readonly string[]): string {
  const settings = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'core.quotePath=off'];
  return execFileSync('git', [...settings, ...args], { cwd: folder, encoding: 'utf8' });
}

function committed(folder: string, ...init: readonly string[]): void {
  gitIn(folder, 'init', '-q', ...init);
  gitIn(folder, 'add', '-A');
  gitIn(folder, 'commit', '-qm', 'start');
}

describe('versions one after the other', () => {
  it('keep an edit through all of them, and the last one taken twice does nothing', () => {
    const world = KitWorld.create({ files: { a: TEXT, b: 'T_b\n' } });
    world.append('a', 'U_edit\n');
    expect(world.take({ files: { a: TEXT, b: 'T_b\n' } }).ops).toEqual({ a: 'keep' });
    expect(world.take({ files: { a: TEXT.replace('T_1', 'T_2'), c: 'T_c\n' } }).code).toBe(0);
    const third = { files: { a: TEXT.replace('T_1', 'T_3').replace('two', 'T_two'), c: 'T_c\n' } };
    expect(world.take(third).code).toBe(0);
    const now = { a: 'T_3\n\nT_two\n\nlast\nU_edit\n', c: 'T_c\n' };
    expect(world.tree()).toEqual(now);
    expect([world.take(third).ops, world.tree()]).toEqual([{ a: 'keep' }, now]);
  });

  it('need nothing of the version before: its folder may be gone or broken', () => {
    const world = KitWorld.create({ files: { a: TEXT } });
    world.append('a', 'U_edit\n');
    rmSync(join(world.home, 'kit-1.0'), { recursive: true });
    writeFileSync(join(world.home, 'kit-1.0'), 'rubbish');
    expect(world.take({ files: { a: TEXT.replace('T_1', 'T_2') } }).ops).toEqual({ a: 'merge' });
  });

  it('may change nothing but the number: it is recorded, and no file is written', () => {
    const world = KitWorld.create({ files: { a: TEXT } });
    world.append('a', 'U_edit\n');
    expect(world.take({ files: { a: TEXT } })).toMatchObject({ code: 0, ops: { a: 'keep' } });
    expect(world.read('mlops.yaml')).toContain('version: "1.1"');
  });

  it('are in the order of semantic versioning: a release may follow its candidate, not the reverse', () => {
    const world = KitWorld.create({ files: { a: 'T_1\n' } });
    const numbered = (version: string) => {
      const kit = world.kit({ files: { a: `T_of_${version}\n` } });
      const manifest = join(kit, 'kit.yaml');
      writeFileSync(manifest, `name: acme\nversion: ${version}\ndescription: d\nextends: none\n`);
      return regenerateFrom(kit, world.root).code;
    };
    expect(['2.0.0-rc.1', '2.0.0-rc.2', '2.0.0', '2.0.0-rc.3'].map(numbered)).toEqual([0, 0, 0, 5]);
    expect(world.read('a')).toBe('T_of_2.0.0\n');
  });

  it('may come with other answers at once: only the lines that both changed are in conflict', async () => {
    const red = { 'capabilities/core/fragments+colour=red/app.py/functions': '# T_red\n' };
    const world = await World.create(kinds(red), { colour: 'red' });
    world.edit('app.py', (text) => `# U_top\n${text.replace('# T_red', '# U_here\n# T_red')}`);
    const none = { 'capabilities/core/fragments+ci=none/app.py/functions': '# T_none\n' };
    const ran = await world.upgrade(kinds({ ...red, ...none })).regenerate({ ci: 'none' });
    expect(ops(ran)['app.py']).toBe('conflict');
    expect(world.read('app.py')).toMatch(
      /^# U_top\ndef first[^<]*<{7} yours\n# U_here\n\|{7} base\n={7}\n# T_none\n>{7} .*\n# T_red\n$/,
    );
  });

  it('may have another default: what was answered stays answered', async () => {
    const world = await World.create(kinds());
    const manifest = coreManifest().replace('default: blue', 'default: red');
    expect(manifest).not.toBe(coreManifest());
    const ran = await world.upgrade(kinds({ 'capabilities/core/capability.yaml': manifest })).regenerate();
    expect(ops(ran)).toEqual({});
    expect(world.read('README.md')).toContain('It is blue.');
  });
});

describe('what the user deleted', () => {
  it('stays deleted by its name and not by a pattern, also where the name has a star', () => {
    const names = ['do_not*', 'do_not_match', 'test.txt', 'in/test.txt', 'in/deep/test.txt', '!no', 'no'];
    const all = (text: string) => ({ files: Object.fromEntries(names.map((name) => [name, text])) });
    const world = KitWorld.create(all('T_1\n'));
    for (const name of ['do_not*', 'test.txt', '!no']) world.remove(name);
    world.take(all('T_2\n'));
    const kept = ['do_not_match', 'in/deep/test.txt', 'in/test.txt', 'no'];
    expect(world.tree()).toEqual(Object.fromEntries(kept.map((name) => [name, 'T_2\n'])));
  });

  it('may be a seed, which --restore brings back; a seed in the root is none in a folder', () => {
    const files = (text: string) => ({ files: { 'keep.txt': text, 'in/keep.txt': text }, more: SEED });
    const world = KitWorld.create(files('T_1\n'));
    world.remove('keep.txt');
    expect(world.take(files('T_2\n')).ops).toEqual({ 'keep.txt': 'kept-deleted', 'in/keep.txt': 'update' });
    expect(world.has('keep.txt')).toBe(false);
    const { code } = world.take(files('T_3\n'), '--restore=keep.txt');
    expect([code, world.tree()]).toEqual([0, { 'keep.txt': 'T_3\n', 'in/keep.txt': 'T_3\n' }]);
  });
});

describe('what the template gives up', () => {
  it('to the user by making it a seed is left as it is, edited or not', () => {
    const files = (text: string) => ({ 'keep.txt': text, 'other.txt': text });
    const world = KitWorld.create({ files: files('T_1\n') });
    world.take({ files: files('T_2\n'), more: SEED });
    expect(world.tree()).toEqual({ 'keep.txt': 'T_1\n', 'other.txt': 'T_2\n' });
  });

  it('goes also where git ignores it by now, and --undo brings it back', () => {
    const world = KitWorld.create({ files: { a: 'T_a\n', b: 'T_b\n' } });
    world.write('.gitignore', 'a\n');
    committed(world.root);
    expect(world.take({ files: { b: 'T_b\n' } }).ops).toEqual({ a: 'delete' });
    expect(ranJson(world.root, 'regenerate', '--undo').code).toBe(0);
    expect(world.read('a')).toBe('T_a\n');
  });

  it('under one name and uses for something else is no rename: such a kit is refused, nothing written', () => {
    const world = KitWorld.create({ files: { 'ci.yml': TEXT } });
    world.append('ci.yml', 'U_job\n');
    const next = { 'ci/main.yml': TEXT.replace('T_1', 'T_2'), 'ci.yml': 'T_include: ci/main.yml\n' };
    const more = 'renames: {ci.yml: ci/main.yml}\n';
    expect(world.take({ files: next, more })).toMatchObject({ code: 8 });
    const { code, ops } = world.take({ files: next });
    expect([code, ops]).toEqual([4, { 'ci.yml': 'conflict', 'ci/main.yml': 'create' }]);
    expect(world.read('ci.yml')).toContain('U_job');
  });
});

describe('what git ignores', () => {
  it('is updated like the rest, while it is ignored and when it no longer is', () => {
    const files = (ignored: string, env: string) => ({ '.gitignore': ignored, '.env': env });
    const world = KitWorld.create({ files: files('', 'T_env=1\n\n\n') });
    committed(world.root);
    world.append('.env', 'U_token=2\n');
    expect(world.take({ files: files('.env\n', 'T_env=2\n\n\n') }).code).toBe(0);
    expect(world.take({ files: files('', 'T_env=3\n\n\n') }).code).toBe(0);
    expect(world.read('.env')).toBe('T_env=3\n\n\nU_token=2\n');
  });

  it('may be where something new belongs, which is written all the same', () => {
    const world = KitWorld.create({ files: { a: 'T_a\n' } });
    world.write('.gitignore', 'build/\n*.local\n');
    committed(world.root);
    const { ops } = world.take({ files: { a: 'T_a\n', 'build/x': 'T_x\n', 'y.local': 'T_y\n' } });
    expect(ops).toEqual({ 'build/x': 'create', 'y.local': 'create' });
  });

  it('may be the file beside, which is there and named', () => {
    const world = KitWorld.create({ files: { 'logo.bin': 'T_1\0' } });
    world.write('.gitignore', '*.mlops-new\n');
    committed(world.root);
    world.write('logo.bin', 'U_1\0');
    expect(world.take({ files: { 'logo.bin': 'T_2\0' } })).toMatchObject({
      code: 4,
      ops: { 'logo.bin': 'conflict' },
    });
    expect([world.read('logo.bin'), world.read('logo.bin.mlops-new')]).toEqual(['U_1\0', 'T_2\0']);
  });
});

describe('git around it', () => {
  it('is told of what conflicts and of nothing else, and keeps the mode that the template gave', () => {
    const world = KitWorld.create({ files: { both: 'T_1\n', same: 'T_1\n', apart: TEXT, run: 'T_1\n' } });
    committed(world.root);
    for (const path of ['both', 'run']) world.write(path, 'U_1\n');
    world.write('same', 'T_2\n');
    world.append('apart', 'U_end\n');
    gitIn(world.root, 'commit', '-qam', 'edits');
    const { code } = world.take({
      files: { both: 'T_2\n', same: 'T_2\n', apart: TEXT.replace('T_1', 'T_2'), run: 'T_2\n' },
      more: 'executable: [run]\n',
    });
    expect(code).toBe(4);
    const unmerged = gitIn(world.root, 'diff', '--name-only', '--diff-filter=U').trim().split('\n');
    expect(unmerged).toEqual(['both', 'run']);
    expect(world.isExecutable('run')).toBe(true);
    expect(gitIn(world.root, 'ls-files', '-u', 'run').match(/^\d+/gm)).toEqual([
      '100644',
      '100644',
      '100755',
    ]);
  });

  it.each([
    ['100755', '+x', false],
    ['100644', '-x', true],
  ])('keeps the mode %s of its index where it does not go by the disk', (mode, sign, isExecutable) => {
    const world = KitWorld.create({ files: { run: 'T_1\n' } });
    committed(world.root);
    gitIn(world.root, 'config', 'core.fileMode', 'false');
    gitIn(world.root, 'update-index', `--chmod=${sign}`, 'run');
    world.write('run', 'U_1\n');
    gitIn(world.root, 'commit', '-qam', 'edits');
    world.setExecutable('run', isExecutable);
    expect(world.take({ files: { run: 'T_2\n' } }).code).toBe(4);
    expect(gitIn(world.root, 'ls-files', '-u', 'run').match(/^\d+/gm)).toEqual(['100644', mode, '100644']);
    gitIn(world.root, 'add', 'run');
    expect(gitIn(world.root, 'ls-files', '--stage', 'run')).toMatch(`${mode} `);
  });

  it('is not asked to commit, check out or sign: hooks that fail and a missing key do not matter', () => {
    const world = KitWorld.create({ files: { a: 'T_1\n' } });
    committed(world.root);
    for (const hook of ['pre-commit', 'post-checkout', 'post-index-change', 'post-merge']) {
      writeFileSync(join(world.root, '.git/hooks', hook), `#!/bin/sh\ntouch ${hook}-ran\nexit 1\n`, {
        mode: 0o755,
      });
    }
    gitIn(world.root, 'config', 'commit.gpgSign', 'true');
    gitIn(world.root, 'config', 'user.signingKey', 'none');
    world.write('a', 'U_1\n');
    expect(world.take({ files: { a: 'T_2\n' } }).code).toBe(4);
    expect(Object.keys(world.tree())).toEqual(['a']);
    // After that, since git's own status may write the index and run a hook.
    expect(gitIn(world.root, 'status', '--short', 'a')).toBe('UU a\n');
  });

  it('may keep its folder elsewhere', () => {
    const world = KitWorld.create({ files: { a: 'T_1\n', b: 'T_1\n' } });
    committed(world.root, `--separate-git-dir=${join(world.home, 'objects')}`);
    world.write('a', 'U_1\n');
    expect(world.take({ files: { a: 'T_2\n', b: 'T_2\n' } }).ops).toEqual({ a: 'conflict', b: 'update' });
    expect(gitIn(world.root, 'status', '--short', 'a')).toBe('UU a\n');
  });

  it('may hold two projects: one is updated while the other is not committed, and both again', async () => {
    const top = tempFolder();
    const worlds = [];
    for (const name of ['one', 'two']) worlds.push(await World.create(kinds(), {}, {}, join(top, name)));
    committed(top);
    for (const world of worlds) world.append('notes/how.md', 'U_edit\n');
    for (const archetype of ['hybrid', 'small-data', 'hybrid']) {
      for (const world of worlds) {
        expect(isSettled(await world.regenerate({ archetype }))).toBe(true);
        expect(world.read('notes/how.md')).toContain('U_edit');
      }
    }
    expect(worlds[0]?.tree()).toEqual(worlds[1]?.tree());
  });
});

describe('the files of the user', () => {
  it('may be one that the template also adds, with a key that differs: both are there, without markers', () => {
    const world = KitWorld.create({ files: {} });
    const own = 'tests:\n  script: ./U_test\npages:\n  script: ./U_deploy\n';
    world.write('ci.yml', own);
    const theirs = 'tests:\n  script: ./T_test --slow\n';
    expect(world.take({ files: { 'ci.yml': theirs } })).toMatchObject({
      code: 4,
      ops: { 'ci.yml': 'conflict' },
    });
    expect([world.read('ci.yml'), world.read('ci.yml.mlops-new')]).toEqual([own, theirs]);
  });

  it('that were made private stay private when they are merged', () => {
    const world = KitWorld.create({ files: { '.env': TEXT } });
    world.append('.env', 'U_secret\n');
    chmodSync(join(world.root, '.env'), 0o600);
    expect(world.take({ files: { '.env': TEXT.replace('T_1', 'T_2') } }).ops).toEqual({ '.env': 'merge' });
    expect(statSync(join(world.root, '.env')).mode & 0o777).toBe(0o600);
  });

  it('that were made private stay private under a new name, and when that is taken back', () => {
    const world = KitWorld.create({ files: { a: TEXT } });
    chmodSync(join(world.root, 'a'), 0o600);
    const mode = (path: string) => statSync(join(world.root, path)).mode & 0o777;
    expect(world.take({ files: { b: TEXT }, more: 'renames: {a: b}\n' }).ops).toEqual({ b: 'rename' });
    expect(mode('b')).toBe(0o600);
    expect(ranJson(world.root, 'regenerate', '--undo').code).toBe(0);
    expect(mode('a')).toBe(0o600);
  });

  it('are given up for the template’s on request only, and are then in the undo store', () => {
    const world = KitWorld.create({ files: { a: 'T_1\n', b: TEXT } });
    for (const path of ['a', 'b']) world.append(path, 'U_edit\n');
    expect(ranJson(world.root, 'regenerate', '--restore=a').code).toBe(0);
    expect([world.read('a'), world.read('b')]).toEqual(['T_1\n', `${TEXT}U_edit\n`]);
    expect(ranJson(world.root, 'regenerate', '--undo').code).toBe(0);
    expect(world.read('a')).toBe('T_1\nU_edit\n');
  });

  it('are merged where only the name of the template changed: .x and dot_x, x and x.ejs are one file', () => {
    const world = KitWorld.create({ files: { '.tool.cfg': TEXT, 'page.md': TEXT } });
    for (const path of ['.tool.cfg', 'page.md']) world.append(path, 'U_edit\n');
    const next = TEXT.replace('T_1', 'T_2');
    const { ops } = world.take({ files: { 'dot_tool.cfg': next, 'page.md.ejs': next } });
    expect(ops).toEqual({ '.tool.cfg': 'merge', 'page.md': 'merge' });
    expect(world.read('page.md')).toBe('T_2\n\ntwo\n\nlast\nU_edit\n');
  });

  it('are safe from a folder that was replaced by a link out of the project: refused, nothing written', () => {
    const world = KitWorld.create({ files: { 'docs/a': 'T_1\n', b: 'T_1\n' } });
    const outside = join(world.home, 'outside');
    mkdirSync(outside);
    world.remove('docs');
    execFileSync('ln', ['-s', outside, join(world.root, 'docs')]);
    expect(world.take({ files: { 'docs/a': 'T_2\n', 'docs/c': 'T_3\n', b: 'T_2\n' } }).code).toBe(5);
    expect([existsSync(join(outside, 'a')), existsSync(join(outside, 'c')), world.read('b')]).toEqual([
      false,
      false,
      'T_1\n',
    ]);
  });
});
