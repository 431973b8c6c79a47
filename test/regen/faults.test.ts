import { describe, expect, it } from 'vitest';
import { pendingTransaction, recoverTransaction } from '../../generators/core/commit/recover.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import { memoryFolder } from '../commit/fixtures/folders.ts';
import { type Call, failureOf, hookedDisk, READS, unflushedDisk } from '../commit/fixtures/hooked-disk.ts';
import { leftoversIn } from '../commit/fixtures/trees.ts';
import { ANSWERS, copyOf, editedProject } from './fixtures/interrupted.ts';
import { ops, type World } from './fixtures/world.ts';

async function ends() {
  const start = await editedProject();
  const done = copyOf(start, memoryFolder());
  let calls = 0;
  const disk = hookedDisk(({ number }) => {
    calls = number;
  }, unflushedDisk);
  const ran = await done.regenerate(ANSWERS, { disk });
  return { start, old: start.tree(), wanted: done.tree(), calls, ran };
}

async function failureOfRun(world: World, hook: (call: Call) => void): Promise<MlopsError | undefined> {
  try {
    await world.regenerate(ANSWERS, { disk: hookedDisk(hook, unflushedDisk) });
    return undefined;
  } catch (error) {
    if (error instanceof MlopsError) return error;
    throw error;
  }
}

/** The next writing run ends what was left: with one of the two trees, and nothing else. */
async function expectSettled(world: World, old: object, wanted: object): Promise<void> {
  recoverTransaction(world.root, 'auto', unflushedDisk);
  expect([old, wanted]).toContainEqual(world.tree());
  expect(leftoversIn(world.root)).toEqual([]);
  if (JSON.stringify(world.tree()) === JSON.stringify(wanted)) return;
  await world.regenerate(ANSWERS, { disk: unflushedDisk });
  expect(world.tree()).toEqual(wanted);
}

// Some hundred runs each: seconds, but minutes where many programs share the cores.
describe('a regeneration that is disturbed', { timeout: 300_000 }, () => {
  it('does a bit of everything when it is not', async () => {
    const { ran, calls } = await ends();
    expect(new Set(Object.values(ops(ran)))).toEqual(
      new Set(['rename', 'conflict', 'merge', 'update', 'create', 'delete', 'detach', 'keep']),
    );
    expect(calls).toBeGreaterThan(200);
  });

  it.each(['EIO', 'ENOSPC', 'EXDEV'])('by %s at any call: all or nothing', async (errno) => {
    const { start, old, wanted, calls } = await ends();
    let failures = 0;
    for (let at = 1; at <= calls; at += 7) {
      const world = copyOf(start, memoryFolder());
      const failure = await failureOfRun(world, (call) => {
        if (call.number === at) throw failureOf(errno, call);
      });
      if (failure !== undefined) {
        failures += 1;
        expect(failure, `call ${at}`).toMatchObject({ code: 'MLOPS_E_IO', exit: 7 });
      }
      expect(world.tree(), `call ${at}`).toEqual(failure === undefined ? wanted : old);
      if (failure === undefined || errno === 'EIO') await expectSettled(world, old, wanted);
    }
    expect(failures).toBeGreaterThan(calls / 21);
  });

  it('by a disk that fails for good from any call on: the next run settles it', async () => {
    const { start, old, wanted, calls } = await ends();
    let pending = 0;
    for (let from = 1; from <= calls; from += 7) {
      const world = copyOf(start, memoryFolder());
      await failureOfRun(world, (call) => {
        if (call.number >= from && !READS.has(call.name)) throw failureOf('EROFS', call);
      });
      if (pendingTransaction(world.root).kind === 'interrupted') pending += 1;
      await expectSettled(world, old, wanted);
    }
    expect(pending).toBeGreaterThan(0);
  });
});
