import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './measure.ts';

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Seconds of CPU until it said that it was ready. */
  readonly startCpu: number;
}

const READY_WITHIN_MS = 180_000; // `mlflow models serve` takes a minute on a busy machine
const STOP_WITHIN_MS = 10_000;
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const running = new Set<ChildProcess>();

/** Starts a server and waits until `readyPath` answers 200. What it prints to stderr is in `errors`. */
export async function startServer(
  command: (port: number) => Command,
  { readyPath, errors }: { readonly readyPath: string; readonly errors: string },
): Promise<Server> {
  const port = await freePort();
  const { program, args, cwd, env } = command(port);
  const log = openSync(errors, 'w');
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', log] });
  closeSync(log);
  running.add(child);
  const until = Date.now() + READY_WITHIN_MS;
  while (!(await answers(`http://127.0.0.1:${port}${readyPath}`))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > until)
      throw new Error(
        `${program} does not answer ${readyPath}:\n${readFileSync(errors, 'utf8').slice(-2000)}`,
      );
    await sleep(200);
  }
  const pid = child.pid ?? 0;
  return { port, pid, startCpu: cpuOf(pid) / 1000 };
}

/** Milliseconds of CPU that a process and its living descendants have used, to a tick, which is 10 ms. */
export function cpuOf(pid: number): number {
  const ticks = descendants(pid).reduce((sum, one) => sum + one.ticks, 0);
  return (ticks / TICKS_PER_SECOND) * 1000;
}

/** Ends all servers, gently at first. */
export async function stopServers(): Promise<void> {
  const children = [...running];
  signalServers('SIGTERM');
  const until = Date.now() + STOP_WITHIN_MS;
  while (children.some((child) => child.exitCode === null && child.signalCode === null) && Date.now() < until)
    await sleep(50);
  signalServers('SIGKILL');
  running.clear();
}

/** Ends all servers at once; for the way out. */
export function signalServers(signal: NodeJS.Signals): void {
  const pids = [...running].flatMap(({ pid }) => descendants(pid ?? 0).map((one) => one.pid));
  for (const pid of pids.reverse()) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself in the meantime.
    }
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function descendants(root: number): readonly Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(processAt);
  const found = all.filter(({ pid }) => pid === root);
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid));
  return found;
}

function processAt(name: string): readonly Process[] {
  try {
    // The second field is the program's name in brackets and may hold anything.
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    return [{ pid: Number(name), parent: parent ?? 0, ticks: (user ?? 0) + (system ?? 0) }];
  } catch {
    return []; // ended between the listing and the reading
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
  return await promise;
}
