import { listed } from '../core/doctor/words.ts';
import { committedIds, gitRewritten } from '../core/io/git.ts';
import { gitBlobId } from '../core/merge/blob-id.ts';
import type { Change } from '../core/merge/change.ts';

/**
 * A note on edits that git does not have yet, in files that the run changes. They are no reason to refuse: they are
 * merged, and the old files are in the undo store. Nothing where no file changes or git has no commit.
 */
export function uncommittedNote(root: string, changes: readonly Change[]): readonly string[] {
  const old = changes.flatMap(({ writes }) =>
    writes.flatMap(({ path, found }) => (found.kind === 'file' ? [{ path, bytes: found.bytes }] : [])),
  );
  if (old.length === 0) return [];
  const committed = committedIds(root);
  const edited = old.filter(({ path, bytes }) => {
    const id = committed.get(path);
    // A repository with SHA-256 names says nothing of ours.
    return id?.length === 40 && id !== gitBlobId(bytes) && id !== gitBlobId(withoutReturns(bytes));
  });
  const rewritten = gitRewritten(
    root,
    edited.map(({ path }) => path),
  );
  const told = edited.flatMap(({ path }) => (rewritten.has(path) ? [] : [path]));
  if (told.length === 0) return [];
  const names = listed(told);
  return [`Not committed: your edits in ${names}. The run keeps the old files in .mlops/undo.`];
}

/** As git stores a text that it checks out with the line ends of Windows. */
function withoutReturns(bytes: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
