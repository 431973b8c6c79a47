import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { classifyingPart, measuredClassifying, pageWithClassifying } from './bench/classifying.ts';
import type { Copies } from './bench/contestants.ts';
import { benchmarksPage } from './bench/page.ts';
import { peerPrograms } from './bench/peers.ts';
import { signalServers } from './bench/servers.ts';
import { measuredServing } from './bench/serving.ts';
import { measuredUpdating } from './bench/updating.ts';
import { measuredWriting } from './bench/writing.ts';
import { clean } from './clean.ts';

// Three questions, answered in one run and written into docs/benchmarks.md: what does the program cost beside other
// generators, what does an update of a large project cost, and what does the service that it emits cost beside other ways to serve the same model?
const ROOT = resolve(import.meta.dirname, '..');
const quick = process.argv.includes('--quick');

process.chdir(ROOT);
const scratch = mkdtempSync(join(tmpdir(), 'mlops-bench-'));
process.on('exit', () => {
  signalServers('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const copies = copiesOf(scratch);
say('classifying');
const classifying = await measuredClassifying(scratch, copies.packed, quick ? 2 : 25);
if (process.argv.includes('--classifying')) {
  const part = classifyingPart(classifying);
  if (quick) process.stdout.write(part);
  else
    writeFileSync(
      'docs/benchmarks.md',
      pageWithClassifying(readFileSync('docs/benchmarks.md', 'utf8'), part),
    );
  process.exit();
}
const peers = peerPrograms();
const loads = [load()];
say('start-up and writing');
const rounds = quick ? { writing: 2, updating: 1, serving: 2 } : { writing: 15, updating: 5, serving: 9 };
const writing = await measuredWriting({ scratch, copies, peers, rounds: rounds.writing });
loads.push(load());
say('an update of many files');
const { packed } = copies;
const main = join(packed, 'dist/generators/cli/main.js');
const updating = measuredUpdating({ scratch, main, peers, rounds: rounds.updating });
loads.push(load());
say('the emitted service');
const requests = quick ? 200 : 500;
const serving = await measuredServing({ scratch, packed, rounds: rounds.serving, requests });
loads.push(load());
const page = benchmarksPage({
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  load: loads.reduce((sum, one) => sum + one, 0) / loads.length,
  date: new Date().toISOString().slice(0, 10),
  version: JSON.parse(readFileSync('package.json', 'utf8')).version,
  rounds,
  classifying,
  writing,
  updating,
  serving,
});
if (quick) process.stdout.write(page);
else writeFileSync('docs/benchmarks.md', page);

/** The package as a user gets it, and its sources, both out of the way of whoever works in this checkout. */
function copiesOf(folder: string): Copies {
  const [packed, sources] = [join(folder, 'package'), join(folder, 'sources')];
  try {
    const options = ['--silent', '--pack-destination', folder];
    const name =
      execFileSync('npm', ['pack', ...options], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .at(-1) ?? '';
    execFileSync('tar', ['-xzf', join(folder, name), '-C', folder]);
  } finally {
    clean();
  }
  mkdirSync(sources);
  for (const part of ['generators', 'templates', 'package.json'])
    cpSync(part, join(sources, part), { recursive: true });
  for (const copy of [packed, sources]) symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return { packed, sources };
}

/** How many programs wanted to run in the last minute. */
function load(): number {
  return loadavg()[0] ?? 0;
}

function say(what: string): void {
  process.stderr.write(`Measuring ${what}.\n`);
}
