import fc from 'fast-check';
import { expect, it } from 'vitest';
import { live, steps } from './fixtures/model.ts';

it('loses nothing in thousands of sequences of edits, moves, new answers, new versions and undos', async () => {
  const seed = Date.now() % 2 ** 31;
  const result = await fc.check(fc.asyncProperty(steps, live), { numRuns: 2500, seed });
  expect(result.failed, fc.defaultReportMessage(result) ?? `seed ${seed}`).toBe(false);
}, 1_800_000);
