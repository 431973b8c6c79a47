import type { Archetype } from './archetypes.ts';

/** How an organisation outgrows its archetype: what to measure, and what not to build before. */
export interface Growth {
  readonly triggers: readonly { readonly when: string; readonly towards: Archetype }[];
  readonly notYet: readonly string[];
}

export const GROWTH: Readonly<Record<Archetype, Growth>> = {
  'small-data': {
    triggers: [
      { when: 'one training run reads more than 1 TB, or takes longer than a night', towards: 'big-data' },
      { when: 'an engineer joins, or a second team builds models', towards: 'hybrid' },
    ],
    notYet: ['a cluster', 'Kubernetes', 'a feature store'],
  },
  'big-data': {
    triggers: [
      { when: 'operations people join, or ten models are in production', towards: 'hybrid' },
      { when: 'five teams build models, or a supervisor asks how they decide', towards: 'large-scale' },
    ],
    notYet: ['a second engine', 'a platform for teams that do not exist', 'online features'],
  },
  hybrid: {
    triggers: [
      { when: 'one training run reads more than 1 TB', towards: 'big-data' },
      { when: 'five teams build models, or legacy systems must be integrated', towards: 'large-scale' },
    ],
    notYet: ['a cluster for data that fits one server', 'approval boards', 'an own model platform'],
  },
  'large-scale': {
    triggers: [
      { when: 'one team is left to work on its own, with its own data and release', towards: 'hybrid' },
    ],
    notYet: ['a second platform beside the first', 'exceptions to the rules for single teams'],
  },
};
