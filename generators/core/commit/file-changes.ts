import type { OnDisk } from '../io/on-disk.ts';
import type { Write } from '../merge/change.ts';
import { isLink, LINK } from '../plan/planned-file.ts';
import { ABSENT, type Expected, type FileChange } from './change.ts';
import { sha256 } from './found.ts';

/** The writes of a plan as a transaction takes them: each expects what the plan saw. */
export function fileChanges(writes: readonly Write[]): FileChange[] {
  return writes.map(({ path, found, to, bits }) => {
    const expect = expectedAt(found);
    if (to === undefined) return { kind: 'delete', path, expect };
    if (to.mode === LINK) return { kind: 'link', path, target: textOf(to.bytes), expect };
    return {
      kind: 'write',
      path,
      bytes: to.bytes,
      mode: to.mode,
      expect,
      ...(bits !== undefined && { bits }),
    };
  });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

/** What is no file is expected to be gone: the transaction refuses if it is not. */
function expectedAt(found: OnDisk): Expected {
  if (found.kind === 'file' && isLink(found)) return { kind: 'link', target: textOf(found.bytes) };
  return found.kind === 'file' ? { kind: 'file', hash: sha256(found.bytes), mode: found.mode } : ABSENT;
}
