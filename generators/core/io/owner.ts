import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one process well enough to tell later, on the same machine, whether it still runs. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Changes with each start of the machine; empty where the system does not say. */
  readonly boot: string;
  /** When the process started, so that a later one with the same pid is not taken for it; may be empty. */
  readonly started: string;
}

export function currentOwner(): Owner {
  const { pid } = process;
  return { pid, host: hostname(), boot: bootId(), started: processStat(pid)?.started ?? '' };
}

/** Whether the process may still run. A process on another machine cannot be asked, so it counts as running. */
export function mayRun(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  if (owner.boot !== bootId()) return false;
  if (!answers(owner.pid)) return false;
  const stat = processStat(owner.pid);
  if (stat === undefined) return true;
  // A zombie has ended; only its parent has not noticed, which in a container can be for ever.
  return stat.state !== 'Z' && (owner.started === '' || owner.started === stat.started);
}

function bootId(): string {
  return textOf('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Fields 3 and 22 of proc(5); the name in field 2 may itself hold spaces and brackets. */
function processStat(pid: number): { readonly state: string; readonly started: string } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', started: fields[19] ?? '' };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
