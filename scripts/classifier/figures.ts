import { labelledCases } from '../../test/classify/labelled.ts';
import { agreementTable, calibrationTable, findingsTable } from './agreement.ts';
import { askingLines } from './asking.ts';
import { leaveOneOutTable } from './dimensions.ts';
import { sensitivityTable, sureCount, tightestWeights, weightCount } from './sensitivity.ts';

/** The blocks of figures in docs/classifier.md, by name. */
export type Figures = ReadonlyMap<string, string>;

/** Computes every figure from the labelled cases; a second or two. */
export async function classifierFigures(): Promise<Figures> {
  const boundary = labelledCases('boundary');
  const published = labelledCases('public');
  const all = [...boundary, ...published];
  const sets = [
    { name: 'boundary', cases: boundary },
    { name: 'public', cases: published },
    { name: 'public, without `org_type`', cases: published, dropped: ['org_type'] },
  ];
  const tight = tightestWeights(all, 1);
  return new Map([
    ['agreement', agreementTable(sets)],
    ['findings', findingsTable(sets.slice(0, 2))],
    ['asking', await askingLines(all)],
    ['calibration', calibrationTable(all)],
    ['leave-one-out', leaveOneOutTable(boundary, published)],
    ['tightest', tightText(tight, sureCount(all))],
    ['sensitivity', sensitivityTable(all)],
  ]);
}

function tightText(tight: readonly string[], sure: number): string {
  const lead = `${sure} sure cases are right today. Of the ${weightCount()} weights, ${tight.length} flip one of them when they move by one point or less:`;
  return [lead, '', ...tight.map((line) => `- ${line}`)].join('\n');
}

/** The page with its blocks of figures replaced; a block that the page lacks, or has too many, is an error. */
export function pageWith(page: string, figures: Figures): string {
  const names = [...page.matchAll(/<!-- figures: ([a-z-]+) -->/g)].map(([, name]) => name);
  const other = [...figures.keys()].filter((name) => names.filter((one) => one === name).length !== 1);
  if (other.length > 0 || names.length !== figures.size)
    throw new Error(`docs/classifier.md must have one block for each of ${[...figures.keys()].join(', ')}`);
  return page.replace(
    /(<!-- figures: ([a-z-]+) -->\n)[\s\S]*?(\n<!-- end -->)/g,
    (_, open: string, name: string, close: string) => `${open}\n${figures.get(name) ?? ''}\n${close}`,
  );
}
