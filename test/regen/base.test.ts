import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { core, coreText, kinds } from './fixtures/kinds.ts';
import { ops, World } from './fixtures/world.ts';

const catalog = kinds();
const next = kinds(
  core('README.md.ejs', coreText('README.md.ejs').replace('T_readme_use', 'T_readme_use_more')),
);

function git(world: World, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd: world.root,
    encoding: 'utf8',
  });
}

/** What a careless search and replace over the whole tree does: base and project alike. */
function replaceEverywhere(world: World, from: string, to: string): void {
  const names = readdirSync(world.root, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter(
    (path) => !path.startsWith('.git/') && statSync(join(world.root, path)).isFile(),
  )) {
    world.edit(name, (text) => text.replaceAll(from, to));
  }
}

describe('a base that was damaged', () => {
  it('is taken from git by its name, and said (42)', async () => {
    const world = await World.create(catalog);
    git(world, 'init', '-q');
    git(world, 'add', '-A');
    git(world, 'commit', '-qm', 'start');
    replaceEverywhere(world, 'T_readme_intro', 'U_intro');
    const ran = await world.upgrade(next).regenerate();
    expect(ran.notes).toEqual(['The base of README.md was damaged; it was taken from git.']);
    expect(ops(ran)['README.md']).toBe('merge');
    expect(world.read('README.md')).toMatch(/U_intro[\s\S]*T_readme_use_more/);
    expect((await world.regenerate()).notes).toEqual([]);
  });

  it('is made again from the recorded answers without git, and said (42)', async () => {
    const world = await World.create(catalog);
    replaceEverywhere(world, 'T_readme_intro', 'U_intro');
    const other = kinds(core('app.py.ejs', coreText('app.py.ejs').replace('T_third', 'T_third_more')));
    const ran = await world.upgrade(other).regenerate();
    expect(ran.notes).toEqual([
      'The base of README.md was damaged; it was made again from the recorded answers.',
    ]);
    expect(ops(ran)).toEqual({ 'README.md': 'keep', 'app.py': 'update' });
    expect(world.read('README.md')).toContain('U_intro');
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('is made again also where the run changes the answers: an edit is merged as ever (42)', async () => {
    const world = await World.create(catalog);
    replaceEverywhere(world, 'T_readme_intro', 'U_intro');
    const ran = await world.regenerate({ colour: 'red' });
    expect(ops(ran)['README.md']).toBe('merge');
    expect(world.read('README.md')).toMatch(/U_intro[\s\S]*It is red/);
  });

  it('counts the file as the user’s own where neither git nor this version gives it (42)', async () => {
    const world = await World.create(catalog);
    replaceEverywhere(world, 'T_readme_intro', 'U_intro');
    const ran = await world.upgrade(next).regenerate();
    expect(ran.notes).toEqual([
      'The base of README.md is damaged, and neither git nor the recorded answers give it: the file counts as your own.',
    ]);
    expect(ops(ran)['README.md']).toBe('conflict');
    expect(world.read('README.md')).toContain('U_intro');
    expect(world.read('README.md.mlops-new')).toContain('T_readme_use_more');
  });

  it('is made again from mlops.yaml when it is deleted, the answers applied with it (41)', async () => {
    const world = await World.create(catalog);
    const before = world.tree();
    world.remove('.mlops/base');
    expect(ops(await world.regenerate())).toEqual({});
    expect(world.tree()).toEqual(before);
    world.append('app.py', '# U_app\n');
    world.remove('README.md');
    world.remove('.mlops/base');
    const ran = await world.regenerate({ colour: 'red', ci: 'none' });
    expect(ops(ran)).toMatchObject({
      'README.md': 'kept-deleted',
      'app.py': 'keep',
      'ci/check.yml': 'delete',
      'config.toml': 'update',
      'red.txt': 'create',
    });
    expect(world.read('app.py')).toContain('U_app');
  });

  it('never turns a user’s edit back in silence when it is deleted and cannot be made again (41)', async () => {
    const world = await World.create(catalog);
    world.append('app.py', '# U_app\n');
    world.append('src/mine.py', '# U_seed\n');
    world.remove('.mlops/base');
    const other = kinds(core('app.py.ejs', coreText('app.py.ejs').replace('T_third', 'T_third_more')));
    const ran = await world.upgrade(other).regenerate();
    expect(ops(ran)).toEqual({ 'app.py': 'conflict', 'src/mine.py': 'keep' });
    expect(world.read('app.py')).toContain('U_app');
    expect(world.read('app.py.mlops-new')).toContain('T_third_more');
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('is as good as none when its lock is deleted (41)', async () => {
    const world = await World.create(catalog);
    world.append('app.py', '# U_app\n');
    world.remove('.mlops/base.lock');
    expect(ops(await world.regenerate())['app.py']).toBe('conflict');
    expect(world.read('app.py')).toContain('U_app');
  });

  it('is read where two branches were joined line by line: any line that fits is right (60)', async () => {
    const world = await World.create(catalog);
    const before = world.read('.mlops/base.lock');
    await world.regenerate({ colour: 'red' });
    world.append('.mlops/base.lock', before);
    expect((await world.regenerate()).notes).toEqual([]);
    expect(world.read('.mlops/base.lock')).not.toContain(`${before}\n`);
  });

  it.each([
    ['a path outside the project', `${'0'.repeat(40)} 644 managed ../outside\n`],
    ['the answers themselves', `${'0'.repeat(40)} 644 managed mlops.yaml\n`],
    ['a path in .git', `${'0'.repeat(40)} 644 managed .git/config\n`],
    ['a merge’s markers', '<<<<<<< ours\n=======\n>>>>>>> theirs\n'],
    ['no line of ours', 'hello\n'],
  ])('ignores a lock that names %s, and says so', async (_, line) => {
    const world = await World.create(catalog);
    world.append('.mlops/base.lock', line);
    const ran = await world.regenerate();
    expect(ran.notes.length).toBe(line.split('\n').length - 1);
    expect(ops(ran)).toEqual({});
    expect((await world.regenerate()).writes).toBe(0);
  });
});

describe('a formatter that went over everything (61)', () => {
  const reindented = (text: string) =>
    text.replaceAll('    return', '  return').replace('def first', '# U_format\ndef first');

  it('makes no conflict where the template changes other lines', async () => {
    const world = await World.create(catalog);
    world.edit('app.py', reindented);
    const changed = kinds(
      core(
        'app.py.ejs',
        coreText('app.py.ejs').replace('\n\n\ndef third', '\n\n# T_of_third\n\n\ndef third'),
      ),
    );
    const ran = await world.upgrade(changed).regenerate();
    expect(ops(ran)['app.py']).toBe('merge');
    expect(world.read('app.py')).toMatch(/ {2}return "T_second"[\s\S]*T_of_third[\s\S]* {2}return "T_third"/);
  });

  it('keeps its layout where the template only lays out the same lines anew', async () => {
    const world = await World.create(catalog);
    world.edit('app.py', (text) => text.replace('def second():', 'def second( ):'));
    const before = world.read('app.py');
    const changed = kinds(
      core('app.py.ejs', coreText('app.py.ejs').replace('def second():', 'def second() :')),
    );
    expect(ops(await world.upgrade(changed).regenerate())['app.py']).toBe('keep');
    expect(world.read('app.py')).toBe(before);
  });
});

describe('two branches that regenerated (60)', () => {
  it('to the same answers are merged by git without a conflict', async () => {
    const world = await World.create(catalog);
    git(world, 'init', '-q', '-b', 'main');
    git(world, 'add', '-A');
    git(world, 'commit', '-qm', 'start');
    for (const branch of ['one', 'two']) {
      git(world, 'switch', '-qc', branch, 'main');
      await world.regenerate({ colour: 'red' });
      world.write(`${branch}.txt`, `U_${branch}\n`);
      git(world, 'add', '-A');
      git(world, 'commit', '-qm', branch);
    }
    git(world, 'merge', '-q', '--no-edit', 'one');
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('to different answers conflict only where both touched a file, and the tool still runs', async () => {
    const world = await World.create(catalog);
    git(world, 'init', '-q', '-b', 'main');
    git(world, 'add', '-A');
    git(world, 'commit', '-qm', 'start');
    for (const [branch, answers] of [
      ['one', { ci: 'none' }],
      ['two', { archetype: 'hybrid' }],
    ] as const) {
      git(world, 'switch', '-qc', branch, 'main');
      await world.regenerate(answers);
      git(world, 'add', '-A');
      git(world, 'commit', '-qm', branch);
    }
    try {
      git(world, 'merge', '-q', '--no-edit', 'one');
    } catch {
      const unmerged = git(world, 'diff', '--name-only', '--diff-filter=U').trim().split('\n');
      expect(unmerged.filter((path) => !/mlops\.yaml/.test(path))).toEqual([]);
      git(world, 'checkout', '-q', '--ours', ...unmerged);
      world.edit('mlops.yaml', (text) => text.replace('ci: github', 'ci: none'));
      git(world, 'add', '-A');
    }
    expect(world.maybe('ci/check.yml')).toBeUndefined();
    await world.regenerate();
    expect((await world.regenerate()).writes).toBe(0);
    expect(world.read('watch/rules.yaml')).toContain('T_rule');
  });
});
