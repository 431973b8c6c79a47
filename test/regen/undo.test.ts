import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { undoEntries, undoPaths } from '../../generators/core/commit/undo-entries.ts';
import { ARCHETYPES, core, kinds } from './fixtures/kinds.ts';
import { ops, World } from './fixtures/world.ts';

const catalog = kinds();

describe('undo (58)', () => {
  it.each(ARCHETYPES.slice(1))(
    'of a run to %s gives the tree as it was, and undo of undo what came of it',
    async (archetype) => {
      const world = await World.create(catalog);
      world.append('app.py', '# U_app\n');
      world.append('notes/how.md', 'U_how\n');
      const before = world.tree();
      await world.regenerate({ archetype, colour: 'red' });
      const after = world.tree();
      await world.undo();
      expect(world.tree()).toEqual(before);
      await world.undo();
      expect(world.tree()).toEqual(after);
    },
  );

  it('merges with what was edited since', async () => {
    const world = await World.create(catalog);
    await world.regenerate({ colour: 'red' });
    world.edit('README.md', (text) => `U_top\n\n${text}`);
    const ran = await world.undo();
    expect(ops(ran)['README.md']).toBe('merge');
    expect(world.read('README.md')).toMatch(/^U_top[\s\S]*It is blue\./);
    expect((await world.regenerate()).writes).toBe(0);
  });

  it('merges after a careless search and replace over the whole tree', async () => {
    const world = await World.create(catalog);
    await world.regenerate({ colour: 'red' });
    for (const path of ['README.md', '.mlops/base/README.md.base'])
      world.edit(path, (text) => text.replace('T_readme_intro', 'U_intro'));
    expect(ops(await world.undo())['README.md']).toBe('merge');
    expect(world.read('README.md')).toMatch(/U_intro[\s\S]*It is blue\./);
  });

  it('leaves markers where the same lines were edited since', async () => {
    const world = await World.create(catalog);
    await world.regenerate({ colour: 'red' });
    world.edit('README.md', (text) => text.replace('It is red.', 'It is U_red.'));
    expect(ops(await world.undo())['README.md']).toBe('conflict');
    expect(world.read('README.md')).toContain('It is U_red.');
  });

  it('keeps an added file that was edited since, and one that was written anew in place of a deleted one', async () => {
    const world = await World.create(catalog);
    await world.regenerate({ colour: 'red', ci: 'none' });
    world.append('red.txt', 'U_red\n');
    world.write('ci/check.yml', 'U_ci: 1\n');
    expect(ops(await world.undo())).toMatchObject({
      'red.txt': 'detach',
      'ci/check.yml': expect.stringMatching(/merge|conflict/),
    });
    expect(world.read('red.txt')).toContain('U_red');
    expect(world.read('ci/check.yml')).toContain('U_ci');
  });

  it('takes back markers', async () => {
    const world = await World.create(catalog);
    world.edit('README.md', (text) => text.replace('It is blue.', 'It is U_blue.'));
    const before = world.tree();
    await world.regenerate({ colour: 'red' });
    await expect(world.regenerate()).rejects.toMatchObject({
      code: 'MLOPS_E_MARKERS',
      exit: 5,
      details: [{ path: 'README.md' }],
    });
    await world.undo();
    expect(world.tree()).toEqual(before);
  });

  it('goes back over several runs at once', async () => {
    const world = await World.create(catalog);
    const before = world.tree();
    for (const archetype of ['big-data', 'hybrid', 'large-scale', 'small-data'])
      await world.regenerate({ archetype, colour: archetype === 'hybrid' ? 'red' : 'blue' });
    expect(undoEntries(world.root)).toEqual([1, 2, 3, 4]);
    await world.undo(1);
    expect(world.tree()).toEqual(before);
  });

  it('keeps what was edited between the runs that it goes back over', async () => {
    const world = await World.create(catalog);
    await world.regenerate({ colour: 'red' });
    world.edit('README.md', (text) => `U_between\n\n${text}`);
    world.edit('mlops.yaml', (text) => `# U_comment\n${text}`);
    await world.regenerate({ colour: 'blue' });
    world.edit('README.md', (text) => `U_since\n\n${text}`);
    await world.undo(1);
    expect(world.read('README.md')).toMatch(/^U_since\n\nU_between\n[\s\S]*It is blue\./);
    expect(world.read('mlops.yaml')).toMatch(/^# U_comment\n[\s\S]*colour: blue/);
  });

  it('keeps what was edited in mlops.yaml since, without markers', async () => {
    const world = await World.create(catalog);
    await world.regenerate({ colour: 'red' });
    world.edit('mlops.yaml', (text) => `# U_comment\n${text}`);
    await world.undo();
    expect(world.read('mlops.yaml')).toMatch(/^# U_comment\n[\s\S]*colour: blue/);
  });

  it('takes back an adoption', async () => {
    const world = await World.create(
      catalog,
      {},
      { 'config.toml': '[tool.own]\nkey = "U_own"\n', 'run.sh': 'U_run\n' },
    );
    await world.undo();
    expect(Object.keys(world.tree())).toEqual(['config.toml', 'run.sh']);
    expect(world.read('config.toml')).toBe('[tool.own]\nkey = "U_own"\n');
  });

  it('is not tried from a store that was changed', async () => {
    const world = await World.create(catalog);
    await world.regenerate({ archetype: 'big-data' });
    writeFileSync(join(world.root, '.mlops/undo/1/before/0'), 'something else');
    expect(undoPaths(world.root, 1)).toBeUndefined();
    rmSync(join(world.root, '.mlops/undo/1/run.json'));
    expect(undoPaths(world.root, 1)).toBeUndefined();
  });

  it('brings back modes', async () => {
    const world = await World.create(kinds(core('tool.sh', '#!/bin/sh\n')));
    world.chmod('run.sh', 0o700);
    const before = world.tree();
    await world
      .upgrade(
        kinds({ ...core('tool.sh', '#!/bin/sh\nT_tool\n'), ...core('run.sh', '#!/bin/sh\necho T_two\n') }),
      )
      .regenerate();
    await world.undo();
    expect(world.tree()).toEqual(before);
  });
});
