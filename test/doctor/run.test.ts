import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitChanges } from '../../generators/core/commit/transaction.ts';
import { currentOwner } from '../../generators/core/io/owner.ts';
import { relPath } from '../../generators/core/rel-path.ts';
import { plantDeadLock } from '../commit/fixtures/dead-lock.ts';
import { failureOf, hookedDisk, unflushedDisk } from '../commit/fixtures/hooked-disk.ts';
import { sha256 } from '../commit/fixtures/trees.ts';
import { tempFolder } from '../support/folders.ts';
import { doctor, Patient } from './fixtures/patient.ts';

/** Stops a run, as a kill does, when it is about to put a file in its place. */
async function interrupt(root: string, path: string, old?: string): Promise<void> {
  let stopped = false;
  const disk = hookedDisk((call) => {
    stopped ||= ['rename', 'link'].includes(call.name) && call.paths.at(-1) === join(root, path);
    if (stopped) throw failureOf('EIO', call);
  }, unflushedDisk);
  const state =
    old === undefined
      ? ({ kind: 'absent' } as const)
      : ({ kind: 'file', hash: sha256(old), mode: 0o644 } as const);
  const change = {
    kind: 'write',
    path: relPath(path),
    bytes: Buffer.from('new\n'),
    mode: 0o644,
    expect: state,
  } as const;
  await expect(commitChanges(root, [change], { disk })).rejects.toMatchObject({ exit: 7 });
  // The process that held it is this one.
  rmSync(join(root, '.mlops/lock'));
  plantDeadLock(root);
}

describe('a run that was interrupted', () => {
  it('is finished by the command that is told', async () => {
    const patient = new Patient();
    await interrupt(patient.root, 'README.md', patient.read('README.md'));
    expect(patient.mend('RUN_INTERRUPTED')).toMatchObject({
      severity: 'problem',
      command: 'mlops regenerate --recover=forward',
    });
    expect(patient.read('README.md')).toBe('new\n');
    expect(patient.codes()).toEqual([]);
  });

  it('hides what the files look like until then', async () => {
    const patient = new Patient();
    await interrupt(patient.root, 'README.md', patient.read('README.md'));
    patient.remove('.mlops/base');
    expect(patient.codes()).toEqual(['RUN_INTERRUPTED']);
  });

  it('is found and finished where it was the one that makes the project', async () => {
    const root = join(tempFolder(), 'churn');
    await interrupt(root, 'mlops.yaml');
    expect(doctor(root, '--json')).toMatchObject({
      code: 9,
      stdout: expect.stringContaining('RUN_INTERRUPTED'),
    });
    const patient = new Patient();
    Object.assign(patient, { root });
    patient.mend('RUN_INTERRUPTED');
    expect(patient.read('mlops.yaml')).toBe('new\n');
  });

  it('is given up where its journal was changed', async () => {
    const patient = new Patient();
    await interrupt(patient.root, 'README.md', patient.read('README.md'));
    patient.write('.mlops/txn/journal.json', '{"schema":1}');
    expect(patient.mend('RUN_DAMAGED').command).toBe('rm -r .mlops/txn');
  });

  it('before it changed anything leaves what is swept away', () => {
    const patient = new Patient();
    plantDeadLock(patient.root);
    mkdirSync(patient.path('.mlops/txn/new'), { recursive: true });
    writeFileSync(patient.path('.mlops/txn/new/0'), 'half');
    expect(patient.mend('RUN_LEFTOVERS').message).toMatch(/left \.mlops\/lock, \.mlops\/txn\.$/);
    expect(patient.codes()).toEqual([]);
  });
});

describe('a run at work', () => {
  it('is only noted, with the process that holds the lock', () => {
    const patient = new Patient();
    const owner = { ...currentOwner(), pid: process.ppid, host: 'elsewhere', id: randomUUID(), levels: 0 };
    patient.write('.mlops/lock', JSON.stringify(owner));
    patient.remove('.mlops/base');
    expect(patient.findings()).toEqual([
      {
        code: 'RUN_ACTIVE',
        severity: 'note',
        message: `Another run holds the lock (process ${owner.pid} on elsewhere); if that machine or container is gone, delete .mlops/lock.`,
        command: null,
      },
    ]);
  });
});
