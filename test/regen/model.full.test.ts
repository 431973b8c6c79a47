import fc from 'fast-check';
import { it } from 'vitest';
import { live, steps } from './fixtures/model.ts';

it('loses nothing in thousands of sequences of edits, moves, new answers, new versions and undos', async () => {
  await fc.assert(fc.asyncProperty(steps, live), { numRuns: 2500 });
}, 1_800_000);
