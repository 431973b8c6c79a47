import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { classifierFigures, pageWith } from '../../scripts/classifier/figures.ts';
import { ROOT } from '../support/mlops.ts';

const page = readFileSync(join(ROOT, 'docs/classifier.md'), 'utf8');

it('docs/classifier.md has the figures that node scripts/classifier.ts computes', async () => {
  expect(page).toBe(pageWith(page, await classifierFigures()));
});

it('asks a person who can answer no more than seven questions, at the median', async () => {
  const asking = (await classifierFigures()).get('asking') ?? '';
  expect(Number(/median (\d+)/.exec(asking)?.[1])).toBeLessThanOrEqual(7);
  expect(Number(/asking all: (\d+) of/.exec(asking)?.[1])).toBeGreaterThanOrEqual(37);
});
