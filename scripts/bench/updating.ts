import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Case, Files } from '../compare/cases.ts';
import { writeFiles } from '../compare/files.ts';
import { BRANCH_UPDATE, editedProject, SYNCED_MERGES, type Tool, toolsToCompare } from '../compare/tools.ts';
import { type Command, rotated, type Usage, usageOf } from './measure.ts';
import type { PeerPrograms } from './peers.ts';
import { type Summary, summaryOf } from './statistics.ts';

export interface UpdatingRow {
  readonly name: string;
  readonly cpu: Summary;
  readonly wall: Summary;
}

interface Setting {
  readonly scratch: string;
  readonly main: string;
  readonly peers: PeerPrograms;
  readonly rounds: number;
}

interface Contestant {
  readonly name: string;
  /** Makes what one round needs, then says what to measure. */
  readonly command: (round: string) => Command;
}

export const FILES = 1_000;

/** A template of 1,000 files, all of them changed, in a project where the user edited every tenth. */
export function measuredUpdating(setting: Setting): readonly UpdatingRow[] {
  const contestants = [
    plainCopy(setting),
    ...[...toolsToCompare(setting.main, setting.peers), ...SYNCED_MERGES, BRANCH_UPDATE].map(
      inSetting(setting),
    ),
  ];
  const used = new Map<Contestant, Usage[]>(contestants.map((one) => [one, []]));
  for (let round = -1; round < setting.rounds; round++)
    for (const one of rotated(contestants, round + 1)) {
      const usage = usageOf(one.command(`round-${round + 1}`));
      if (round >= 0) used.get(one)?.push(usage); // the first one warms up
    }
  return [...used].map(([{ name }, usages]) => ({
    name,
    cpu: summaryOf(usages.map(({ cpu }) => cpu)),
    wall: summaryOf(usages.map(({ wall }) => wall)),
  }));
}

const inSetting =
  ({ scratch }: Setting) =>
  (tool: Tool): Contestant => {
    const own = join(scratch, 'updating', tool.name.replaceAll(/\W+/g, '-'));
    const project = editedProject(tool, LARGE, own);
    return { name: tool.name, command: (round) => tool.update(copied(project, round), own) };
  };

function plainCopy({ scratch }: Setting): Contestant {
  const tree = join(scratch, 'updating', 'tree');
  writeFiles(tree, LARGE.after);
  const script = resolve(import.meta.dirname, 'copy-synced.ts');
  return {
    name: 'a copy of the tree, each file and folder fsynced',
    command: (round) => ({
      program: process.execPath,
      args: [script, tree, join(scratch, 'updating', round)],
      cwd: scratch,
    }),
  };
}

/** Beside the project, so that what it says about its template still holds. */
function copied(project: string, round: string): string {
  const copy = join(project, '..', round);
  cpSync(project, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

const LARGE: Case = largeCase();

function largeCase(): Case {
  const numbers = [...Array(FILES).keys()];
  const path = (number: number) => `part-${number % 25}/step-${number}.py`;
  const text = (number: number, first: string, last: string) =>
    [first, ...Array.from({ length: 40 }, (_, line) => `value_${line} = ${number * line}`), last, ''].join(
      '\n',
    );
  const all = (of: (number: number) => string): Files =>
    Object.fromEntries(numbers.map((number) => [path(number), of(number)]));
  const edited = numbers.filter((number) => number % 10 === 0);
  return {
    name: 'many files',
    before: all((number) => text(number, 'first = 1', 'last = 1')),
    after: all((number) => text(number, 'first = 1', 'last = 2')),
    yours: Object.fromEntries(edited.map((number) => [path(number), text(number, 'first = 2', 'last = 1')])),
  };
}
