import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/folders.ts';
import { core, coreManifest, coreText, kinds } from './fixtures/kinds.ts';
import { isSettled, ops, World } from './fixtures/world.ts';

const catalog = kinds();

/** The core's file with one part replaced, in a later version of the templates. */
function later(path: string, from: string, to: string) {
  const text = coreText(path);
  expect(text).toContain(from);
  return kinds(core(path, text.replace(from, to)));
}

interface Row {
  readonly name: string;
  readonly path: string;
  readonly user: (text: string) => string;
  readonly template: readonly [string, string, string];
  readonly becomes: string | RegExp;
  readonly op: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'separate lines merge (9)',
    path: 'README.md',
    user: (text) => text.replace('## Use\n', '## Use\n\nU_use\n'),
    template: ['README.md.ejs', '## Colour\n', '## Colour\n\nT_colour_more\n'],
    becomes: /U_use[\s\S]*T_colour_more/,
    op: 'merge',
  },
  {
    name: 'the same line gets markers (10)',
    path: 'run.sh',
    user: (text) => text.replace('echo T_run', 'echo U_run'),
    template: ['run.sh', 'echo T_run', 'echo T_run_again'],
    becomes:
      '#!/bin/sh\n<<<<<<< yours\necho U_run\n||||||| base\necho T_run\n=======\necho T_run_again\n>>>>>>> template: generator 1.0.0 → 1.1.0 (core)\n',
    op: 'conflict',
  },
  {
    name: 'a change that the user had made already (11)',
    path: 'run.sh',
    user: (text) => text.replace('echo T_run', 'echo T_run_again'),
    template: ['run.sh', 'echo T_run', 'echo T_run_again'],
    becomes: '#!/bin/sh\necho T_run_again\n',
    op: 'adopt',
  },
  {
    name: 'an insertion between blocks that look alike lands in the right one (12)',
    path: 'app.py',
    user: (text) => `# U_top\n${text}`,
    template: ['app.py.ejs', 'def second():\n', 'def second():\n    print("T_in_second")\n'],
    becomes: /def second\(\):\n {4}print\("T_in_second"\)\n {4}return "T_second"/,
    op: 'merge',
  },
  {
    name: "a file without a last newline stays the user's (15)",
    path: 'README.md',
    user: (text) => `${text.trimEnd()} U_end`,
    template: ['README.md.ejs', 'T_readme_intro', 'T_readme_intro_more'],
    becomes: /T_readme_intro_more[\s\S]*U_end$/,
    op: 'merge',
  },
  {
    name: "CRLF stays the user's (16)",
    path: 'README.md',
    user: (text) => text.replace('## Use', '## U_Use').replaceAll('\n', '\r\n'),
    template: ['README.md.ejs', 'T_readme_intro', 'T_readme_intro_more'],
    becomes: /T_readme_intro_more[^\n]*\r\n[\s\S]*U_Use\r\n/,
    op: 'merge',
  },
  {
    name: "a BOM stays the user's (17)",
    path: 'README.md',
    user: (text) => `\uFEFF${text.replace('## Use', '## U_Use')}`,
    template: ['README.md.ejs', 'T_readme_intro', 'T_readme_intro_more'],
    becomes: /^\uFEFF# acme[\s\S]*T_readme_intro_more[\s\S]*U_Use/,
    op: 'merge',
  },
  {
    name: 'a line of ======= is no conflict (22)',
    path: 'README.md',
    user: (text) => text.replace('## Use\n', 'U_title\n=======\n'),
    template: ['README.md.ejs', 'T_readme_intro', 'T_readme_intro_more'],
    becomes: /T_readme_intro_more[\s\S]*U_title\n=======\n/,
    op: 'merge',
  },
  {
    name: 'two entries that were added to one list are both there (25)',
    path: 'config.toml',
    user: (text) => text.replace('  "omega",\n', '  "omega",\n  "U_mine",\n'),
    template: [
      'config.toml.ejs',
      '<%= slots.dependencies -%>\n',
      '<%= slots.dependencies -%>\n  "T_zeta",\n',
    ],
    becomes: /"omega",\n {2}"(U_mine|T_zeta)",\n {2}"(U_mine|T_zeta)",\n\]/,
    op: 'merge',
  },
];

