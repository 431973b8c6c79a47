import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { core, coreManifest, coreText, kinds } from './fixtures/kinds.ts';
import { ops, World } from './fixtures/world.ts';

const catalog = kinds();
const readmeChanged = kinds(
  core('README.md.ejs', coreText('README.md.ejs').replace('T_readme_use', 'T_readme_use_more')),
);

describe('a file that the user deleted', () => {
  it('stays away, without a word, while the template has it as it was (27)', async () => {
    const world = await World.create(catalog);
    world.remove('README.md');
    const ran = await world.regenerate();
    expect([ran.writes, ops(ran)]).toEqual([0, {}]);
  });

  it('stays away, and is reported once, where the template changed it (28)', async () => {
    const world = await World.create(catalog);
    world.remove('README.md');
    expect(ops(await world.upgrade(readmeChanged).regenerate())['README.md']).toBe('kept-deleted');
    expect(world.maybe('README.md')).toBeUndefined();
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('comes back when asked for', async () => {
    const world = await World.create(catalog);
    world.remove('README.md');
    expect(ops(await world.regenerate({}, { restore: 'README.md' }))).toEqual({ 'README.md': 'restore' });
    expect(world.read('README.md')).toContain('T_readme_use');
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('is refused when the template has no such path', async () => {
    const world = await World.create(catalog);
    await expect(world.regenerate({}, { restore: 'READNE.md' })).rejects.toMatchObject({
      exit: 2,
      hint: 'Did you mean README.md?',
    });
  });
});

describe('a file that is wanted no more', () => {
  it('goes where nobody edited it, with its emptied folders (29)', async () => {
    const world = await World.create(catalog);
    expect(ops(await world.regenerate({ ci: 'none' }))).toEqual({ 'ci/check.yml': 'delete' });
    expect(existsSync(join(world.root, 'ci'))).toBe(false);
    expect(existsSync(join(world.root, '.mlops/base/ci'))).toBe(false);
  });

  it('stays where it was edited, and is reported once (30)', async () => {
    const world = await World.create(catalog);
    world.append('ci/check.yml', '# U_ci\n');
    expect(ops(await world.regenerate({ ci: 'none' }))).toEqual({ 'ci/check.yml': 'detach' });
    expect((await world.regenerate()).writes).toBe(0);
    expect(world.read('ci/check.yml')).toContain('U_ci');
  });

  it('is merged with what it was when it returns (31)', async () => {
    const world = await World.create(catalog);
    world.edit('ci/check.yml', (text) => `# U_ci\n\n${text}`);
    await world.regenerate({ ci: 'none' });
    const next = kinds({
      'capabilities/core/files+ci=github/ci/check.yml': 'jobs:\n  check: T_check\n\n# T_tail\n',
    });
    expect(ops(await world.upgrade(next).regenerate({ ci: 'github' }))['ci/check.yml']).toBe('merge');
    expect(world.read('ci/check.yml')).toBe('# U_ci\n\njobs:\n  check: T_check\n\n# T_tail\n');
  });

  it('is forgotten when the user deletes it later', async () => {
    const world = await World.create(catalog);
    world.append('ci/check.yml', '# U_ci\n');
    await world.regenerate({ ci: 'none' });
    world.remove('ci');
    expect(ops(await world.regenerate())).toEqual({});
    expect(existsSync(join(world.root, '.mlops/base/ci/check.yml.base'))).toBe(false);
    expect(ops(await world.regenerate({ ci: 'github' }))).toEqual({ 'ci/check.yml': 'create' });
  });

  it('is deleted once the user takes the edit back', async () => {
    const world = await World.create(catalog);
    const text = world.read('ci/check.yml');
    world.append('ci/check.yml', '# U_ci\n');
    await world.regenerate({ ci: 'none' });
    world.write('ci/check.yml', text);
    expect(ops(await world.regenerate())).toEqual({ 'ci/check.yml': 'delete' });
  });

  it('leaves files of the user in its folder (35)', async () => {
    const world = await World.create(catalog);
    world.write('ci/own.yml', 'U_own\n');
    await world.regenerate({ ci: 'none' });
    expect(world.read('ci/own.yml')).toBe('U_own\n');
  });
});

describe('one path that two kinds have', () => {
  it('takes the other content where nobody edited it (32)', async () => {
    const world = await World.create(catalog);
    expect(ops(await world.regenerate({ archetype: 'big-data' }))['place.txt']).toBe('update');
    expect(world.read('place.txt')).toContain('T_place_spark');
  });

  it('is merged where somebody did (32)', async () => {
    const world = await World.create(catalog);
    world.append('place.txt', 'U_tail\n');
    expect(ops(await world.regenerate({ archetype: 'big-data' }))['place.txt']).toBe('merge');
    expect(world.read('place.txt')).toBe('T_place_spark\n\nsame\nU_tail\n');
  });
});

describe('a rename', () => {
  it('of a template takes the edits along (33)', async () => {
    const world = await World.create(catalog);
    world.append('notes/list.csv', 'U_row,3\n');
    const ran = await world.regenerate({ archetype: 'big-data' });
    expect(ran.changes.find(({ path }) => path === 'catalog.csv')).toMatchObject({
      op: 'rename',
      renamedFrom: 'notes/list.csv',
    });
    expect([world.read('catalog.csv'), world.maybe('notes/list.csv')]).toEqual([
      'T_list,1\nshared,2\nU_row,3\n',
      undefined,
    ]);
    await world.regenerate({ archetype: 'small-data' });
    expect([world.read('notes/list.csv'), world.maybe('catalog.csv')]).toEqual([
      'T_list,1\nshared,2\nU_row,3\n',
      undefined,
    ]);
  });

  it('of a template does not bring back what the user deleted (33)', async () => {
    const world = await World.create(catalog);
    world.remove('notes/list.csv');
    await world.regenerate({ archetype: 'big-data' });
    expect(world.maybe('catalog.csv')).toBeUndefined();
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('onto a file of the user keeps both (33)', async () => {
    const world = await World.create(catalog);
    world.append('notes/list.csv', 'U_row,3\n');
    world.write('catalog.csv', 'U_own_catalog\n');
    const ran = await world.regenerate({ archetype: 'big-data' });
    expect(ops(ran)).toMatchObject({ 'notes/list.csv': 'detach', 'catalog.csv': 'conflict' });
    expect(world.read('catalog.csv')).toBe('U_own_catalog\n');
  });

  it('of a template with a conflict says both (33)', async () => {
    const next = kinds({ 'capabilities/spark/files/catalog.csv': 'T_list_new,1\nshared,2\n' });
    const world = await World.create(catalog);
    world.edit('notes/list.csv', (text) => text.replace('T_list', 'U_list'));
    const ran = await world.upgrade(next).regenerate({ archetype: 'big-data' });
    expect(ran.changes.find(({ path }) => path === 'catalog.csv')).toMatchObject({
      op: 'conflict',
      renamedFrom: 'notes/list.csv',
    });
  });

  it('in case only keeps one file (24)', async () => {
    const manifest = `${coreManifest()}renames: {NOTES.md: Notes.md}\n`;
    const old = kinds(core('NOTES.md', 'T_notes\n\nx\n'));
    const now = kinds({
      ...core('Notes.md', 'T_notes_two\n\nx\n'),
      'capabilities/core/capability.yaml': manifest,
    });
    const world = await World.create(old);
    world.append('NOTES.md', 'U_notes\n');
    expect(ops(await world.upgrade(now).regenerate())['Notes.md']).toBe('rename');
    expect([world.read('Notes.md'), world.maybe('NOTES.md')]).toEqual([
      'T_notes_two\n\nx\nU_notes\n',
      undefined,
    ]);
  });

  it('of the user is followed when mlops.yaml says so (34)', async () => {
    const world = await World.create(catalog);
    world.move('README.md', 'docs/guide.md');
    world.append('docs/guide.md', '\nU_guide\n');
    world.edit('mlops.yaml', (text) => text.replace('moved: {}', 'moved: {README.md: docs/guide.md}'));
    const ran = await world.upgrade(readmeChanged).regenerate();
    expect(ops(ran)['docs/guide.md']).toBe('merge');
    expect(world.read('docs/guide.md')).toMatch(/T_readme_use_more[\s\S]*U_guide/);
    expect(world.maybe('README.md')).toBeUndefined();
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('of the user onto a path that the template has too is refused (34)', async () => {
    const world = await World.create(catalog);
    world.edit('mlops.yaml', (text) => text.replace('moved: {}', 'moved: {README.md: app.py}'));
    const before = world.tree();
    const next = kinds({ ...core('README.md.ejs', 'T_other\n'), ...core('app.py.ejs', 'T_app\n') });
    await expect(world.upgrade(next).regenerate()).rejects.toMatchObject({
      exit: 5,
      details: [{ path: 'app.py' }],
    });
    expect(world.tree()).toEqual(before);
  });

  it('of a template does not touch a path that is unmanaged (33, 36)', async () => {
    const world = await World.create(catalog);
    world.edit('mlops.yaml', (text) => text.replace('unmanaged: []', 'unmanaged: [notes/list.csv]'));
    await world.regenerate({ archetype: 'big-data' });
    expect([world.read('notes/list.csv'), world.maybe('catalog.csv')]).toEqual([
      'T_list,1\nshared,2\n',
      undefined,
    ]);
    await expect(world.regenerate({}, { restore: 'notes/list.csv' })).rejects.toMatchObject({ exit: 2 });
  });

  it("of the user is kept through a template's rename (34)", async () => {
    const world = await World.create(catalog);
    world.move('notes/list.csv', 'own/rows.csv');
    world.edit('mlops.yaml', (text) => text.replace('moved: {}', 'moved: {notes/list.csv: own/rows.csv}'));
    await world.regenerate({ archetype: 'big-data' });
    expect(world.read('mlops.yaml')).toMatch(/^moved: \{.*catalog\.csv.*own\/rows\.csv.*\}/m);
    expect(world.read('own/rows.csv')).toBe('T_list,1\nshared,2\n');
    expect((await world.regenerate()).writes).toBe(0);
  });
});

describe('what is not the generator’s business', () => {
  it('are paths that mlops.yaml calls unmanaged (36)', async () => {
    const world = await World.create(catalog);
    world.edit('mlops.yaml', (text) => text.replace('unmanaged: []', 'unmanaged: [README.md, ci/, "*.txt"]'));
    world.edit('README.md', () => 'U_all_mine\n');
    expect(ops(await world.regenerate({ colour: 'red', ci: 'none' }))).toEqual({
      'config.toml': 'update',
      'docs/diagram.txt': 'update',
    });
    expect([world.read('README.md'), world.read('ci/check.yml'), world.maybe('red.txt')]).toEqual([
      'U_all_mine\n',
      'jobs:\n  check: T_check\n',
      undefined,
    ]);
    world.edit('mlops.yaml', (text) => text.replace(/unmanaged: \[.*\]/, 'unmanaged: []'));
    expect(ops(await world.regenerate())).toMatchObject({
      'README.md': 'conflict',
      'ci/check.yml': 'delete',
      'red.txt': 'create',
    });
  });

  it('are seeds, once they are written, even deleted ones (37)', async () => {
    const world = await World.create(catalog);
    const next = kinds(core('src/mine.py', 'MODEL = "T_seed_two"\n'));
    expect(ops(await world.upgrade(next).regenerate({ generator: '2.0.0' }))['src/mine.py']).toBe('keep');
    expect(world.read('src/mine.py')).toContain('T_seed"');
    const again = await world.regenerate({ generator: '2.0.0' });
    expect([ops(again), again.writes]).toEqual([{}, 0]);
    world.remove('src/mine.py');
    expect(ops(await world.regenerate({ generator: '2.0.0' }))['src/mine.py']).toBe('kept-deleted');
    expect(world.maybe('src/mine.py')).toBeUndefined();
  });

  it('are seeds under another kind: the data contract is never swapped (37)', async () => {
    const world = await World.create(catalog);
    expect(ops(await world.regenerate({ archetype: 'big-data' }))['contract.yaml']).toBe('keep');
    expect(world.read('contract.yaml')).toContain('T_notes_contract');
  });

  it('are not generated files, which are always written anew; an edit is in the undo store', async () => {
    const world = await World.create(catalog);
    world.append('docs/diagram.txt', 'U_diagram\n');
    const ran = await world.regenerate();
    expect([ops(ran)['docs/diagram.txt'], world.read('docs/diagram.txt')]).toEqual([
      'update',
      'T_diagram small-data blue\n',
    ]);
  });

  it('are not files that git ignores: those are merged like others (38)', async () => {
    const world = await World.create(catalog);
    execFileSync('git', ['init', '-q'], { cwd: world.root });
    world.write('.gitignore', 'README.md\n');
    world.edit('README.md', (text) => `U_top\n\n${text}`);
    expect(ops(await world.upgrade(readmeChanged).regenerate())['README.md']).toBe('merge');
  });
});
