import { describe, expect, it } from 'vitest';
import { pendingTransaction } from '../../generators/core/commit/recover.ts';
import { commitChanges } from '../../generators/core/commit/transaction.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import type { Disk } from '../../generators/core/io/disk.ts';
import { memoryFolder, tempFolder } from './fixtures/folders.ts';
import { type Call, failureOf, hookedDisk, READS, unflushedDisk } from './fixtures/hooked-disk.ts';
import { endsOf, expectNextRunSettles, filesIn, projectTree } from './fixtures/outcomes.ts';
import { SCENARIOS, type Scenario, type ScenarioName } from './fixtures/scenarios.ts';
import { leftoversIn } from './fixtures/trees.ts';

const NAMES: readonly ScenarioName[] = ['create', 'update'];

async function callsOf(scenario: Scenario): Promise<number> {
  const folder = tempFolder();
  let calls = 0;
  scenario.prepare(`${folder}/${scenario.root}`);
  const disk = hookedDisk(({ number }) => {
    calls = number;
  });
  await commitChanges(`${folder}/${scenario.root}`, scenario.changes, { disk });
  return calls;
}

async function failureWith(root: string, scenario: Scenario, disk: Disk): Promise<MlopsError | undefined> {
  try {
    await commitChanges(root, scenario.changes, { disk });
    return undefined;
  } catch (error) {
    if (error instanceof MlopsError) return error;
    throw error;
  }
}

describe.each(NAMES)('a disk that fails during %s', (name) => {
  const scenario = SCENARIOS[name];

  it.each(['EIO', 'ENOSPC', 'EACCES', 'EXDEV'])(
    'once, with %s, at any call: all or nothing',
    async (errno) => {
      const ends = await endsOf(scenario, tempFolder());
      const calls = await callsOf(scenario);
      let failures = 0;
      for (let at = 1; at <= calls; at++) {
        const folder = memoryFolder();
        const root = `${folder}/${scenario.root}`;
        scenario.prepare(root);
        const failAt = (call: Call) => {
          if (call.number === at) throw failureOf(errno, call);
        };
        const failure = await failureWith(root, scenario, hookedDisk(failAt, unflushedDisk));
        if (failure === undefined) {
          expect(filesIn(projectTree(folder, scenario)), `call ${at}`).toEqual(filesIn(ends.wanted));
        } else {
          failures += 1;
          expect(failure, `call ${at}`).toMatchObject({ code: 'MLOPS_E_IO', exit: 7 });
          expect(failure.message).toContain('nothing was changed');
          expect(projectTree(folder, scenario), `call ${at}`).toEqual(ends.old);
          expect(leftoversIn(root), `call ${at}`).toEqual([]);
        }
        // After a failure the folder is as if nothing had run; one errno is enough to see that the process is too.
        if (failure === undefined || errno === 'EIO') await expectNextRunSettles(folder, scenario, ends);
      }
      expect(failures).toBeGreaterThan(calls / 2);
    },
  );

  it('for good, from any call on: the next run settles it', async () => {
    const ends = await endsOf(scenario, tempFolder());
    const calls = await callsOf(scenario);
    let pending = 0;
    for (let from = 1; from <= calls; from++) {
      const folder = memoryFolder();
      const root = `${folder}/${scenario.root}`;
      scenario.prepare(root);
      const failFrom = (call: Call) => {
        if (call.number >= from && !READS.has(call.name)) throw failureOf('EROFS', call);
      };
      const failure = await failureWith(root, scenario, hookedDisk(failFrom, unflushedDisk));
      const isPending = pendingTransaction(root).kind === 'interrupted';
      if (isPending) pending += 1;
      if (failure === undefined) expect(projectTree(folder, scenario)).toEqual(ends.wanted);
      else expect(failure.message).toContain(isPending ? 'the next run' : 'nothing was changed');
      await expectNextRunSettles(folder, scenario, ends);
    }
    expect(pending).toBeGreaterThan(0);
  });
});

describe('the report of a failure', () => {
  it('names the file of the project that could not be written, and why', async () => {
    const root = `${tempFolder()}/project`;
    let writes = 0;
    const disk = hookedDisk((call) => {
      if (call.name === 'write') writes += 1;
      if (call.name === 'flush' && writes > 2)
        throw failureOf('ENOSPC', { ...call, paths: [`${root}/.mlops/txn/new/2`] });
    });
    const failure = await failureWith(root, SCENARIOS.create, disk);
    expect(failure?.message).toBe(
      'Cannot change src/package/model.py: the disk is full (ENOSPC); nothing was changed.',
    );
  });
});
