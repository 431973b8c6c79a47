import { posix } from 'node:path';
import type { FolderLink } from '../io/kit-folder.ts';
import type { RelPath } from '../rel-path.ts';

/** A link as the project has it, or why there can be none. */
type LinkTarget =
  | { readonly kind: 'target'; readonly target: string }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Where a kit's link leads in the project: to the file that it leads to in the kit, whose name may be another one
 * there. What leads to anything but a file of the kit itself is refused.
 */
export function linkTargetAt(
  place: RelPath,
  { path: name, target }: FolderLink,
  files: ReadonlyMap<string, RelPath>,
): LinkTarget {
  const file = posix.isAbsolute(target) ? undefined : files.get(posix.join(posix.dirname(name), target));
  if (file !== undefined) return { kind: 'target', target: posix.relative(posix.dirname(place), file) };
  const shown = JSON.stringify(target.slice(0, 100));
  return { kind: 'refused', reason: `it is a link to ${shown}, which is no file of the kit` };
}
