import { expect, it } from 'vitest';
import { commitChanges } from '../../generators/core/commit/transaction.ts';
import { memoryFolder } from './fixtures/folders.ts';
import { hookedDisk } from './fixtures/hooked-disk.ts';
import { write } from './fixtures/scenarios.ts';

async function callsFor(files: number): Promise<number> {
  let calls = 0;
  const disk = hookedDisk(({ number }) => {
    calls = number;
  });
  const changes = Array.from({ length: files }, (_, index) =>
    write(`src/module_${index}.py`, `x = ${index}\n`),
  );
  await commitChanges(`${memoryFolder()}/project`, changes, { disk });
  return calls;
}

it('costs seven calls of the disk for each new file, however many there are', async () => {
  const [some, many] = [await callsFor(100), await callsFor(1000)];
  expect((many - some) / 900).toBe(7);
  expect(some).toBeLessThan(800);
});
