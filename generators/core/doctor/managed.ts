import type { OnDisk } from '../io/on-disk.ts';
import { basePathOf, type LockFile, type LockLine } from '../merge/base.ts';
import { gitBlobId } from '../merge/blob-id.ts';
import type { RelPath } from '../rel-path.ts';

/** A path that has a base. */
export interface Managed {
  /** As the templates know it. */
  readonly path: RelPath;
  /** Where the user has it. */
  readonly place: RelPath;
  readonly policy: LockLine['policy'];
  readonly base:
    | { readonly kind: 'intact'; readonly bytes: Uint8Array }
    | { readonly kind: 'missing' | 'damaged' | 'foreign' };
}

export function managedFiles(
  lock: LockFile | undefined,
  look: (path: RelPath) => OnDisk,
  moved: ReadonlyMap<RelPath, RelPath>,
): Managed[] {
  const byPath = Map.groupBy(lock?.lines ?? [], ({ path }) => path);
  return [...byPath].flatMap(([path, lines]): Managed[] => {
    const found = look(basePathOf(path));
    const id = found.kind === 'file' ? gitBlobId(found.bytes) : undefined;
    const fitting = lines.find((line) => line.id === id);
    const line = fitting ?? lines[0];
    if (line === undefined) return [];
    const base = fitting === undefined ? { kind: kindOf(found) } : intact(found);
    return [{ path, place: moved.get(path) ?? path, policy: line.policy, base }];
  });
}

function intact(found: OnDisk): Managed['base'] {
  return found.kind === 'file' ? { kind: 'intact', bytes: found.bytes } : { kind: 'damaged' };
}

function kindOf(found: OnDisk): 'missing' | 'damaged' | 'foreign' {
  if (found.kind === 'absent') return 'missing';
  return found.kind === 'other' ? 'foreign' : 'damaged';
}
