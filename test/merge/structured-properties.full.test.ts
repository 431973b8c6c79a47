import { expect, it } from 'vitest';
import { STYLES } from './fixtures/documents.ts';
import { expectKeyedMerges, settledShare } from './fixtures/structured-property.ts';

// The counts are in docs/merge.md.
it.each(STYLES)(
  'says what the keyed merge says, and keeps all comments: %s',
  { timeout: 600_000 },
  (style) => {
    expectKeyedMerges(style, 5000);
  },
);

it.each(STYLES)(
  'settles what git calls a conflict though the values agree: %s',
  { timeout: 600_000 },
  (style) => {
    const { cases, settled } = settledShare(style, 1000);
    console.log(style, { cases, settled });
    expect(settled / cases).toBeGreaterThan(0.85);
  },
);
