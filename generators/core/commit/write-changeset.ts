import { EXIT, MlopsError } from '../errors.ts';
import { type IndexEntries, markUnmerged, restoreMerged } from '../io/git.ts';
import { type Change, type Changeset, isUnsettled, type Write } from '../merge/change.ts';
import { fileChanges } from './file-changes.ts';
import { type CommitOptions, commitChanges } from './transaction.ts';
import { keepIndex } from './undo-index.ts';

/** Fails with exit 5 where something is in the way of a path that is wanted. */
export function refuseBlocked({ refused }: Pick<Changeset, 'refused'>, folder: string): void {
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

interface WriteOptions extends CommitOptions {
  /** What git's index held before the runs that this one takes back. */
  readonly indexBefore?: readonly IndexEntries[];
}

/**
 * Writes a plan and the generator's state in one transaction, then tells git's index of the conflicts that are left and
 * of those that are taken back. Returns the number of the undo entry, if there is one.
 */
export async function writeChangeset(
  root: string,
  { changes }: Changeset,
  state: readonly Write[],
  { indexBefore = [], ...options }: WriteOptions,
): Promise<number | undefined> {
  const writes = [...changes.flatMap((change) => change.writes), ...state];
  const { undo } = await commitChanges(root, fileChanges(writes), options);
  const settled = changes.filter((change) => !isUnsettled(change)).map(({ path }) => path);
  for (const entries of indexBefore) restoreMerged(root, entries, settled);
  const entries = markUnmerged(root, changes.flatMap(unmerged));
  if (undo !== undefined && entries !== '') keepIndex(root, undo, entries);
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