describe('an edit and a change of the template', () => {
  it.each(ROWS)('$name', async ({ path, user, template, becomes, op }) => {
    const world = await World.create(catalog);
    world.edit(path, user);
    const ran = await world.upgrade(later(...template)).regenerate({ generator: '1.1.0' });
    const text = world.read(path);
    if (typeof becomes === 'string') expect(text).toBe(becomes);
    else expect(text).toMatch(becomes);
    expect(ops(ran)[path]).toBe(op);
    if (op !== 'conflict') expect((await world.regenerate({ generator: '1.1.0' })).writes).toBe(0);
  });

  it('merges latin-1 without re-encoding it (17)', async () => {
    const world = await World.create(catalog);
    const text = world.read('README.md').replace('## Use', '## U_Use caf\xe9');
    world.write('README.md', Buffer.from(text, 'latin1'));
    await world.upgrade(later('README.md.ejs', 'T_readme_intro', 'T_readme_intro_more')).regenerate();
    const bytes = Buffer.from(
      [...world.snapshot()].find(([path]) => path === 'README.md')?.[1] ?? '',
      'latin1',
    );
    expect(bytes.includes(Buffer.from('U_Use caf\xe9\n', 'latin1'))).toBe(true);
    expect(bytes.includes('T_readme_intro_more')).toBe(true);
  });

  it('completes the other files of a run with a conflict (10)', async () => {
    const world = await World.create(catalog);
    world.edit('README.md', (text) => text.replace('It is blue.', 'It is U_blue.'));
    const ran = await world.regenerate({ colour: 'red' });
    expect(ops(ran)).toMatchObject({ 'README.md': 'conflict', 'red.txt': 'create', 'config.toml': 'update' });
    expect(world.read('README.md')).toContain('>>>>>>> template: answer colour blue → red (core)');
    expect(world.read('red.txt')).toBe('T_red_only\n');
  });

  it.each([
    ['yours', 'It is U_blue.', 'merge'],
    ['theirs', 'It is red.', 'merge'],
    ['side', 'It is U_blue.', 'conflict'],
  ] as const)('--conflict=%s', async (conflict, line, op) => {
    const world = await World.create(catalog);
    world.edit('README.md', (text) => text.replace('It is blue.', 'It is U_blue.'));
    const ran = await world.regenerate({ colour: 'red' }, { conflict });
    expect(world.read('README.md')).toContain(line);
    expect(world.read('README.md')).not.toContain('<<<<<<<');
    expect(ops(ran)['README.md']).toBe(op);
    expect(world.maybe('README.md.mlops-new') !== undefined).toBe(conflict === 'side');
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('does not raise again what the user settled', async () => {
    const world = await World.create(catalog);
    world.edit('README.md', (text) => text.replace('It is blue.', 'It is U_blue.'));
    await world.regenerate({ colour: 'red' });
    world.edit('README.md', (text) => text.replace(/<{7}[\s\S]*>{7}.*\n/, 'It is U_blue or red.\n'));
    expect((await world.regenerate()).writes).toBe(0);
    const ran = await world
      .upgrade(later('README.md.ejs', 'T_readme_intro', 'T_readme_intro_more'))
      .regenerate();
    expect([ops(ran)['README.md'], isSettled(ran)]).toEqual(['merge', true]);
  });
});

describe('files that both added', () => {
  it('are taken over where they are identical (13)', async () => {
    const world = await World.create(catalog);
    world.write('red.txt', 'T_red_only\n');
    expect(ops(await world.regenerate({ colour: 'red' }))['red.txt']).toBe('adopt');
  });

  it('stay side by side where they differ, without markers (14)', async () => {
    const world = await World.create(catalog);
    world.write('red.txt', 'U_red\n');
    const ran = await world.regenerate({ colour: 'red' });
    expect(ran.changes.find(({ path }) => path === 'red.txt')).toMatchObject({
      op: 'conflict',
      side: 'red.txt.mlops-new',
    });
    expect([world.read('red.txt'), world.read('red.txt.mlops-new')]).toEqual(['U_red\n', 'T_red_only\n']);
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('are united where they are lists or maps without a key that differs', async () => {
    const world = await World.create(catalog, {}, { 'config.toml': '[tool.own]\nkey = "U_own"\n' });
    expect(world.read('config.toml')).toMatch(/U_own/);
    expect(world.read('config.toml')).toMatch(/T_core/);
    expect(existsSync(join(world.root, 'config.toml.mlops-new'))).toBe(false);
  });
});

describe('binaries, modes, links and folders', () => {
  const logo = (last: number) => core('logo.bin', new Uint8Array([0, 1, 2, 255, last]));

  it('keeps a binary that both changed, with the template beside it (18)', async () => {
    const world = await World.create(kinds(logo(1)));
    world.write('logo.bin', Buffer.from('\0U_logo'));
    const ran = await world.upgrade(kinds(logo(2))).regenerate();
    expect(ops(ran)['logo.bin']).toBe('conflict');
    expect(world.read('logo.bin')).toBe('\0U_logo');
    expect(world.maybe('logo.bin.mlops-new')).toBeDefined();
  });

  it("updates a binary that nobody edited, and keeps the user's where only the user changed it (18)", async () => {
    const world = await World.create(kinds(logo(1)));
    expect(ops(await world.upgrade(kinds(logo(2))).regenerate())['logo.bin']).toBe('update');
    world.write('logo.bin', Buffer.from('\0U_logo'));
    expect(ops(await world.regenerate())['logo.bin']).toBe('keep');
  });

  it("merges modes by intent: the user's +x and the template's edit both survive (19)", async () => {
    const world = await World.create(catalog);
    world.chmod('app.py', 0o755);
    world.chmod('run.sh', 0o644);
    const next = kinds({
      ...core('app.py.ejs', `${coreText('app.py.ejs')}# T_more\n`),
      ...core('run.sh', '#!/bin/sh\necho T_new\n'),
    });
    await world.upgrade(next).regenerate();
    expect([world.isExecutable('app.py'), world.isExecutable('run.sh')]).toEqual([true, false]);
    expect(world.read('app.py')).toContain('T_more');
  });

  it('makes a file executable that the template now has so, and says nothing more of it (19)', async () => {
    const world = await World.create(catalog);
    world.append('app.py', '# U_edit\n');
    const capability = {
      'capabilities/core/capability.yaml': coreManifest().replace(
        'executable: [run.sh]',
        'executable: [run.sh, app.py]',
      ),
    };
    const ran = await world.upgrade(kinds(capability)).regenerate();
    expect([ops(ran)['app.py'], world.isExecutable('app.py')]).toEqual(['mode', true]);
  });

  it('leaves a link of the user where the template did not change, and refuses where it did (20)', async () => {
    const world = await World.create(catalog);
    world.remove('run.sh');
    symlinkSync('app.py', join(world.root, 'run.sh'));
    expect(ops(await world.regenerate({ colour: 'red' }))['run.sh']).toBe('keep');
    const next = world.upgrade(later('run.sh', 'echo T_run', 'echo T_other'));
    await expect(next.regenerate()).rejects.toMatchObject({
      exit: 5,
      details: [{ path: 'run.sh', message: 'a link is in its place' }],
    });
  });

  it('lets a file become a folder, and a folder a file, where nobody edited them (21)', async () => {
    const flat = kinds(core('thing', 'T_flat\n'));
    const deep = kinds(core('thing/inner.txt', 'T_deep\n'));
    const world = await World.create(flat);
    expect(ops(await world.upgrade(deep).regenerate())).toMatchObject({
      thing: 'delete',
      'thing/inner.txt': 'create',
    });
    expect(ops(await world.upgrade(flat).regenerate())).toMatchObject({
      thing: 'create',
      'thing/inner.txt': 'delete',
    });
    expect(world.read('thing')).toBe('T_flat\n');
  });

  it('refuses to put a folder where an edited file is, and a file where a folder of yours is (21)', async () => {
    const world = await World.create(kinds(core('thing', 'T_flat\n')));
    world.append('thing', 'U_edit\n');
    const before = world.tree();
    await expect(
      world.upgrade(kinds(core('thing/inner.txt', 'T_deep\n'))).regenerate(),
    ).rejects.toMatchObject({
      exit: 5,
      details: [{ path: 'thing/inner.txt' }],
    });
    expect(world.tree()).toEqual(before);
    const other = await World.create(catalog);
    other.write('red.txt/own.md', 'U_own\n');
    await expect(other.regenerate({ colour: 'red' })).rejects.toMatchObject({ exit: 5 });
  });

  it('takes names with spaces, quotes, accents and signs as they are (23)', async () => {
    const names = [
      "it's here.txt",
      'caf\u00e9.txt',
      '-dash.txt',
      '[x] {y}.txt',
      '#hash & more.txt',
      '$HOME.txt',
    ];
    const all = (text: string) => kinds(Object.assign({}, ...names.map((name) => core(name, text))));
    const world = await World.create(all('T_one\n\nx\n'));
    for (const name of names) world.append(name, 'U_end\n');
    const ran = await world.upgrade(all('T_two\n\nx\n')).regenerate();
    for (const name of names) {
      expect(world.read(name)).toBe('T_two\n\nx\nU_end\n');
      expect(ops(ran)[name]).toBe('merge');
    }
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('never merges a lock file (26)', async () => {
    const world = await World.create(kinds(core('uv.lock', 'T_lock = 1\n')));
    world.write('uv.lock', 'U_lock = 1\n');
    const ran = await world.upgrade(kinds(core('uv.lock', 'T_lock = 2\n'))).regenerate();
    expect([ops(ran)['uv.lock'], world.read('uv.lock')]).toEqual(['keep', 'U_lock = 1\n']);
  });
});

describe('git', () => {
  it('learns of conflicts in tracked files through its index', async () => {
    const world = await World.create(catalog);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: world.root,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    world.edit('README.md', (text) => text.replace('It is blue.', 'It is U_blue.'));
    await world.regenerate({ colour: 'red' });
    expect(git('status', '--short', 'README.md')).toBe('UU README.md\n');
    expect(git('show', ':1:README.md')).toContain('It is blue.');
    expect(git('show', ':2:README.md')).toContain('It is U_blue.');
    expect(git('show', ':3:README.md')).toContain('It is red.');
    world.edit('README.md', (text) => text.replace(/<{7}[\s\S]*>{7}.*\n/, 'settled\n'));
    git('add', '-A');
    expect(git('status', '--short', 'README.md')).toBe('M  README.md\n');
  });

  it('not where the index holds what is in no file any more', async () => {
    const world = await World.create(catalog);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: world.root,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    world.edit('README.md', (text) => text.replace('It is blue.', 'It is U_staged.'));
    git('add', '-A');
    world.edit('README.md', (text) => text.replace('It is U_staged.', 'It is U_blue.'));
    await world.regenerate({ colour: 'red' });
    expect(git('show', ':0:README.md')).toContain('It is U_staged.');
  });

  it.each([
    ['in a subfolder of a repository', 'sub', [] as string[]],
    ['not in the middle of a merge', '.', ['MERGE_HEAD']],
  ])('%s', async (_, folder, unfinished) => {
    const top = tempFolder();
    mkdirSync(join(top, folder), { recursive: true });
    const world = await World.create(catalog, {}, {}, join(top, folder));
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: top,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    for (const name of unfinished) writeFileSync(join(top, '.git', name), git('rev-parse', 'HEAD'));
    world.edit('README.md', (text) => text.replace('It is blue.', 'It is U_blue.'));
    await world.regenerate({ colour: 'red' });
    expect(git('ls-files', '--unmerged').split('\n').length - 1).toBe(unfinished.length === 0 ? 3 : 0);
  });
});
