import type { Archetype } from './archetypes.ts';

/** What such an organisation runs into, after the article. Which files answer it, the caller knows who wrote them. */
export interface Pitfall {
  readonly id: string;
  readonly text: string;
}

function pitfall(id: string, text: string): Pitfall {
  return { id, text };
}

export const PITFALLS: Readonly<Record<Archetype, readonly Pitfall[]>> = {
  'small-data': [
    pitfall('S1', 'people repeat wrangling, pipelines and training'),
    pitfall('S2', 'the repeated work costs time and money'),
    pitfall('S3', 'nobody sees what others try in parallel'),
    pitfall('S4', 'no streamlined CI/CD for models'),
    pitfall('S5', 'trouble when the scope grows'),
  ],
  'big-data': [
    pitfall('B1', 'models are not versioned'),
    pitfall('B2', 'models are not monitored'),
    pitfall('B3', 'repeated work on much data is expensive'),
  ],
  hybrid: [
    pitfall('H1', 'nobody knows whether the deployed model is effective'),
    pitfall('H2', 'managing the data is a pain'),
    pitfall('H3', 'the right deployment configuration is hard to find'),
    pitfall('H4', 'the same data is cleaned again and again'),
    pitfall('H5', 'models are weakly monitored'),
    pitfall('H6', 'retraining and updating are left to chance'),
    pitfall('H7', 'the roles must be coordinated'),
    pitfall('H8', 'the infrastructure must be kept up'),
  ],
  'large-scale': [
    pitfall('L1', 'legacy systems must be integrated'),
    pitfall('L2', 'pipelines are complex'),
    pitfall('L3', 'security and privacy must be shown, not promised'),
    pitfall('L4', 'data comes in high volume and variety'),
    pitfall('L5', 'many teams work on the same things'),
    pitfall('L6', 'quality checks are slow'),
    pitfall('L7', 'one failure breaks everything'),
  ],
};
