/**
 * Moves each run of changed items as far down as equal items allow, or to where the other side changed as well:
 * of several shortest scripts always the same one, and the one that git shows. `changed` is rewritten in place.
 */
export function slideChanges(items: readonly number[], changed: Uint8Array, changedOther: Uint8Array): void {
  const otherAt = runsByKept(changedOther);
  let run: Run = { start: 0, end: 0, kept: 0 };
  for (;;) {
    const next = nextRun(changed, run);
    if (next === undefined) return;
    run = settledRun(items, changed, otherAt, next);
  }
}

/** Items `start..end` are changed; `kept` unchanged ones come before them. */
interface Run {
  start: number;
  end: number;
  kept: number;
}

/** Whether there is a changed run after so many unchanged items. */
function runsByKept(changed: Uint8Array): readonly boolean[] {
  const runs: boolean[] = [false];
  for (const flag of changed) {
    if (flag === 1) runs[runs.length - 1] = true;
    else runs.push(false);
  }
  return runs;
}

function nextRun(changed: Uint8Array, after: Run): Run | undefined {
  let start = after.end;
  while (changed[start] === 0) start++;
  if (start >= changed.length) return undefined;
  const kept = after.kept + start - after.end;
  return { start, end: endFrom(changed, start), kept };
}

function endFrom(changed: Uint8Array, from: number): number {
  let end = from;
  while (changed[end] === 1) end++;
  return end;
}

function settledRun(
  items: readonly number[],
  changed: Uint8Array,
  otherAt: readonly boolean[],
  found: Run,
): Run {
  const run = { ...found };
  let size: number;
  let highest: number;
  let aligned: number;
  // A run that meets another swallows it, and may then slide further.
  do {
    size = run.end - run.start;
    while (slideUp(items, changed, run));
    highest = run.end;
    aligned = otherAt[run.kept] ? run.end : -1;
    while (slideDown(items, changed, run)) if (otherAt[run.kept]) aligned = run.end;
  } while (size !== run.end - run.start);
  if (run.end !== highest && aligned !== -1) while (!otherAt[run.kept]) slideUp(items, changed, run);
  return run;
}

function slideUp(items: readonly number[], changed: Uint8Array, run: Run): boolean {
  if (run.start === 0 || items[run.start - 1] !== items[run.end - 1]) return false;
  changed[--run.start] = 1;
  changed[--run.end] = 0;
  run.kept--;
  while (changed[run.start - 1] === 1) run.start--;
  return true;
}

function slideDown(items: readonly number[], changed: Uint8Array, run: Run): boolean {
  if (run.end >= items.length || items[run.start] !== items[run.end]) return false;
  changed[run.start++] = 0;
  changed[run.end++] = 1;
  run.kept++;
  while (changed[run.end] === 1) run.end++;
  return true;
}
