import type { Selection } from '../catalog/selection.ts';
import type { RelPath } from '../rel-path.ts';
import { emittedPath, type PathNames } from './emitted-path.ts';

/** The files that the capabilities of a selection have under another name now, old to new. */
export function planRenames(selection: Selection, names: PathNames): ReadonlyMap<RelPath, RelPath> {
  return new Map(
    selection.capabilities.flatMap(({ renames }) =>
      Object.entries(renames).map(([old, now]): [RelPath, RelPath] => [
        emittedPath(old, names),
        emittedPath(now, names),
      ]),
    ),
  );
}
