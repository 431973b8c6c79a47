import { type Profile, wordIn } from '../profile/profile.ts';
import { rolesIn } from './roles.ts';

export const FACETS = ['people', 'model_creation', 'release', 'application_integration'] as const;

type Facet = (typeof FACETS)[number];

/** How models are made and run today, 0 to 4, after Azure's MLOps maturity model. It never moves the archetype. */
export interface Maturity {
  /** That of the weakest facet known; nothing when none is known. */
  readonly level: Level | undefined;
  readonly facets: Readonly<Record<Facet, Level | undefined>>;
  /** The next three steps, for the weakest facets first. */
  readonly next: readonly string[];
}

export type Level = 0 | 1 | 2 | 3 | 4;

export const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  0: 'no MLOps yet',
  1: 'DevOps, not yet for models',
  2: 'automated training',
  3: 'automated release of models',
  4: 'full automation',
};

const MOST_STEPS = 3;

/** Judges practice by facet; a facet of which nothing is known stays unknown. */
export function maturityOf(profile: Profile): Maturity {
  const facets = {
    people: peopleLevel(profile),
    model_creation: creationLevel(profile),
    release: releaseLevel(profile),
    application_integration: integrationLevel(profile),
  };
  const known = FACETS.map((facet) => facets[facet]).filter((level) => level !== undefined);
  const level = known.toSorted((a, b) => a - b)[0];
  return { level, facets, next: nextSteps(facets) };
}

function nextSteps(facets: Maturity['facets']): readonly string[] {
  const ordered = FACETS.flatMap((facet) => {
    const level = facets[facet];
    const step = level === undefined ? undefined : STEPS[facet][level];
    return level === undefined || step === undefined ? [] : [{ level, step }];
  });
  return ordered
    .toSorted((a, b) => a.level - b.level)
    .map(({ step }) => step)
    .slice(0, MOST_STEPS);
}

function peopleLevel(profile: Profile): Level | undefined {
  const owner = wordIn(profile, 'deploy_owner');
  const roles = rolesIn(profile)?.present;
  if (owner === undefined && roles === undefined) return undefined;
  const hasEngineers = roles !== undefined && (roles.de || roles.mle || roles.devops);
  // With engineers about, who deploys is what tells whether they work together.
  if (owner === undefined) return hasEngineers ? undefined : 0;
  if (owner === 'platform') return 3;
  if (owner === 'same_team') return roles?.devops === true || roles?.mle === true ? 3 : 2;
  return hasEngineers || owner === 'other_team' ? 1 : 0;
}

function creationLevel(profile: Profile): Level | undefined {
  const orchestration = wordIn(profile, 'orchestration');
  const registry = wordIn(profile, 'registry');
  if (orchestration === undefined && registry === undefined) return undefined;
  const hasPipeline = orchestration !== undefined && orchestration !== 'none' && orchestration !== 'cron';
  const hasRegistry = registry !== undefined && registry !== 'none';
  if (!hasPipeline || !hasRegistry) return hasPipeline || hasRegistry || orchestration === 'cron' ? 1 : 0;
  if (wordIn(profile, 'ci_cd') !== 'automated') return 2;
  return wordIn(profile, 'monitoring') === 'full' ? 4 : 3;
}

function releaseLevel(profile: Profile): Level | undefined {
  const ciCd = wordIn(profile, 'ci_cd');
  if (ciCd === undefined) return undefined;
  if (ciCd === 'none' || ciCd === 'manual') return 0;
  const registry = wordIn(profile, 'registry') ?? 'none';
  if (ciCd === 'partial') return registry === 'none' ? 1 : 2;
  if (registry === 'none') return 2;
  return wordIn(profile, 'monitoring') === 'full' ? 4 : 3;
}

function integrationLevel(profile: Profile): Level | undefined {
  const monitoring = wordIn(profile, 'monitoring');
  if (monitoring === undefined) return undefined;
  const ciCd = wordIn(profile, 'ci_cd') ?? 'none';
  const isTested = ciCd === 'partial' || ciCd === 'automated';
  if (monitoring === 'none') return isTested ? 1 : 0;
  if (monitoring === 'partial') return isTested ? 2 : 1;
  return ciCd === 'automated' ? 4 : 3;
}

const STEPS: Readonly<Record<Facet, Partial<Record<Level, string>>>> = {
  people: {
    0: 'Name who runs a model once it is built, even if it is the same person.',
    1: 'Let scientists and engineers own one repository together.',
    2: 'Bring somebody with operations experience into the team.',
    3: 'Review incidents of models together with the people who use them.',
  },
  model_creation: {
    0: 'Record every training run: data version, parameters, metrics.',
    1: 'Make training one command that also runs on schedule, and register what it makes.',
    2: 'Train, evaluate and register in CI.',
    3: 'Start retraining from drift alerts instead of the calendar.',
  },
  release: {
    0: 'Run lint, tests and a tiny training on every push.',
    1: 'Release from a registry, so that it is known which model runs.',
    2: 'Put a gate on quality between registry and production, and deploy from it.',
    3: 'Roll back by itself when the monitored quality falls.',
  },
  application_integration: {
    0: 'Log what goes into a model and what comes out.',
    1: 'Watch drift, freshness and row counts, with one alert that somebody reads.',
    2: 'Measure quality against late labels and show it beside the business figure.',
    3: 'Deploy the application and its model through the same tested path.',
  },
};
