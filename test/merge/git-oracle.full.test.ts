import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agreements, cases } from './fixtures/git-oracle.ts';

// The counts are in docs/merge.md.
it.each([
  ['mostly distinct lines', 60, 60, 5000],
  ['many equal lines', 6, 14, 3000],
  ['three different lines', 3, 12, 3000],
])('merges %s as `git merge-file --diff3` does', { timeout: 600_000 }, (name, distinct, longest, numRuns) => {
  const counts = agreements(fc.sample(cases(distinct, longest), { seed: 2026, numRuns }));
  console.log(name, Object.fromEntries(counts));
  expect(counts.get('unexplained')).toBe(undefined);
  const same = (counts.get('both clean, same bytes') ?? 0) + (counts.get('both conflict, same bytes') ?? 0);
  expect(same / numRuns).toBeGreaterThan(0.97);
});
