import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commitChanges } from '../../generators/core/commit/transaction.ts';
import { runChild, startChild } from './fixtures/child.ts';
import { plantDeadLock } from './fixtures/dead-lock.ts';
import { memoryFolder, tempFolder } from './fixtures/folders.ts';
import { failureOf, hookedDisk } from './fixtures/hooked-disk.ts';
import { SCENARIOS, write } from './fixtures/scenarios.ts';
import { leftoversIn, treeOf } from './fixtures/trees.ts';

async function untilThere(path: string): Promise<void> {
  while (!existsSync(path)) await setTimeout(10);
}

describe('two runs at once', () => {
  it('end with one that wins and one that exits 6 without touching anything', async () => {
    const folder = tempFolder();
    const root = join(folder, 'project');
    const file = join(folder, 'hold');
    const first = startChild(root, 'create', { kind: 'hold', file });
    await untilThere(`${file}.ready`);
    const during = treeOf(root);
    const second = runChild(root, 'create');
    expect(second).toMatchObject({ exit: 6 });
    expect(second.stderr).toMatch(/^MLOPS_E_LOCKED Another run is writing this project \(process \d+ on /);
    expect(treeOf(root)).toEqual(during);
    writeFileSync(`${file}.go`, '');
    expect((await first).exit).toBe(0);
    expect(leftoversIn(root)).toEqual([]);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toBe('readme\n');
  });

  it('never both win, however close together they start', async () => {
    const root = join(tempFolder(), 'project');
    const ended = await Promise.all([1, 2, 3, 4].map(() => startChild(root, 'create')));
    const exits = ended.map(({ exit }) => exit).sort();
    expect(exits[0]).toBe(0);
    // One that came after the winner had ended finds the files there: its plan is stale.
    for (const exit of exits.slice(1)) expect([5, 6]).toContain(exit);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('never both take over the lock of a dead one', async () => {
    const root = memoryFolder();
    plantDeadLock(root);
    const program = fileURLToPath(new URL('fixtures/lock-race.ts', import.meta.url));
    const results = await Promise.all([1, 2, 3].map(() => outputOf(program, root)));
    for (const result of results) expect(JSON.parse(result)).toMatchObject({ won: 15, overlaps: 0 });
  });
});

function outputOf(program: string, root: string): Promise<string> {
  const child = spawn(process.execPath, [program, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  return new Promise((resolve) => child.on('close', () => resolve(text)));
}

describe('a lock', () => {
  it('of a dead process is taken over', async () => {
    const root = tempFolder();
    plantDeadLock(root);
    await commitChanges(root, SCENARIOS.create.changes);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('from before the machine started again is taken over, even if its pid is in use', async () => {
    const root = tempFolder();
    plantDeadLock(root, { pid: process.ppid, boot: 'an earlier one' });
    await commitChanges(root, SCENARIOS.create.changes);
    expect(leftoversIn(root)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'is taken over when its pid belongs to a later process',
    async () => {
      const root = tempFolder();
      plantDeadLock(root, { pid: process.ppid, started: '1' });
      await commitChanges(root, SCENARIOS.create.changes);
      expect(leftoversIn(root)).toEqual([]);
    },
  );

  it('of a living process is respected', async () => {
    const root = tempFolder();
    plantDeadLock(root, { pid: process.ppid });
    const before = treeOf(root);
    const run = commitChanges(root, SCENARIOS.create.changes);
    await expect(run).rejects.toMatchObject({ code: 'MLOPS_E_LOCKED', exit: 6 });
    expect(treeOf(root)).toEqual(before);
    expect(readdirSync(join(root, '.mlops'))).toEqual(['lock']);
  });

  it('of another machine is respected, with a way out', async () => {
    const root = tempFolder();
    plantDeadLock(root, { host: 'elsewhere' });
    const run = commitChanges(root, SCENARIOS.create.changes);
    await expect(run).rejects.toMatchObject({ exit: 6, hint: expect.stringContaining('delete .mlops/lock') });
  });

  it('that cannot be read is respected while it is fresh, and then taken over', async () => {
    const root = tempFolder();
    mkdirSync(join(root, '.mlops'));
    const lock = join(root, '.mlops/lock');
    writeFileSync(lock, '{');
    await expect(commitChanges(root, SCENARIOS.create.changes)).rejects.toMatchObject({ exit: 6 });
    utimesSync(lock, new Date(), new Date(Date.now() - 60_000));
    await commitChanges(root, SCENARIOS.create.changes);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('that could not be released does not stop the next run of the same process', async () => {
    const root = join(tempFolder(), 'project');
    const disk = hookedDisk((call) => {
      if (call.name === 'remove' && call.paths[0]?.endsWith('/lock')) throw failureOf('EIO', call);
    });
    await commitChanges(root, [write('a.txt', 'a\n')], { disk });
    expect(leftoversIn(root)).toEqual(['.mlops/lock']);
    await commitChanges(root, [write('b.txt', 'b\n')]);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('is taken also where contenders were killed in the middle of taking it over', async () => {
    const root = tempFolder();
    plantDeadLock(root);
    const lock = join(root, '.mlops/lock');
    const dead = readFileSync(lock, 'utf8');
    const { id, ...owner } = JSON.parse(dead);
    writeFileSync(`${lock}.claim-${id}`, JSON.stringify({ ...owner, id: randomUUID() }));
    writeFileSync(`${lock}.new-1`, '');
    await commitChanges(root, SCENARIOS.create.changes);
    expect(leftoversIn(root)).toEqual([]);
  });

  it('that somebody else took over in the meantime is left to them', async () => {
    const root = tempFolder();
    plantDeadLock(root);
    const disk = hookedDisk(({ name, paths }) => {
      if (name !== 'link' || !paths[1]?.includes('.claim-')) return;
      rmSync(join(root, '.mlops/lock'));
      plantDeadLock(root, { pid: process.ppid });
    });
    await expect(commitChanges(root, SCENARIOS.create.changes, { disk })).rejects.toMatchObject({ exit: 6 });
    expect(readdirSync(join(root, '.mlops'))).toEqual(['lock']);
    expect(JSON.parse(readFileSync(join(root, '.mlops/lock'), 'utf8')).pid).toBe(process.ppid);
  });

  it('under claims that go round in a circle counts as held', async () => {
    const root = tempFolder();
    plantDeadLock(root);
    const lock = join(root, '.mlops/lock');
    const dead = readFileSync(lock, 'utf8');
    writeFileSync(`${lock}.claim-${JSON.parse(dead).id}`, dead);
    await expect(commitChanges(root, SCENARIOS.create.changes)).rejects.toMatchObject({ exit: 6 });
  });

  it('of a dead run that had made the root hands on the duty to remove it', async () => {
    const folder = tempFolder();
    const root = join(folder, 'made/for/it');
    mkdirSync(root, { recursive: true });
    plantDeadLock(root, { levels: 2 });
    const failing = hookedDisk((call) => {
      if (call.name === 'flush') throw failureOf('ENOSPC', call);
    });
    const run = commitChanges(root, SCENARIOS.create.changes, { disk: failing });
    await expect(run).rejects.toMatchObject({ exit: 7 });
    expect(treeOf(folder)).toEqual({ made: 'folder' });
  });
});
