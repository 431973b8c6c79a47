import { describe, expect, it } from 'vitest';
import { regenerationScenario, undoScenario, wayBackScenario } from '../regen/fixtures/kill-scenarios.ts';
import { sweptRecovery, sweptRollBack, sweptRun } from './fixtures/kill-sweep.ts';
import { SCENARIOS } from './fixtures/scenarios.ts';

const CASES = [
  ['a new project', () => SCENARIOS.create],
  ['a new project beside files', () => SCENARIOS.beside],
  ['an update', () => SCENARIOS.update],
  ['a regeneration with renames, merges, modes and a conflict', regenerationScenario],
  ['the way back from it', wayBackScenario],
  ['an undo', undoScenario],
] as const;

/** How the recovery goes, and how much of the run was done before. */
const WAYS = [
  ['auto', 0.5],
  ['back', 0.8],
  ['forward', 0.3],
] as const;

const TIMEOUT_MS = 300_000;
const kills = { ofRuns: 0, ofRecoveries: 0, ofRollBacks: 0 };

describe('a kill leaves what the next run makes the old or the new tree', {
  timeout: TIMEOUT_MS,
}, () => {
  it.each(CASES)('at every step of %s', async (_, makeScenario) => {
    const swept = await sweptRun(await makeScenario());
    expect(swept.trees).toBeGreaterThan(2);
    kills.ofRuns += swept.kills;
  });

  it.each(
    CASES.flatMap(([name, makeScenario]) =>
      WAYS.map(([way, part]) => [way, part, name, makeScenario] as const),
    ),
  )(
    'at every twelfth step of the recovery, %s, when %d were done of %s',
    async (way, part, _, makeScenario) => {
      const swept = await sweptRecovery(await makeScenario(), part, way, 12);
      expect(swept.trees).toBeGreaterThan(1);
      kills.ofRecoveries += swept.kills;
    },
  );

  it.each(CASES)('at every eighth step of the roll-back of %s', async (_, makeScenario) => {
    for (const part of [0.3, 0.9]) {
      const swept = await sweptRollBack(await makeScenario(), part, 8);
      expect(swept.trees).toBeGreaterThan(1);
      kills.ofRollBacks += swept.kills;
    }
  });

  it('and these were a thousand runs that create or update, and hundreds that mend one', () => {
    expect(kills.ofRuns).toBeGreaterThanOrEqual(1000);
    expect(kills.ofRecoveries).toBeGreaterThanOrEqual(200);
    expect(kills.ofRollBacks).toBeGreaterThanOrEqual(200);
  });
});
