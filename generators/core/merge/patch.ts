import { createTwoFilesPatch } from 'diff';
import { isLink, LINK } from '../plan/planned-file.ts';
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
  // As git does it: between a file and a link there is no edit.
  if (found.kind === 'file' && to !== undefined && isLink(found) !== isLink(to))
    return filePatch({ path, found, to: undefined }) + filePatch({ path, found: { kind: 'absent' }, to });
  const [a, b] = [quotedIfOdd(`a/${path}`), quotedIfOdd(`b/${path}`)];
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
  const patch = createTwoFilesPatch('a', 'b', text(old), text(now), '', '', { context: 3 });
  return `--- ${from}${tabAfter(from)}\n+++ ${to}${tabAfter(to)}\n${patch.slice(patch.indexOf('@@'))}`;
}

/** As git does it: behind a name with a space a tab says where it ends. */
function tabAfter(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? '\t' : '';
}

/** As git spells a name that would not stay on its line, or that it would take for one spelt so. */
function quotedIfOdd(name: string): string {
  if (!/[\p{Cc}"\\]/u.test(name)) return name;
  const spelt = name.replace(/[\p{Cc}"\\]/gu, (character) =>
    /["\\]/.test(character)
      ? `\\${character}`
      : [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  );
  return `"${spelt}"`;
}

function gitMode(mode: number): string {
  if (mode === LINK) return '120000';
  return (mode & 0o100) === 0 ? '100644' : '100755';
}
