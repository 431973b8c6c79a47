import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EmittedProject } from '../support/emitted.ts';

const MINUTES = 60_000;
const SEEDS = 100;

type Rates = Readonly<Record<string, number>>;

interface Simulated {
  readonly seeds: number;
  /** Metric → challenger → share of each verdict. */
  readonly gate: Readonly<Record<string, Readonly<Record<string, Rates>>>>;
  /** Rows of reference and window → law → share of alarms. */
  readonly drift: Readonly<Record<string, Rates>>;
}

let simulated: Simulated;

beforeAll(() => {
  const project = EmittedProject.ready(['--name=acme-churn']);
  const script = join(import.meta.dirname, 'simulation.py');
  simulated = JSON.parse(project.must('uv', 'run', '--quiet', 'python', script, String(SEEDS)).trim());
  console.log(
    `rates over ${SEEDS} seeds (drift without shift: ${5 * SEEDS})\n${JSON.stringify(simulated, null, 1)}`,
  );
}, 10 * MINUTES);

function rate(metric: string, challenger: string, verdict: string): number {
  return simulated.gate[metric]?.[challenger]?.[verdict] ?? 0;
}

describe.each(['auc', 'log_loss'])('the emitted gate, by %s', (metric) => {
  it('refuses a challenger that is truly worse, and one that breaks a slice', () => {
    expect(rate(metric, 'worse', 'refused')).toBeGreaterThanOrEqual(0.97);
    expect(rate(metric, 'broken slice', 'refused')).toBeGreaterThanOrEqual(0.97);
  });

  it('passes one that is clearly better', () => {
    expect(rate(metric, 'better', 'passed')).toBeGreaterThanOrEqual(0.95);
  });

  it('does not toss a coin over one that is equal', () => {
    expect(rate(metric, 'equal', 'refused')).toBeLessThanOrEqual(0.15);
  });
});

describe('the emitted drift alarm', () => {
  it('is rare when nothing changed: about one run in a hundred', () => {
    for (const [sizes, rates] of Object.entries(simulated.drift))
      expect(rates.same, sizes).toBeLessThanOrEqual(0.02);
  });

  it('fires on a shift of 0.6 standard deviations where there are rows enough', () => {
    expect(simulated.drift['1000/1000']?.['0.6 sd']).toBeGreaterThanOrEqual(0.95);
    expect(simulated.drift['8000/2000']?.['0.6 sd']).toBe(1);
  });
});
