import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, watch } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CACHED } from '../commit/fixtures/child.ts';
import { inLanes } from '../commit/fixtures/kill-sweep.ts';
import { leftoversIn } from '../commit/fixtures/trees.ts';
import { tempFolder } from '../support/folders.ts';
import { kitAt, newFrom, regenerateFrom, wholeTreeOf } from '../support/kits.ts';
import { MAIN } from '../support/mlops.ts';

// `test/commit/kill.full.test.ts` kills at each step of the transaction; here the whole program is killed, whenever
// the clock says so.
// So many that a transaction takes longer than it takes to see that it began.
const NUMBERS = Array.from({ length: 1000 }, (_, index) => index);
const V1 = Object.fromEntries(NUMBERS.map((n) => [`src/f${n}.txt`, `T_${n}\n\n\nlast\n`]));
const V2 = Object.fromEntries(
  NUMBERS.map((n) => [`${n % 3 > 0 ? 'src' : 'new'}/f${n}.txt`, `T_2_${n}\n\n\nlast\n`]),
);

type Moment = { readonly afterStartMs: number } | { readonly afterFirstFileMs: number };

const MOMENTS: readonly Moment[] = [
  ...[50, 150, 250, 350, 450, 600].map((afterStartMs) => ({ afterStartMs })),
  ...[0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20].map((afterFirstFileMs) => ({ afterFirstFileMs })),
];

/**
 * Kills a child at a moment: some time after its start, or after a name appeared in a folder. Nothing else may hold up
 * this process meanwhile, or the moment is missed.
 */
function ended(child: ChildProcess, moment: Moment, watched: string, name: string): Promise<void> {
  const kill = (delay: number) => setTimeout(() => child.kill('SIGKILL'), delay);
  const watcher = watch(watched, (_, found) => {
    if (found === name && 'afterFirstFileMs' in moment) kill(moment.afterFirstFileMs);
  });
  if ('afterStartMs' in moment) kill(moment.afterStartMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      watcher.close();
      resolve();
    });
  });
}

function started(cwd: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args, '--yes', '--json'], { ...CACHED, cwd, stdio: 'ignore' });
}

function places() {
  const home = tempFolder();
  const kits = [
    kitAt(join(home, 'v1'), { files: V1 }),
    kitAt(join(home, 'v2'), { version: '1.1', files: V2 }),
  ];
  const [v1 = '', v2 = ''] = kits;
  return { home, root: join(home, 'project'), v1, v2 };
}

it('a program killed while it creates a project leaves one that the next run completes', async () => {
  const undisturbed = places();
  expect(newFrom(undisturbed.v1, undisturbed.root).code).toBe(0);
  const wanted = wholeTreeOf(undisturbed.root);
  const killed = MOMENTS.map((moment) => ({ ...places(), moment }));
  await inLanes(killed, async ({ home, root, v1, moment }) => {
    await ended(started(home, 'new', root, `--kit=${v1}`, '--no-install'), moment, home, 'project');
  });
  expect(killed.filter(({ root }) => leftoversIn(root).length > 0)).not.toEqual([]);
  for (const { root, v1 } of killed) {
    // It had ended, or the next run ended it.
    expect([0, 5]).toContain(newFrom(v1, root).code);
    expect(wholeTreeOf(root)).toEqual(wanted);
    expect(leftoversIn(root)).toEqual([]);
  }
}, 300_000);

it('a program killed while it updates a project leaves one that the next run completes', async () => {
  const { root, v1 } = places();
  expect(newFrom(v1, root).code).toBe(0);
  const done = places();
  cpSync(root, done.root, { recursive: true });
  expect(regenerateFrom(done.v2, done.root).code).toBe(0);
  const wanted = wholeTreeOf(done.root);
  const killed = MOMENTS.map((moment) => ({ ...places(), moment }));
  for (const one of killed) cpSync(root, one.root, { recursive: true });
  await inLanes(killed, async (one) => {
    const child = started(one.root, 'regenerate', `--kit=${one.v2}`);
    await ended(child, one.moment, join(one.root, '.mlops'), 'txn');
  });
  expect(killed.filter((one) => leftoversIn(one.root).length > 0)).not.toEqual([]);
  for (const one of killed) {
    expect(regenerateFrom(one.v2, one.root).code).toBe(0);
    expect(wholeTreeOf(one.root)).toEqual(wanted);
    expect(leftoversIn(one.root)).toEqual([]);
  }
}, 300_000);
