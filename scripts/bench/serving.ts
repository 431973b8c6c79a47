import { join } from 'node:path';
import { type Emitted, emittedRepository } from './emitted.ts';
import { answerTo, latenciesUnder } from './load.ts';
import { rotated } from './measure.ts';
import { cpuOf, type Server, startServer, stopServers } from './servers.ts';
import { type Case, type Service, servicesOf } from './services.ts';
import { quantile, type Summary, summaryOf } from './statistics.ts';

export interface ServingRow {
  readonly name: string;
  readonly does: string;
  /** Milliseconds of CPU of the server a request, and how long the client waited. */
  readonly cpu: Summary;
  readonly p50: Summary;
  readonly p99: Summary;
  /** Seconds of CPU until it was ready. */
  readonly startCpu: number;
}

export interface Serving {
  readonly rows: readonly ServingRow[];
  /** How many rows got the same prediction everywhere. */
  readonly compared: number;
  readonly requests: number;
  readonly connections: number;
  readonly versions: ReadonlyMap<string, string>;
}

interface Setting {
  readonly scratch: string;
  readonly packed: string;
  readonly rounds: number;
  readonly requests: number;
}

const CONNECTIONS = 4;

/** Emits a repository, trains in it, and asks its service and its peers for the same rows, in turn. */
export async function measuredServing({ scratch, packed, rounds, requests }: Setting): Promise<Serving> {
  const emitted = emittedRepository(scratch, packed);
  const { cases, versions } = emitted;
  try {
    const servers = await startedServers(emitted, scratch);
    for (const [one, { port }] of servers) await checkPredictions(one, port, cases);
    const rows = await measuredRows(servers, cases, rounds, requests);
    return { rows, compared: cases.length, requests, connections: CONNECTIONS, versions };
  } finally {
    await stopServers();
  }
}

async function startedServers(
  { project, model, env }: Emitted,
  scratch: string,
): Promise<Map<Service, Server>> {
  const servers = new Map<Service, Server>();
  for (const one of servicesOf(project, model)) {
    const { program, args, readyPath } = one;
    const errors = join(scratch, `server-${servers.size}.log`);
    const command = (port: number) => ({ program, args: args(port), cwd: project, env });
    servers.set(one, await startServer(command, { readyPath, errors }));
  }
  return servers;
}

async function checkPredictions(
  { name, path, body, predictionIn }: Service,
  port: number,
  cases: readonly Case[],
) {
  for (const one of cases) {
    const answer = await answerTo(`http://127.0.0.1:${port}${path}`, body(one));
    const found = predictionIn?.(answer) ?? one.prediction;
    if (!(Math.abs(found - one.prediction) < 1e-9))
      throw new Error(`${name} predicts ${found}, not ${one.prediction}, for ${one.row}`);
  }
}

interface Batch {
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
}

async function measuredRows(
  servers: ReadonlyMap<Service, Server>,
  cases: readonly Case[],
  rounds: number,
  requests: number,
): Promise<readonly ServingRow[]> {
  const batches = new Map<Service, Batch[]>([...servers.keys()].map((one) => [one, []]));
  for (let round = 0; round <= rounds; round++)
    for (const [one, server] of rotated([...servers], round)) {
      const batch = await measuredBatch(server, one, cases, requests);
      if (round > 0) batches.get(one)?.push(batch); // the first one warms up
    }
  return [...servers].map(([one, { startCpu }]) => {
    const found = batches.get(one) ?? [];
    const summary = (key: keyof Batch) => summaryOf(found.map((batch) => batch[key]));
    const { name, does } = one;
    return { name, does, startCpu, cpu: summary('cpu'), p50: summary('p50'), p99: summary('p99') };
  });
}

async function measuredBatch(
  { pid, port }: Server,
  { path, body }: Service,
  cases: readonly Case[],
  count: number,
): Promise<Batch> {
  const url = `http://127.0.0.1:${port}${path}`;
  const before = cpuOf(pid);
  const latencies = await latenciesUnder({ url, bodies: cases.map(body), count, connections: CONNECTIONS });
  const cpu = (cpuOf(pid) - before) / count;
  return { cpu, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}
