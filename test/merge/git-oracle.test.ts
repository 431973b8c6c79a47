import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agreements, cases } from './fixtures/git-oracle.ts';

it('merges as `git merge-file --diff3` does, but for the choice among equally short scripts', () => {
  const all = [cases(40, 40), cases(4, 12)].flatMap((kind) => fc.sample(kind, { seed: 12, numRuns: 150 }));
  const counts = agreements(all);
  expect(counts.get('unexplained')).toBe(undefined);
  const same = (counts.get('both clean, same bytes') ?? 0) + (counts.get('both conflict, same bytes') ?? 0);
  expect(same).toBeGreaterThan(295);
  expect(counts.get('both conflict, same bytes')).toBeGreaterThan(50);
});
