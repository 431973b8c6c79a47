import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coreManifest, kinds } from './fixtures/kinds.ts';
import { isSettled, ops, World } from './fixtures/world.ts';

/** The core, where red brings a library and a module that may be needed when it is no longer asked for. */
const catalog = kinds({
  'capabilities/core/capability.yaml': `${coreManifest()}
stays:
  - parts: [fragments+colour=red]
    word: redlib
    in: [src/*.py, deploy.json]
  - parts: [files+colour=red/tool.py, files+colour=red/tests/test_tool.py]
    word: tool_kit
    in: ["**/*.py"]
`,
  'capabilities/core/files+colour=red/src/mine.py': 'import redlib\n\nMODEL = "T_red_seed"\n',
  'capabilities/core/files/src/mine.py': null,
  'capabilities/core/files+colour=blue/src/mine.py': 'MODEL = "T_blue_seed"\n',
  'capabilities/core/files/src/known.py': 'KNOWN = ["redlib"]  # T_known\n',
  'capabilities/core/files+colour=red/tool.py': 'import tool_kit  # T_tool\n',
  'capabilities/core/files+colour=red/tests/test_tool.py': 'import tool  # tool_kit T_test\n',
});

const RED = { colour: 'red' };
const BLUE = { colour: 'blue' };

describe('what a choice brought', () => {
  it('stays while a file of the user names it, is said once, and going back is the identity', async () => {
    const world = await World.create(catalog, RED);
    const before = world.tree();
    const ran = await world.regenerate(BLUE);
    expect(world.read('config.toml')).toContain('redlib');
    expect(ran.notes).toEqual([
      "redlib stays in config.toml: src/mine.py names it. --restore=src/mine.py takes the template's.",
    ]);
    expect(world.maybe('red.txt')).toBeUndefined();
    const again = await world.regenerate(BLUE);
    expect([again.writes, again.notes, ops(again)]).toEqual([0, [], {}]);
    expect(world.plan(BLUE)).toEqual(world.plan(BLUE));
    await world.regenerate(RED);
    expect(world.tree()).toEqual(before);
  });

  it('goes in the next run when no file names it any more, and the run says so', async () => {
    const world = await World.create(catalog, RED);
    await world.regenerate(BLUE);
    world.write('src/mine.py', 'MODEL = "U_own"\n');
    const ran = await world.regenerate(BLUE);
    expect(world.read('config.toml')).not.toContain('redlib');
    expect(ran.changes.find(({ path }) => path === 'config.toml')?.why).toBe(
      'no file of yours names redlib any more',
    );
    expect((await world.regenerate(BLUE)).writes).toBe(0);
  });

  it('goes at once when the user has moved on, or gives the old file up in this run', async () => {
    const moved = await World.create(catalog, RED);
    moved.write('src/mine.py', 'MODEL = "U_own"\n');
    await moved.regenerate(BLUE);
    expect(moved.read('config.toml')).not.toContain('redlib');
    const restored = await World.create(catalog, RED);
    expect((await restored.regenerate(BLUE, { restore: 'src/mine.py' })).notes).toEqual([]);
    expect(restored.read('config.toml')).not.toContain('redlib');
    expect(restored.read('src/mine.py')).toContain('T_blue_seed');
    expect((await restored.regenerate(BLUE)).writes).toBe(0);
  });

  it('stays for a file that no template knows', async () => {
    const world = await World.create(catalog, RED);
    world.write('deploy.json', '{"format": "redlib"}\n');
    const { notes } = await world.regenerate(BLUE, { restore: 'src/mine.py' });
    expect(notes).toEqual(['redlib stays in config.toml: deploy.json names it.']);
    world.remove('deploy.json');
    await world.regenerate(BLUE);
    expect(world.read('config.toml')).not.toContain('redlib');
  });

  it('never arrives because a file names it', async () => {
    const world = await World.create(catalog, BLUE);
    world.append('src/mine.py', 'import redlib  # U_own\n');
    world.write('tool.py', 'import tool_kit  # U_tool\n');
    const ran = await world.regenerate(BLUE);
    expect([ran.writes, ran.notes]).toEqual([0, []]);
  });

  it('follows a file that the user moved', async () => {
    const world = await World.create(catalog, RED);
    world.move('src/mine.py', 'lib/mine.py');
    world.edit('mlops.yaml', (yaml) => yaml.replace('moved: {}', 'moved: {src/mine.py: lib/mine.py}'));
    const { notes } = await world.regenerate(BLUE);
    expect(notes).toEqual([expect.stringMatching(/: lib\/mine\.py names it\./)]);
    await world.regenerate(BLUE, { restore: 'src/mine.py' });
    expect(world.read('lib/mine.py')).toContain('T_blue_seed');
    expect(world.read('config.toml')).not.toContain('redlib');
    expect((await world.regenerate(BLUE)).writes).toBe(0);
  });

  it.each(['all of the base is gone', 'its own base is gone'])('stays where %s', async (what) => {
    const world = await World.create(catalog, RED);
    const gone = what.startsWith('all') ? '.mlops/base' : '.mlops/base/config.toml.base';
    rmSync(join(world.root, gone), { recursive: true });
    const ran = await world.regenerate(BLUE);
    expect(world.read('config.toml')).toContain('redlib');
    expect(ran.notes).toContainEqual(expect.stringMatching(/^redlib stays in config\.toml/));
    rmSync(join(world.root, '.mlops/base/config.toml.base'));
    expect(ops(await world.regenerate(BLUE))).toEqual({});
  });

  it('does not stay for a managed file that names it in any case, edited or not', async () => {
    const world = await World.create(catalog, RED);
    world.write('src/mine.py', 'MODEL = "U_own"\n');
    world.append('src/known.py', '# U_known\n');
    await world.regenerate(BLUE);
    expect(world.read('config.toml')).not.toContain('redlib');
  });
});

