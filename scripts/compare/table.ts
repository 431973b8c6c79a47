import { PEERS } from '../bench/peers.ts';
import { quantile } from '../bench/statistics.ts';
import type { Judgement } from './judge.ts';

export interface Row extends Judgement {
  readonly case: string;
  readonly tool: string;
  readonly seconds: number;
}

/** Both tables as Markdown: the sums of each tool, and each case. */
export function comparisonText(rows: readonly Row[]): string {
  const tools = [...new Set(rows.map(({ tool }) => tool))];
  const cases = [...new Set(rows.map((row) => row.case))];
  const of = (tool: string) => rows.filter((row) => row.tool === tool);
  return [
    `${cases.length} cases, with copier ${PEERS.copier} and cruft ${PEERS.cruft}:`,
    '',
    '| | lost words | in silence | left out, said so | false conflicts | wrong results | seconds, median |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...tools.map((tool) => sumsLine(tool, of(tool))),
    '',
    `| case | ${tools.join(' | ')} |`,
    `|---|${tools.map(() => '---|').join('')}`,
    ...cases.map((name) => caseLine(name, tools, rows)),
    '',
  ].join('\n');
}

function sumsLine(tool: string, rows: readonly Row[]): string {
  const count = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const cells = [
    count(({ lost }) => lost.length),
    count(({ silent }) => silent.length),
    count(({ leftOut }) => leftOut.length),
    count(({ falseConflict }) => Number(falseConflict)),
    count(({ wrong }) => Number(wrong)),
    quantile(
      rows.map(({ seconds }) => seconds),
      0.5,
    ).toFixed(2),
  ];
  return `| ${[tool, ...cells].join(' | ')} |`;
}

function caseLine(name: string, tools: readonly string[], rows: readonly Row[]): string {
  const cells = tools.map((tool) => verdictOf(rows.find((row) => row.case === name && row.tool === tool)));
  return `| ${[name, ...cells].join(' | ')} |`;
}

function verdictOf(row: Row | undefined): string {
  if (row === undefined) return '';
  const { lost, silent, leftOut, falseConflict, wrong } = row;
  if (silent.length > 0) return `**lost ${silent.join(', ')}**`;
  if (lost.length > 0) return `lost ${lost.join(', ')}, said so`;
  if (wrong) return '**wrong**';
  if (leftOut.length > 0) return `left out ${leftOut.join(', ')}, said so`;
  return falseConflict ? 'false conflict' : 'good';
}
