import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { currentOwner, mayRun } from '../../generators/core/io/owner.ts';

describe('the owner of a lock', () => {
  it('runs, if it is this process', () => {
    expect(mayRun(currentOwner())).toBe(true);
  });

  it('does not run after it has ended', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(mayRun({ ...currentOwner(), pid, started: '' })).toBe(false);
  });

  it('does not run if the machine was started since', () => {
    expect(mayRun({ ...currentOwner(), boot: 'earlier' })).toBe(false);
  });

  it('counts as running if it is on another machine', () => {
    expect(mayRun({ ...currentOwner(), host: 'elsewhere', pid: 1, boot: 'other' })).toBe(true);
  });

  it.runIf(existsSync('/proc/self/stat'))('is not a later process with the same pid', () => {
    const owner = currentOwner();
    expect(owner.started).toMatch(/^\d+$/);
    expect(mayRun({ ...owner, started: `${Number(owner.started) - 1}` })).toBe(false);
  });

  it.runIf(existsSync('/proc/self/stat'))('does not run if it is a zombie', async () => {
    // The shell starts a child and turns into a program that never asks for its end.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await setTimeout(5);
    expect(mayRun({ ...currentOwner(), pid, started: '' })).toBe(false);
    parent.kill('SIGKILL');
  });
});