describe('files that belong together', () => {
  it.each(['tool.py', 'tests/test_tool.py'])('stay as one where %s was edited', async (path) => {
    const world = await World.create(catalog, RED);
    world.append(path, '# U_edit\n');
    const before = world.tree();
    const ran = await world.regenerate(BLUE);
    expect(ran.notes).toContain(
      `tool_kit stays in tests/test_tool.py and tool.py: you edited ${path}, which names it. Delete that file, and the next run takes it out.`,
    );
    expect([world.maybe('tool.py'), world.maybe('tests/test_tool.py')]).not.toContain(undefined);
    expect((await world.regenerate(BLUE)).writes).toBe(0);
    await world.regenerate(RED);
    expect(world.tree()).toEqual(before);
    await world.regenerate(BLUE);
    world.remove(path);
    await world.regenerate(BLUE);
    expect([world.maybe('tool.py'), world.maybe('tests/test_tool.py')]).toEqual([undefined, undefined]);
  });

  it('stay where they are the user\u2019s, as mlops.yaml says', async () => {
    const world = await World.create(catalog, RED);
    world.edit('mlops.yaml', (yaml) => yaml.replace('unmanaged: []', 'unmanaged: [tool.py]'));
    const ran = await world.regenerate(BLUE);
    expect(ran.notes).toContain('tool_kit stays in tests/test_tool.py and tool.py: tool.py names it.');
    expect(world.maybe('tests/test_tool.py')).toBeDefined();
  });

  it('go as one where one of them was moved and nobody edited them', async () => {
    const world = await World.create(catalog, RED);
    world.move('tool.py', 'lib/tool.py');
    world.edit('mlops.yaml', (yaml) => yaml.replace('moved: {}', 'moved: {tool.py: lib/tool.py}'));
    await world.regenerate(BLUE);
    expect([world.maybe('lib/tool.py'), world.maybe('tests/test_tool.py')]).toEqual([undefined, undefined]);
  });

  it('go as one where nobody edited them', async () => {
    const world = await World.create(catalog, RED);
    const ran = await world.regenerate(BLUE);
    expect(ops(ran)).toMatchObject({ 'tool.py': 'delete', 'tests/test_tool.py': 'delete' });
    expect(isSettled(ran)).toBe(true);
  });
});
