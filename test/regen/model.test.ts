import fc from 'fast-check';
import { it } from 'vitest';
import { live, steps } from './fixtures/model.ts';

it('loses nothing in any sequence of edits, moves, new answers, new versions and undos', async () => {
  await fc.assert(fc.asyncProperty(steps, live), { numRuns: 200 });
}, 300_000);
