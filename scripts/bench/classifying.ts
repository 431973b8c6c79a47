import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import { labelledCases } from '../../test/classify/labelled.ts';
import { rotated, usageOf } from './measure.ts';
import { NOISY, type Summary, summaryOf } from './statistics.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CASE = 'anchor-hybrid';
const LIMIT_MS = 5;
const LIMIT_RATIO = 1.5;

export interface Classifying {
  readonly rounds: number;
  /** CPU of a whole process, by what it does. */
  readonly whole: ReadonlyMap<string, Summary>;
  /** Wall time in a process, the first time that it does each. */
  readonly parts: Readonly<Record<Part, PartTime>>;
}

const PARTS = ['read', 'verdict', 'compiled', 'reasons', 'further'] as const;

type Part = (typeof PARTS)[number];

interface PartTime {
  readonly median: number;
  /** What the code needs: interference only adds. */
  readonly quickest: number;
}

/** What a verdict costs, in a process and as a whole call; in turns, after one round to warm up. */
export async function measuredClassifying(
  scratch: string,
  packed: string,
  rounds: number,
): Promise<Classifying> {
  const facts = labelledCases('boundary').find(({ id }) => id === CASE)?.facts ?? {};
  writeFileSync(join(scratch, 'answers.yaml'), stringify({ facts }));
  writeFileSync(join(scratch, 'facts.json'), JSON.stringify(facts));
  const answers = `--answers=${join(scratch, 'answers.yaml')}`;
  const main = join(packed, 'dist/generators/cli/main.js');
  const yaml = join(packed, 'node_modules/yaml/dist/index.js');
  // Without code to read: detection is another piece of work.
  const empty = join(scratch, 'empty');
  mkdirSync(empty);
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['`node -e 0`', ['-e', '0']],
    ["`import 'yaml'`", ['--input-type=module', '-e', `import '${pathToFileURL(yaml)}'`]],
    ['`mlops classify --answers=F --json`', [main, 'classify', answers, '--json']],
  ];
  const used = new Map<string, number[]>(commands.map(([name]) => [name, []]));
  const verdicts: Record<Part, number>[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const [name, args] of rotated(commands, round)) {
      await nextTurn(); // lets a signal through
      const { cpu } = usageOf({ program: process.execPath, args, cwd: empty });
      if (round > 0) used.get(name)?.push(cpu);
    }
    if (round > 0) verdicts.push(verdictIn(scratch));
  }
  return {
    rounds,
    whole: new Map([...used].map(([name, cpu]) => [name, summaryOf(cpu)])),
    parts: {
      read: partTime(verdicts, 'read'),
      verdict: partTime(verdicts, 'verdict'),
      compiled: partTime(verdicts, 'compiled'),
      reasons: partTime(verdicts, 'reasons'),
      further: partTime(verdicts, 'further'),
    },
  };
}

function partTime(verdicts: readonly Readonly<Record<Part, number>>[], part: Part): PartTime {
  const times = verdicts.map((one) => one[part]);
  return { median: summaryOf(times).median, quickest: Math.min(...times) };
}

function verdictIn(scratch: string): Record<Part, number> {
  const run = (...flags: readonly string[]) => {
    const args = [...flags, join(ROOT, 'scripts/bench/verdict.ts'), join(scratch, 'facts.json')];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  };
  return { ...run(), compiled: run('--no-lazy').verdict };
}

/** The section of the page. */
export function classifyingPart({ rounds, whole, parts }: Classifying): string {
  const medians = [...whole.values()].map(({ median }) => median);
  const [, yaml = NaN, classify = NaN] = medians;
  const rows = [...whole].map(
    ([name, cpu]) => `| ${name} | ${figure(cpu, 0)} | ${(cpu.median / yaml).toFixed(2)} |`,
  );
  return `## Classifying

The answers of \`${CASE}\`, one of the labelled cases, from a file, in an empty folder;
${rounds} rounds in turns, CPU in milliseconds.

| | CPU | bare Node and the YAML parser = 1 |
|---|--:|--:|
${rows.join('\n')}

The whole call is to take at most ${LIMIT_RATIO} times what bare Node takes that only loads the YAML parser:
${classify / yaml <= LIMIT_RATIO ? 'it does' : '**it does not**'}.

| in a process that runs already, wall time | quickest | median | target |
|---|--:|--:|---|
${PARTS.map((part) => partRow(part, parts[part])).join('\n')}

Interference only adds, so the quickest round is what the code needs. A verdict scores the answers about a hundred times,
once for each other answer that might change it.
`;
}

/** The page with this section renewed, or added before the last one. */
export function pageWithClassifying(page: string, part: string): string {
  const without = page.replace(/^## Classifying\n[\s\S]*?(?=^## )/m, '');
  return without.replace(/^## The emitted service$/m, `${part}\n$&`);
}

const PART_WORDS: Readonly<Record<Part, string>> = {
  read: 'reading the answers',
  verdict: 'the first verdict, while Node compiles our functions',
  compiled: 'the same, compiled before (`node --no-lazy`)',
  reasons: 'its reasons in words',
  further: 'every further verdict',
};

function partRow(part: Part, { median, quickest }: PartTime): string {
  const target = `${LIMIT_MS} ms: ${quickest < LIMIT_MS ? 'met' : '**not met**'}`;
  const cells = [
    PART_WORDS[part],
    quickest.toFixed(2),
    median.toFixed(2),
    part === 'verdict' || part === 'compiled' ? target : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function figure({ median, spread }: Summary, digits: number): string {
  return `${spread > NOISY ? '~' : ''}${median.toFixed(digits)}`;
}
