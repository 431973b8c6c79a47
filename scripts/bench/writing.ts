import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Contestant,
  type Copies,
  GROUPS,
  type Group,
  inEmptyFolder,
  NAME,
  ourContestants,
  peerContestants,
} from './contestants.ts';
import { rotated, type Usage, usageOf } from './measure.ts';
import type { PeerPrograms } from './peers.ts';
import { type Summary, summaryOf } from './statistics.ts';
import { type Files, filesIn } from './templates.ts';

export interface WritingRow {
  readonly name: string;
  readonly group: Group;
  readonly cpu: Summary;
  readonly wall: Summary;
}

export interface Writing {
  readonly rows: readonly WritingRow[];
  readonly counts: { readonly visible: number; readonly everything: number };
  readonly bytes: number;
}

interface Setting {
  /** For templates and what is written. */
  readonly scratch: string;
  readonly copies: Copies;
  readonly peers: PeerPrograms;
  readonly rounds: number;
}

/** Starts and writes with everybody in turn; the first round warms up and compares what was written, byte by byte. */
export async function measuredWriting({ scratch, copies, peers, rounds }: Setting): Promise<Writing> {
  const ours = ourContestants(copies);
  const everything = filesOf(ours, scratch);
  const visible = new Map([...everything].filter(([path]) => !path.startsWith('.mlops/')));
  const contestants = [
    ...ours,
    ...peerContestants(scratch, 'everything', everything, peers),
    ...peerContestants(scratch, 'everythingInMemory', everything, peers),
    ...peerContestants(scratch, 'visible', visible, peers),
  ];
  const expected = { nothing: new Map<string, string>(), visible, everything };
  for (const one of contestants)
    checkWritten(one, filesOf([one], scratch), expected[GROUPS[one.group].files]);
  const bytes = [...everything.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return {
    rows: await measuredRows(contestants, scratch, rounds),
    counts: { visible: visible.size, everything: everything.size },
    bytes,
  };
}

async function measuredRows(
  contestants: readonly Contestant[],
  scratch: string,
  rounds: number,
): Promise<readonly WritingRow[]> {
  const used = new Map<Contestant, Usage[]>(contestants.map((one) => [one, []]));
  for (let round = 0; round < rounds; round++)
    for (const one of rotated(contestants, round)) {
      await nextTurn(); // lets a signal through
      used.get(one)?.push(inEmptyFolder(scratch, one, (folder) => usageIn(folder, one, scratch)));
    }
  return [...used].map(([{ name, group }, usages]) => ({
    name,
    group,
    cpu: summaryOf(usages.map(({ cpu }) => cpu)),
    wall: summaryOf(usages.map(({ wall }) => wall)),
  }));
}

/** What the first contestant that writes everything, or the only one, writes. */
function filesOf(contestants: readonly Contestant[], scratch: string): Files {
  const one = contestants.find(({ group }) => group === 'everything') ?? contestants[0];
  if (one === undefined) return new Map();
  return inEmptyFolder(scratch, one, (folder) => {
    usageIn(folder, one, scratch);
    const prefix = `${NAME}/`;
    return new Map(
      [...filesIn(folder)].map(([path, text]) => [
        path.startsWith(prefix) ? path.slice(prefix.length) : path,
        text,
      ]),
    );
  });
}

function usageIn(folder: string, { command }: Contestant, scratch: string): Usage {
  const home = join(scratch, 'home'); // cookiecutter keeps what it was told there
  mkdirSync(home, { recursive: true });
  const { env, ...rest } = command(join(folder, NAME));
  return usageOf({ ...rest, cwd: folder, env: { HOME: home, PYTHONPATH: undefined, ...env } });
}

function checkWritten({ name, group }: Contestant, found: Files, expected: Files): void {
  const paths = new Set([...found.keys(), ...expected.keys()]);
  const other = [...paths].find((path) => found.get(path) !== expected.get(path));
  if (other !== undefined) throw new Error(`${name} (${group}) writes another ${other} than mlops.`);
}
