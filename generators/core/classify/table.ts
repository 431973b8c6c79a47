import { type Points, points } from './archetypes.ts';

export const GROUPS = ['team', 'data', 'organisation', 'demand', 'technology', 'practice'] as const;

export type Group = (typeof GROUPS)[number];

/** One band or value of a question: what it is worth, and why. */
export interface Case {
  readonly when: string;
  readonly points: Points;
  /** Completes "a team of three: …". */
  readonly reason: string;
}

function row<Name extends string>(group: Group, cases: Readonly<Record<Name, Case>>) {
  return { group, cases };
}

function given(when: string, worth: Points, reason: string): Case {
  return { when, points: worth, reason };
}

/**
 * The table: for each question its cases, with points for small-data, big-data, hybrid, large-scale.
 * The numbers come from the article's definitions; where a case argued against a first number, the line says so.
 */
export const TABLE = {
  team_size: row('team', {
    few: given('up to 4', points(2, 0, 0, -3), 'so few share everything'),
    several: given('5–8', points(1, 1, 1, -2), 'one team, of any kind but a large one'),
    many: given('9–19', points(-1, 1, 2, -1), 'enough people to divide the work by role'),
    department: given('20–49', points(-3, 0, 2, 1), 'a department needs agreed practice'),
    division: given('50 or more', points(-4, -1, 0, 3), 'so many work in several teams'),
  }),
  roles_present: row('team', {
    one_kind: given('scientists or ML engineers alone', points(2, -1, -1, -2), 'one trade does everything'),
    with_data: given('and data engineers', points(-1, 2, 0, 0), 'scientists build, engineers deploy'),
    with_operations: given(
      'and ML or operations engineers, no data engineers',
      points(-1, -1, 2, 0),
      'engineering beside science, without a data platform of its own',
    ),
    // ML engineers take models into production, so that nothing is handed over to the data engineers.
    with_both: given(
      'and data and ML engineers',
      points(-1, 0, 2, 0.5),
      'ML engineers take models to production',
    ),
    all_three: given('and data engineers and operations', points(-2, -1, 3, 1), 'the three trades together'),
    // The article gives "all roles" to the large-scale organisation, and three of them to the hybrid one.
    all_four: given('all four', points(-2, -1, 2.5, 1.5), 'every role there is'),
    without_science: given('no scientists', points(0, 0, 0, 0), 'nobody there whose trade is models'),
  }),
  deploy_owner: row('team', {
    self: given('whoever built it', points(1.5, 0, -0.5, -1), 'no hand-over'),
    other_team: given('another team', points(-1, 2, 0, 0.5), 'models are handed over to engineers'),
    same_team: given(
      'engineers of the same team',
      points(0, -0.5, 1.5, 0),
      'science and engineering together',
    ),
    platform: given('a platform team', points(-2, -0.5, 0.5, 2), 'a platform serves several teams'),
  }),
  data_volume_gb: row('data', {
    small: given('below 10 GB', points(2, -2, 0, -1), 'fits a laptop'),
    medium: given('10 GB to 1 TB', points(0, -1, 1, 0), 'fits one server, not a laptop'),
    big: given('above 1 TB', points(-3, 3, 0, 1), 'needs large-scale processing'),
  }),
  data_velocity: row('data', {
    batch: given('batch', points(1, 0, 0, 0), 'the simplest way to work'),
    mixed: given('mixed', points(-1, 0.5, 0.5, 0.5), 'two ways of working at once'),
    streaming: given('streaming', points(-1, 1, 0, 0.5), 'streams need machinery'),
  }),
  big_data_tools: row('data', {
    none: given('none', points(1, -2, 0, -0.5), 'nothing so far needed a cluster'),
    warehouse: given('only a warehouse', points(-0.5, 0.5, 0.5, 0), 'more than files, less than a cluster'),
    one: given('one engine', points(-1, 2, 0, 0), 'a cluster is in use'),
    more: given('two engines or more', points(-2, 3, 0, 0.5), 'a big-data stack is in use'),
  }),
  data_sources: row('data', {
    few: given('1–2', points(0.5, 0, 0, -0.5), 'little to integrate'),
    some: given('3–9', points(0, 0, 0, 0), 'common to all kinds'),
    many: given('10 or more', points(-1, 0.5, 0.5, 1), 'variety is work in itself'),
  }),
  company_size: row('organisation', {
    tiny: given('below 50', points(1.5, 0, -0.5, -3), 'the size of a start-up'),
    small: given('50–249', points(0, 0.5, 0.5, -2), 'the size of a small firm'),
    medium: given('250–999', points(-0.5, 0.5, 1, -1), 'the size of a mid-size firm'),
    large: given('1000–4999', points(-1, 0, 1, 1), 'large enough for departments'),
    huge: given('5000 or more', points(-1, -0.5, 0, 3), 'the size of a multinational'),
  }),
  teams_doing_ml: row('organisation', {
    one: given('1', points(0.5, 0.5, 0, -1.5), 'nobody to coordinate with'),
    some: given('2–4', points(-1, 0, 1, 0), 'work must be shared between teams'),
    many: given('5 or more', points(-3, -0.5, 0, 3), 'many teams need common rules'),
  }),
  regulation: row('organisation', {
    none: given('none', points(0, 0, 0, -0.5), 'no supervisor to answer to'),
    unsupervised: given('GDPR alone, or another rule', points(0, 0, 0, 0), 'applies to firms of every kind'),
    // Nothing for hybrid (at first 0.5): the article names regulation for the large-scale organisation only.
    supervised: given('supervised use of models', points(0, 0, 0, 1), 'models answer to a supervisor'),
  }),
  legacy_systems: row('organisation', {
    // For large-scale by half a point more than at first and against big-data too: the article names legacy systems
    // for the large-scale organisation only, and a start-up or mid-size firm rarely has an old estate.
    yes: given('yes', points(-1, -1, 0, 2.5), 'old systems must be integrated'),
    no: given('no', points(0, 0, 0, -1), 'nothing old to integrate'),
  }),
  models_in_production: row('demand', {
    few: given('up to 2', points(1, 0, 0, -1), 'so few can be looked after by hand'),
    some: given('3–9', points(0, 0, 0.5, 0), 'the first that need common practice'),
    tens: given('10–49', points(-1, 0, 1.5, 0.5), 'so many need common practice'),
    fifties: given('50–199', points(-1, 0, 1, 1.5), 'so many need a platform'),
    hundreds: given('200 or more', points(-1.5, 0.5, 0, 2), 'hundreds need a platform and its rules'),
  }),
  predictions_per_day: row('demand', {
    thousand: given('up to 1,000', points(1.5, 0, 0, -1), 'the traffic of a start-up'),
    hundred_thousand: given('up to 100,000', points(0.5, 0, 0.5, -0.5), 'one small service is enough'),
    ten_million: given('up to 10 million', points(-1, 0.5, 1, 0), 'a service that must not fail'),
    billion: given('up to 1 billion', points(-1.5, 0.5, 0.5, 1), 'several services under load'),
    // More for large-scale and less for big-data than at first (1, 1): traffic is not data to be processed.
    more: given('more', points(-2, 0.5, 0, 1.5), 'traffic of the largest platforms'),
  }),
  frameworks: row('technology', {
    deep: given('PyTorch or TensorFlow', points(0, -0.5, 1, 0), 'deep learning'),
    distributed: given('Spark MLlib', points(-0.5, 1, 0, 0), 'trained on a cluster'),
    classical: given('others', points(0.5, -0.5, 0, 0), 'not known to need a GPU or a cluster'),
    // Known none, or only a language model behind an API: nothing that the other cases describe.
    none: given('nothing is trained', points(0, 0, 0, 0), 'nothing is trained yet'),
  }),
  accelerators: row('technology', {
    none: given('none', points(0.5, 0, 0, 0), 'no special hardware'),
    some: given('any', points(0, 0.5, 0.5, 0), 'special hardware to share'),
  }),
  cloud: row('technology', {
    none: given('none', points(0.5, -0.5, 0, -1), 'nothing to look after'),
    one: given('one cloud or own servers', points(0, 0, 0, 0), 'common to all kinds'),
    multi: given('several clouds', points(0, 0, 0.5, 0.5), 'more than one platform to run'),
    hybrid: given('cloud and own servers', points(-1, 0, 0, 1.5), 'an older estate beside the cloud'),
  }),
  orchestration: row('practice', {
    none: given('none or cron', points(1, 0, -0.5, -0.5), 'training is started by hand or clock'),
    some: given('a product', points(-0.5, 0, 1, 0.5), 'training does not wait for a person'),
  }),
  ci_cd: row('practice', {
    none: given('none or manual', points(0.5, 0.5, -1, 0), 'a model is released as somebody finds time'),
    partial: given('partial', points(0, 0, 0, 0), 'half of the way'),
    automated: given('automated', points(-0.5, -0.5, 1.5, 0.5), 'good engineering practice'),
  }),
  registry: row('practice', {
    none: given('none', points(0.5, 0.5, -1, -0.5), 'nobody can say which model runs'),
    some: given('a product', points(-0.5, -0.5, 1, 0.5), 'models are versioned and can be traced'),
  }),
  monitoring: row('practice', {
    none: given('none', points(0.5, 0.5, -0.5, -0.5), 'nobody sees a model go wrong'),
    partial: given('partial', points(0, 0, 0, 0), 'half of the way'),
    full: given('full', points(-0.5, -0.5, 1, 0.5), 'a model that goes wrong is seen'),
  }),
} as const;

export type ScoredQuestion = keyof typeof TABLE;

/** The table with other points; only who examines the weights scores with another than ours. */
export type Table = Readonly<
  Record<ScoredQuestion, { readonly group: Group; readonly cases: Readonly<Record<string, Case>> }>
>;

/**
 * How far a group of answers may move one archetype in all: repairing a gap must not change what somebody is.
 * Data is capped too (at first it was not), since volume, velocity and tools say partly the same: who has terabytes
 * has an engine, and counting both in full would outvote everything that is known about people and organisation.
 * Only upwards: capped downwards too, small-data could gain on hybrid from more data.
 */
export const CAPS: Readonly<Partial<Record<Group, Cap>>> = {
  data: { most: 5, least: Number.NEGATIVE_INFINITY },
  demand: { most: 2, least: -2 },
  technology: { most: 1.5, least: -1.5 },
  practice: { most: 1.5, least: -1.5 },
};

export interface Cap {
  readonly most: number;
  readonly least: number;
}

/** The article's large-scale organisation is known by several traits together, so three of them count extra. */
export const BONUS: Points = points(0, 0, -0.5, 2);
export const BONUS_TRAITS = 3;
