import { posix } from 'node:path';
import { type FileChange, folderOf } from './change.ts';
import { unsafeTargetError } from './commit-errors.ts';
import { isReserved } from './layout.ts';

/** Refuses links that lead out of the project and paths that the transaction needs for itself. */
export function refuseUnsafe(changes: readonly FileChange[]): void {
  const paths = new Set(changes.map(({ path }) => path));
  if (paths.size !== changes.length) throw new Error('a transaction names a path twice');
  const unsafe = changes.flatMap((change) => {
    const message = refusal(change);
    return message === undefined ? [] : [{ path: change.path, message }];
  });
  if (unsafe.length > 0) throw unsafeTargetError(unsafe);
}

function refusal(change: FileChange): string | undefined {
  if (isReserved(change.path)) return 'the generator keeps its transaction there';
  if (change.kind !== 'link') return undefined;
  return leadsOut(change.path, change.target) ? 'the link leads out of the project' : undefined;
}

function leadsOut(path: string, target: string): boolean {
  if (target === '' || target.includes('\0') || posix.isAbsolute(target)) return true;
  const reached = posix.join(folderOf(path), target);
  return reached === '..' || reached.startsWith('../');
}
