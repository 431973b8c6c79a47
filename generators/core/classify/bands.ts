import type { TABLE } from './table.ts';

type CaseOf<Question extends keyof typeof TABLE> = keyof (typeof TABLE)[Question]['cases'];

export interface Bands<Name> {
  /** The upper ends, which belong to their band, in order. */
  readonly upTo: readonly (readonly [number, Name])[];
  readonly above: Name;
}

export type BandedQuestion =
  | 'team_size'
  | 'data_sources'
  | 'company_size'
  | 'teams_doing_ml'
  | 'models_in_production'
  | 'predictions_per_day';

/** Where the cases of the counted questions begin and end. */
export const BANDS: { readonly [Q in BandedQuestion]: Bands<CaseOf<Q>> } = {
  team_size: {
    upTo: [
      [4, 'few'],
      [8, 'several'],
      [19, 'many'],
      [49, 'department'],
    ],
    above: 'division',
  },
  data_sources: {
    upTo: [
      [2, 'few'],
      [9, 'some'],
    ],
    above: 'many',
  },
  company_size: {
    upTo: [
      [49, 'tiny'],
      [249, 'small'],
      [999, 'medium'],
      [4999, 'large'],
    ],
    above: 'huge',
  },
  teams_doing_ml: {
    upTo: [
      [1, 'one'],
      [4, 'some'],
    ],
    above: 'many',
  },
  models_in_production: {
    upTo: [
      [2, 'few'],
      [9, 'some'],
      [49, 'tens'],
      [199, 'fifties'],
    ],
    above: 'hundreds',
  },
  predictions_per_day: {
    upTo: [
      [1e3, 'thousand'],
      [1e5, 'hundred_thousand'],
      [1e7, 'ten_million'],
      [1e9, 'billion'],
    ],
    above: 'more',
  },
};

/** The first band whose upper end is not passed. */
export function bandOf<Name>(bands: Bands<Name>, value: number): Name {
  return bands.upTo.find(([upTo]) => value <= upTo)?.[1] ?? bands.above;
}
