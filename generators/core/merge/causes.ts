import type { RelPath } from '../rel-path.ts';
import type { Tree } from '../render/tree.ts';
import type { Base, BaseFile } from './base.ts';
import { sameBytes } from './blob-id.ts';
import type { Origin } from './changeset.ts';

/** A wanted tree, and what made it differ from the one before. */
export interface CauseStep {
  readonly cause: string;
  readonly tree: Tree;
}

/** Finds for each path the first of several changes, made one after the other, that touched it. */
export function originsFrom(base: Base, steps: readonly CauseStep[]): (path: RelPath) => Origin {
  return (path) => {
    const layer =
      [...steps]
        .reverse()
        .find(({ tree }) => tree.has(path))
        ?.tree.get(path)?.layer ?? '';
    let before: Content | undefined = base.get(path);
    for (const { cause, tree } of steps) {
      const now = tree.get(path);
      if (!same(before, now)) return { layer, cause };
      before = now;
    }
    return { layer, cause: '' };
  };
}

type Content = Pick<BaseFile, 'bytes' | 'mode'>;

function same(a: Content | undefined, b: Content | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.mode === b.mode && sameBytes(a.bytes, b.bytes);
}
