import { EXIT, MlopsError } from '../errors.ts';
import { markUnmerged } from '../io/git.ts';
import type { Change, Changeset, Write } from '../merge/change.ts';
import { fileChanges } from './file-changes.ts';
import { type CommitOptions, commitChanges } from './transaction.ts';

/** Fails with exit 5 where something is in the way of a path that is wanted. */
export function refuseBlocked({ refused }: Changeset, folder: string): void {
  if (refused.length === 0) return;
  const count = refused.length === 1 ? 'One path' : `${refused.length} paths`;
  throw new MlopsError({
    code: 'MLOPS_E_OCCUPIED',
    exit: EXIT.refused,
    message: `${count} in ${folder} cannot be written; nothing was written.`,
    hint: 'Move what is listed away, then run again.',
    details: refused,
  });
}

/**
 * Writes a plan and the generator's state in one transaction, then tells git's index of the conflicts. Returns the
 * number of the undo entry, if there is one.
 */
export async function writeChangeset(
  root: string,
  { changes }: Changeset,
  state: readonly Write[],
  options: CommitOptions,
): Promise<number | undefined> {
  const writes = [...changes.flatMap((change) => change.writes), ...state];
  const { undo } = await commitChanges(root, fileChanges(writes), options);
  markUnmerged(root, changes.flatMap(unmerged));
  return undo;
}

function unmerged({ path, stages }: Change) {
  if (stages === undefined) return [];
  const blob = ({ bytes, mode }: { readonly bytes: Uint8Array; readonly mode: number }) => ({
    bytes,
    executable: mode === 0o755,
  });
  const versions = [blob(stages.base), blob(stages.yours), blob(stages.theirs)] as const;
  return [{ path, versions }];
}
