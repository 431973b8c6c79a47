import { expect, it } from 'vitest';
import { regenerationScenario, undoScenario } from '../regen/fixtures/kill-scenarios.ts';
import { sweptRecovery, sweptRollBack, sweptRun } from './fixtures/kill-sweep.ts';
import { SCENARIOS } from './fixtures/scenarios.ts';

// `kill.full.test.ts` does this at every step.
it.each([
  ['a new project', () => SCENARIOS.create, 7],
  ['an update', () => SCENARIOS.update, 11],
  ['a regeneration', regenerationScenario, 23],
  ['an undo', undoScenario, 29],
] as const)(
  'leaves the old or the new tree when killed during %s, at some steps (53)',
  async (_, makeScenario, stride) => {
    const swept = await sweptRun(await makeScenario(), stride);
    expect(swept.trees).toBeGreaterThan(2);
  },
);

it('leaves the old or the new tree when its recovery or its roll-back is killed too, at some steps', async () => {
  expect((await sweptRecovery(SCENARIOS.update, 0.5, 'auto', 13)).trees).toBeGreaterThan(1);
  expect((await sweptRollBack(SCENARIOS.update, 0.9, 13)).trees).toBeGreaterThan(1);
});
