import { readFileSync } from 'node:fs';
import { explainVerdict } from '../../generators/core/classify/explanation.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { parseProfile } from '../../generators/core/profile/profile.ts';

// Run as a program of its own: what the first verdict of a process costs, and every further one. Milliseconds of wall
// time: the system counts the CPU of a thread too coarsely for them.
const FURTHER = 200;
const facts: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));

function timed<T>(work: () => T): { readonly ms: number; readonly result: T } {
  const start = performance.now();
  const result = work();
  return { ms: performance.now() - start, result };
}

const read = timed(() => parseProfile(facts, 'file').profile);
const verdict = timed(() => classifyProfile(read.result));
const reasons = timed(() => explainVerdict(read.result, verdict.result));
const further = timed(() => {
  for (let run = 0; run < FURTHER; run++) classifyProfile(read.result);
});
process.stdout.write(
  JSON.stringify({
    read: read.ms,
    verdict: verdict.ms,
    reasons: reasons.ms,
    further: further.ms / FURTHER,
  }),
);
