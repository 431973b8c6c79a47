import { createHash } from 'node:crypto';
import type { OnDisk } from '../io/on-disk.ts';
import type { RelPath } from '../rel-path.ts';
import type { Tree, TreeFile } from '../render/tree.ts';

interface PathChange {
  readonly path: RelPath;
  readonly layer: string;
  readonly why: string;
}

/** What would happen to one path. Updating and merging join with regeneration. */
export type Change =
  | (PathChange & { readonly op: 'create' | 'adopt' })
  | (PathChange & { readonly op: 'refuse'; readonly found: string });

/** One entry a path, in path order. */
export type Changeset = readonly Change[];

/** Holds the wanted tree against the disk: the missing is created, the identical taken over, the rest refused. */
export function planChanges(tree: Tree, disk: (path: RelPath) => OnDisk): Changeset {
  return [...tree.values()].map((file) => changeTo(file, disk(file.path)));
}

function changeTo({ path, layer, why, bytes }: TreeFile, found: OnDisk): Change {
  switch (found.kind) {
    case 'absent':
      return { op: 'create', path, layer, why };
    case 'other':
      return { op: 'refuse', path, layer, why, found: `${found.what} is in its place` };
    case 'file':
      return Buffer.compare(found.bytes, bytes) === 0
        ? { op: 'adopt', path, layer, why }
        : { op: 'refuse', path, layer, why, found: 'a different file is there' };
  }
}

/** The name that git gives to these bytes. */
export function gitBlobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}
