import type { OnDisk } from '../io/on-disk.ts';
import type { Write } from '../merge/change.ts';
import { ABSENT, type Expected, type FileChange } from './change.ts';
import { sha256 } from './found.ts';

/** The writes of a plan as a transaction takes them: each expects what the plan saw. */
export function fileChanges(writes: readonly Write[]): FileChange[] {
  return writes.map(({ path, found, to }) =>
    to === undefined
      ? { kind: 'delete', path, expect: expectedAt(found) }
      : { kind: 'write', path, bytes: to.bytes, mode: to.mode, expect: expectedAt(found) },
  );
}

/** What is no file is expected to be gone: the transaction refuses if it is not. */
function expectedAt(found: OnDisk): Expected {
  return found.kind === 'file' ? { kind: 'file', hash: sha256(found.bytes), mode: found.mode } : ABSENT;
}
