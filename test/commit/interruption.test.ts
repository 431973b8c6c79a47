import { describe, expect, it } from 'vitest';
import { commitChanges } from '../../generators/core/commit/transaction.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import { runChild } from './fixtures/child.ts';
import { memoryFolder, tempFolder } from './fixtures/folders.ts';
import { hookedDisk, unflushedDisk } from './fixtures/hooked-disk.ts';
import { endsOf, projectTree } from './fixtures/outcomes.ts';
import { SCENARIOS, type ScenarioName } from './fixtures/scenarios.ts';
import { leftoversIn, treeOf } from './fixtures/trees.ts';

async function exitOf(run: Promise<unknown>): Promise<number> {
  try {
    await run;
    return 0;
  } catch (error) {
    if (error instanceof MlopsError) return error.exit;
    throw error;
  }
}

describe.each<ScenarioName>(['create', 'update'])('an interruption during %s', (name) => {
  const scenario = SCENARIOS[name];

  it('leaves all as it was until the journal is in place, and nothing half done after', async () => {
    const ends = await endsOf(scenario, memoryFolder());
    const exits: number[] = [];
    for (let at = 1, calls = at; at <= calls; at++) {
      const folder = memoryFolder();
      const root = `${folder}/${scenario.root}`;
      scenario.prepare(root);
      const controller = new AbortController();
      const disk = hookedDisk(({ number }) => {
        if (number >= at) controller.abort();
        calls = number;
      }, unflushedDisk);
      const exit = await exitOf(commitChanges(root, scenario.changes, { disk, signal: controller.signal }));
      exits.push(exit);
      expect(projectTree(folder, scenario), `call ${at}`).toEqual(exit === 0 ? ends.wanted : ends.old);
      expect(leftoversIn(root)).toEqual([]);
    }
    expect(new Set(exits)).toEqual(new Set([130, 0]));
    expect(exits.lastIndexOf(130)).toBeLessThan(exits.indexOf(0));
  });

  it('by a real signal ends with 130 and the tree as it was', () => {
    const folder = tempFolder();
    const root = `${folder}/${scenario.root}`;
    scenario.prepare(root);
    const before = treeOf(folder);
    const ended = runChild(root, name, { kind: 'interrupt', at: 30 });
    expect(ended).toMatchObject({ exit: 130, stderr: expect.stringMatching(/^MLOPS_E_INTERRUPTED/) });
    expect(treeOf(folder)).toEqual(before);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('by a real signal near the end does not stop it', async () => {
    const ends = await endsOf(scenario, tempFolder());
    const folder = tempFolder();
    const root = `${folder}/${scenario.root}`;
    scenario.prepare(root);
    const other = `${tempFolder()}/${scenario.root}`;
    scenario.prepare(other);
    const { calls } = runChild(other, name);
    expect(runChild(root, name, { kind: 'interrupt', at: calls - 10 }).exit).toBe(0);
    expect(projectTree(folder, scenario)).toEqual(ends.wanted);
  });
});

describe('a signal that came before', () => {
  it('stops the run before it makes anything', async () => {
    const folder = tempFolder();
    const run = commitChanges(`${folder}/new`, SCENARIOS.create.changes, { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'MLOPS_E_INTERRUPTED', exit: 130 });
    expect(treeOf(folder)).toEqual({});
  });
});
