import { type Classifying, classifyingPart } from './classifying.ts';
import type { Group } from './contestants.ts';
import { PEERS } from './peers.ts';
import type { Serving } from './serving.ts';
import { NOISY } from './statistics.ts';
import { answer, cpuOf, limitsTable, percent, servingTable, updatingTable, writingTables } from './tables.ts';
import { FILES, type UpdatingRow } from './updating.ts';
import type { Writing } from './writing.ts';

export interface Figures {
  readonly cores: number;
  readonly memoryGb: number;
  /** Programs that wanted to run, on average over the run. */
  readonly load: number;
  readonly date: string;
  readonly version: string;
  readonly rounds: { readonly writing: number; readonly updating: number; readonly serving: number };
  readonly classifying: Classifying;
  readonly writing: Writing;
  readonly updating: readonly UpdatingRow[];
  readonly serving: Serving;
}

/** The page of one run. Every figure and every verdict on it is computed, so that nobody has to remember one. */
export function benchmarksPage(figures: Figures): string {
  const parts = [
    writingPart(figures),
    updatingPart(figures),
    classifyingPart(figures.classifying),
    servingPart(figures),
  ];
  return [introduction(figures), ...parts, REPEAT].join('\n');
}

function introduction({ cores, memoryGb, load, date, version, rounds, writing, serving }: Figures): string {
  const peers = Object.entries(PEERS).map(([name, number]) => `${name} ${number}`);
  const python = [...serving.versions].map(([name, number]) => `${name} ${number}`);
  const shared = load > cores * 0.75;
  return `# Benchmarks

\`npm run bench\` measures everything on this page in one run and writes the page.

- When and where: ${date}, a machine with ${cores} cores and ${memoryGb} GB of memory, Linux.
- Programs: generator-mlops ${version}, Node ${process.versions.node}, ${peers.join(', ')}.
- In the emitted repository: ${python.slice(0, 4).join(', ')},
  ${python.slice(4).join(', ')}.

${verdictOf(writing)}

## How to read it

- Everything is measured side by side and in turns: ${rounds.writing} rounds of writing, ${rounds.updating} of updating and ${rounds.serving}
  of serving, after one round to warm up. Figures are medians in milliseconds. A ratio says more than a figure.
- CPU is user and system time. It is what we compare.
- Wall time depends on what else the machine does. ${shared ? 'Others used the machine during this run' : 'The machine was nearly ours'}
  (average load ${load.toFixed(1)} on ${cores} cores)${shared ? ', so wall times, p50 and p99 are too high' : ''}.
- \`~\` marks a noisy figure: the middle half of its rounds spans more than ${percent(NOISY)} of the median.
`;
}

function verdictOf({ rows, counts: { everything, visible } }: Writing): string {
  const line = (peerFiles: number, disk: string, ours: Group, theirs: Group) => {
    const unit = cpuOf(rows, '`mlops new`', ours);
    const [hygen, copier] = [unit / cpuOf(rows, 'hygen', theirs), unit / cpuOf(rows, 'copier', theirs)];
    const cells = [peerFiles, disk, percent(hygen), answer(hygen, 1), percent(copier), answer(copier, 0.2)];
    return `| ${cells.join(' | ')} |`;
  };
  return `Our target is that \`mlops new\` takes no more CPU than hygen, and at most a fifth of copier's, writing as many files.
It writes ${everything}:

| files of the peer | to | of hygen's CPU | at most 100 % | of copier's CPU | at most 20 % |
|--:|---|--:|---|--:|---|
${line(everything, 'a disk', 'everything', 'everything')}
${line(everything, 'a memory disk', 'everythingInMemory', 'everythingInMemory')}
${line(visible, 'a disk', 'everything', 'visible')}

The last line is what a user of the peer would write: it keeps no base for later merges, so it writes only the files
outside \`.mlops/\`.`;
}

function writingPart({ writing }: Figures): string {
  return `## Start-up and writing

The templates of the peers are made out of the tree that \`mlops new\` writes, with the project's name as the only
variable. What everybody writes is compared with that tree, byte by byte.

${writingTables(writing)}

\`mlops new\` writes in one transaction that waits until the disk has every file; no peer does, and a memory disk has
nothing to wait for. \`--plan\` does all but write. "Not bundled" runs the sources as they are: the difference is what
bundling saves.
`;
}

function updatingPart({ updating }: Figures): string {
  return `## Updating

A project of ${FILES} files, each of which the template changed in one line; the user edited every tenth elsewhere.

${updatingTable(updating)}

${limitsTable(updating)}

A plain \`git merge\` waits for nothing: after a power cut, files that it wrote can be empty. Told so, it waits for what
it stores in \`.git\`; the files of the work tree have to be synced by somebody else. And somebody has to bring the new
version onto the template's branch before it can be merged: the last line holds that too, as ours does. Ours writes
every changed file twice, once as its base, and waits for both.
`;
}

function servingPart({ serving: { rows, connections, requests, compared } }: Figures): string {
  return `## The emitted service

The model is LightGBM, as \`acme-churn run\` trains it on its sample. One row a request, ${connections} connections that are kept
alive, ${requests} requests a round, one process a server, one thread for OpenMP. All ${compared} golden rows of the bundle get the
same prediction from the first three.

${servingTable(rows)}

${rows.map(({ name, does }) => `- ${name} ${does}.`).join('\n')}

MLflow serves the raw model: the client has made the features, nothing is checked. So it does less than the first two.
The naive handler neither checks nor logs. p50 and p99 are what a client waits while ${connections} requests are under way; they
hold the time of the client as well.
`;
}

const REPEAT = `## How to repeat

\`\`\`
npm ci && npm run bench        # about five minutes; writes this page
npm run bench -- --quick       # two rounds, printed only
npm run bench -- --classifying # only that part, in about a minute
\`\`\`

It needs Linux, bash, Python, and the package registries. The peers go into \`.cache/bench/\`, everything else into a
temporary folder that is removed. All servers listen on 127.0.0.1 and are stopped.
`;
