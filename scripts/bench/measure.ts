import { spawnSync } from 'node:child_process';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Over our own environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Milliseconds. CPU is user and system time of the command and of all children that it waited for. */
export interface Usage {
  readonly cpu: number;
  readonly wall: number;
}

// Node does not tell what its finished children used; bash does, to the millisecond, on Linux and macOS.
const TIMED = 'TIMEFORMAT="%R %U %S"; time "$@" >&3 2>&3';

/** Runs a command to its end and says what it used; an error, with what it printed, if it failed. */
export function usageOf({ program, args, cwd, env }: Command): Usage {
  const { status, output } = spawnSync('bash', ['-c', TIMED, 'bash', program, ...args], {
    cwd,
    env: { ...process.env, ...env, LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${output[3]}`);
  const [wall = NaN, user = NaN, system = NaN] = `${output[2]}`.trim().split(' ').map(Number);
  return { cpu: (user + system) * 1000, wall: wall * 1000 };
}

/** The same list, started at another place in every round, so that nobody always runs behind the same neighbour. */
export function rotated<T>(list: readonly T[], round: number): readonly T[] {
  const start = round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
