import { expect, it } from 'vitest';
import { STYLES } from './fixtures/documents.ts';
import { expectKeyedMerges, settledShare } from './fixtures/structured-property.ts';

it.each(STYLES)('says what the keyed merge says, and keeps all comments: %s', (style) => {
  expectKeyedMerges(style, 300);
});

it.each(STYLES)('settles most of what git calls a conflict though the values agree: %s', (style) => {
  const { cases, settled } = settledShare(style, 100);
  expect(cases).toBeGreaterThan(10);
  expect(settled / cases).toBeGreaterThan(0.8);
});
