import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from './bench/measure.ts';
import { peerPrograms } from './bench/peers.ts';
import { CASES, type Case } from './compare/cases.ts';
import { type Ended, judgedUpdate } from './compare/judge.ts';
import { comparisonText, type Row } from './compare/table.ts';
import { editedProject, type Tool, toolsToCompare } from './compare/tools.ts';

// What becomes of a project's edits when its template moves on, with us and with others: one command that prints
// the table and writes it into the page.
const PAGE = 'docs/regeneration.md';
const [BEGIN, END] = ['<!-- side by side: written by npm run compare -->', '<!-- side by side: end -->'];

const scratch = mkdtempSync(join(tmpdir(), 'mlops-compare-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const tools = toolsToCompare(resolve('generators/cli/main.ts'), peerPrograms());
const rows = CASES.flatMap((one, number) =>
  tools.map((tool) => rowOf(one, tool, join(scratch, `${number}`))),
);
const text = comparisonText(rows);
process.stdout.write(text);
writePage(text);

function rowOf(one: Case, tool: Tool, folder: string): Row {
  const own = join(folder, tool.name.replaceAll(' ', '-'));
  const project = editedProject(tool, one, own);
  const start = performance.now();
  const ended = endOf(tool.update(project, own));
  const seconds = (performance.now() - start) / 1000;
  return { case: one.name, tool: tool.name, seconds, ...judgedUpdate(one, project, ended) };
}

function endOf({ program, args, cwd, env }: Command): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  return { code: status ?? -1, said: `${stdout}${stderr}` };
}

function writePage(block: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for the table`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n\n${block}\n${page.slice(end)}`);
}
