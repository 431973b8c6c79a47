import { quoted, settleStep } from '../app/next-steps.ts';
import { unmergedIn } from '../core/io/git.ts';
import { type Change, isUnsettled } from '../core/merge/change.ts';
import { isLockFile } from '../core/merge/text-merge.ts';

/** What is left to do after a run, as commands for the project's root. */
export function stepsAfter(changes: readonly Change[], root: string): string[] {
  const unsettled = changes.filter(isUnsettled);
  const written = changes.filter((change) => change.writes.length > 0 && !isUnsettled(change));
  // Where nobody knows what git's index held before, that a file had markers stays in it until somebody says otherwise.
  const stale = unmergedIn(
    root,
    written.map(({ path }) => path),
  );
  return [
    ...unsettled.map(settleStep),
    ...[...stale].map((path) => `git add ${quoted(path)}`),
    ...(changes.some(changesDependencies) ? ['uv lock'] : []),
  ];
}

function changesDependencies({ path, writes, op }: Change): boolean {
  const isManifest = /(^|\/)pyproject\.toml$/.test(path) && writes.length > 0;
  return isManifest || (isLockFile(path) && op === 'keep');
}
