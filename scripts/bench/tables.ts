import type { Group } from './contestants.ts';
import type { ServingRow } from './serving.ts';
import { NOISY, type Summary } from './statistics.ts';
import type { UpdatingRow } from './updating.ts';
import type { Writing, WritingRow } from './writing.ts';

/** One table for each group; the unit is `mlops new` on the same kind of disk. */
export function writingTables({ rows, counts, bytes }: Writing): string {
  const all = `all ${counts.everything} files, ${Math.round(bytes / 1000)} kB`;
  const visible = `the ${counts.visible} files outside \`.mlops/\``;
  return [
    writingTable('Nothing is written:', 'nothing', 'everything', rows),
    writingTable(`Everything is written, ${all}, to a disk:`, 'everything', 'everything', rows),
    writingTable('The same to a memory disk:', 'everythingInMemory', 'everythingInMemory', rows),
    writingTable(`Only ${visible} are written, to a disk:`, 'visible', 'everything', rows),
  ].join('\n\n');
}

function writingTable(title: string, group: Group, unitGroup: Group, rows: readonly WritingRow[]): string {
  const unit = cpuOf(rows, '`mlops new`', unitGroup);
  const line = ({ name, cpu, wall }: WritingRow) =>
    `| ${name} | ${figure(cpu, 0)} | ${(cpu.median / unit).toFixed(2)} | ${figure(wall, 0)} |`;
  const lines = rows.filter((row) => row.group === group).map(line);
  return [title, '', '| | CPU | `mlops new` = 1 | wall |', '|---|--:|--:|--:|', ...lines].join('\n');
}

export function updatingTable(rows: readonly UpdatingRow[]): string {
  const ours = rows.find(({ name }) => name === 'generator-mlops')?.wall.median ?? NaN;
  const line = ({ name, cpu, wall }: UpdatingRow) =>
    `| ${name} | ${figure(cpu, 0)} | ${figure(wall, 0)} | ${(ours / wall.median).toFixed(2)} |`;
  return ['| | CPU | wall | ours to this, wall |', '|---|--:|--:|--:|', ...rows.map(line)].join('\n');
}

/** How many times as long as another way an update of many files may take, and whether it does. */
const LIMITS: readonly (readonly [name: string, times: number])[] = [
  ['a copy of the tree, each file and folder fsynced', 3],
  ['copier', 0.1],
  ['git merge', 2],
  ['git merge, all it wrote fsynced', 2],
  ['git: the new version onto its branch, then merge', 2],
];

export function limitsTable(rows: readonly UpdatingRow[]): string {
  const wall = (name: string) => rows.find((row) => row.name === name)?.wall.median ?? NaN;
  const line = ([name, times]: (typeof LIMITS)[number]) => {
    const share = wall('generator-mlops') / wall(name);
    return `| ${name} | ${times} | ${share.toFixed(2)} | ${answer(share, times)} |`;
  };
  return ['| ours, as a multiple of | at most | is | met |', '|---|--:|--:|---|', ...LIMITS.map(line)].join(
    '\n',
  );
}

/** Two runs differ by some percent, so a figure near the limit is called neither. */
export function answer(share: number, limit: number): string {
  if (Math.abs(share / limit - 1) < 0.1) return 'too close to say';
  return share < limit ? 'yes' : '**no**';
}

export function servingTable(rows: readonly ServingRow[]): string {
  const unit = rows[0]?.cpu.median ?? NaN;
  const line = ({ name, cpu, p50, p99, startCpu }: ServingRow) => {
    const ratio = (cpu.median / unit).toFixed(2);
    const start = Math.round(startCpu * 1000);
    return `| ${name} | ${figure(cpu, 2)} | ${ratio} | ${figure(p50, 1)} | ${figure(p99, 1)} | ${start} |`;
  };
  const head = '| | CPU a request | `acme-churn serve` = 1 | p50 | p99 | CPU to start, measured once |';
  return [head, '|---|--:|--:|--:|--:|--:|', ...rows.map(line)].join('\n');
}

export function cpuOf(rows: readonly WritingRow[], name: string, group: Group): number {
  return rows.find((row) => row.name === name && row.group === group)?.cpu.median ?? NaN;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 1 ? 1 : 0).replace('.0', '')} %`;
}

function figure({ median, spread }: Summary, digits: number): string {
  return `${spread > NOISY ? '~' : ''}${median.toFixed(digits)}`;
}
