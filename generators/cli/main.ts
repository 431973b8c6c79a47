#!/usr/bin/env node
import { nodeProblem } from './node-version.ts';

const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  const { runMlops } = await import('./run.ts');
  process.exitCode = await runMlops(process.argv.slice(2), { program: 'mlops' });
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}
