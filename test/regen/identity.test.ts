import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARCHETYPES, kinds } from './fixtures/kinds.ts';
import { ops, World } from './fixtures/world.ts';

const catalog = kinds();
const PAIRS = ARCHETYPES.flatMap((a) => ARCHETYPES.filter((b) => b !== a).map((b) => [a, b] as const));

/** Edits in files that all kinds share, in files that only some have, and in files of the user's own. */
function edit(world: World): void {
  world.edit('app.py', (text) => text.replace('def second', '# U_shared\ndef second'));
  world.append('src/mine.py', '# U_seed\n');
  for (const path of ['notes/how.md', 'jobs/daily.py', 'watch/rules.yaml', 'place.txt']) {
    if (world.maybe(path) !== undefined) world.append(path, `# U_${path.replaceAll(/\W/g, '_')}\n`);
  }
  world.write('own/deep/file.txt', 'U_own\n');
  world.write('notes/own.md', 'U_own_beside\n');
}

function withoutBase(tree: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('.mlops/')));
}

describe('the same answers', () => {
  it('write nothing, and touch no file (1)', async () => {
    const world = await World.create(catalog);
    const times = () =>
      readdirSync(world.root, { recursive: true, encoding: 'utf8' }).map(
        (name) => lstatSync(join(world.root, name)).mtimeMs,
      );
    const before = times();
    expect((await world.regenerate()).writes).toBe(0);
    expect(times()).toEqual(before);
  });

  it('leave ten edited files as they are, byte for byte (3)', async () => {
    const world = await World.create(catalog, { archetype: 'large-scale', colour: 'red' });
    const paths = Object.keys(world.tree()).filter((path) => !/^(\.mlops|mlops\.yaml|docs)/.test(path));
    expect(paths.length).toBeGreaterThanOrEqual(10);
    for (const [index, path] of paths.entries()) world.append(path, `U_edit_${index}\n`);
    const before = world.tree();
    const ran = await world.regenerate();
    expect(world.tree()).toEqual(before);
    expect(new Set(Object.values(ops(ran)))).toEqual(new Set(['keep']));
  });

  it('are planned the same twice, and done as planned (7, 8)', async () => {
    const world = await World.create(catalog);
    edit(world);
    const plans = [1, 2].map(() => world.plan({ archetype: 'large-scale' }).changeset);
    expect(plans[0]).toEqual(plans[1]);
    const ran = await world.regenerate({ archetype: 'large-scale' });
    expect(ran.changes).toEqual(plans[0]?.changes);
  });
});

describe('there and back', () => {
  it.each(PAIRS)('%s → %s → back is the identity (4)', async (a, b) => {
    const world = await World.create(catalog, { archetype: a });
    const before = world.tree();
    await world.regenerate({ archetype: b });
    await world.regenerate({ archetype: a });
    expect(world.tree()).toEqual(before);
  });

  it.each(PAIRS)('%s → %s → back is the identity with edits everywhere (5)', async (a, b) => {
    const world = await World.create(catalog, { archetype: a });
    edit(world);
    const before = world.tree();
    await world.regenerate({ archetype: b }, { conflict: 'yours' });
    await world.regenerate({ archetype: a }, { conflict: 'yours' });
    expect(withoutBase(world.tree())).toEqual(withoutBase(before));
  });

  it.each(PAIRS)('small-data → %s → %s is what the last one gives alone, seeds aside (6)', async (b, c) => {
    const [through, straight] = [await World.create(catalog), await World.create(catalog)];
    await through.regenerate({ archetype: b });
    await through.regenerate({ archetype: c });
    await straight.regenerate({ archetype: c });
    const seedless = ({ root: _ }: World, tree: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(tree).filter(([path]) => !/contract\.yaml|base\.lock/.test(path)));
    expect(seedless(through, through.tree())).toEqual(seedless(straight, straight.tree()));
  });
});
