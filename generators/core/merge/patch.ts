import { createTwoFilesPatch } from 'diff';
import type { Change, Write } from './change.ts';
import { isText } from './text-lines.ts';

/** All that a plan would write to the user's files, as one patch that `git apply` takes; binaries are only named. */
export function patchText(changes: readonly Change[]): string {
  return changes.flatMap(({ writes }) => writes.map(filePatch)).join('');
}

interface Side {
  readonly bytes: Uint8Array;
  readonly mode: string;
}

function filePatch({ path, found, to }: Write): string {
  const before = found.kind === 'file' ? { bytes: found.bytes, mode: gitMode(found.mode) } : undefined;
  const after = to === undefined ? undefined : { bytes: to.bytes, mode: gitMode(to.mode) };
  const [a, b] = [`a/${path}`, `b/${path}`];
  return [`diff --git ${a} ${b}\n`, ...modeLines(before, after), contentPatch(a, b, before, after)].join('');
}

function modeLines(before: Side | undefined, after: Side | undefined): string[] {
  if (before === undefined) return after === undefined ? [] : [`new file mode ${after.mode}\n`];
  if (after === undefined) return [`deleted file mode ${before.mode}\n`];
  return before.mode === after.mode ? [] : [`old mode ${before.mode}\n`, `new mode ${after.mode}\n`];
}

function contentPatch(a: string, b: string, before: Side | undefined, after: Side | undefined): string {
  const [old, now] = [before?.bytes ?? new Uint8Array(), after?.bytes ?? new Uint8Array()];
  if (Buffer.compare(old, now) === 0) return '';
  const [from, to] = [before === undefined ? '/dev/null' : a, after === undefined ? '/dev/null' : b];
  if (!isText(old) || !isText(now)) return `Binary files ${from} and ${to} differ\n`;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
  const patch = createTwoFilesPatch(from, to, text(old), text(now), '', '', { context: 3 });
  return patch.replace(/^=+\n/, '').replace(/^(---|\+\+\+) (.*)\t$/gm, '$1 $2');
}

function gitMode(mode: number): string {
  return (mode & 0o100) === 0 ? '100644' : '100755';
}
