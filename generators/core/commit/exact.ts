import type { Disk, Seen } from '../io/disk.ts';
import { folderOf } from './change.ts';
import type { Entry } from './journal-entry.ts';

/**
 * Looks at the paths of a transaction. Where the disk takes `README` and `Readme` for one name and the transaction
 * renames one to the other, the file is seen only under the name that it really has.
 */
export function exactLook(
  disk: Disk,
  root: string,
  entries: readonly Entry[],
): (path: string) => Seen | undefined {
  const twins = twinsAmong(entries.map(({ path }) => path));
  return (path) => {
    const seen = disk.see(`${root}/${path}`);
    return seen === undefined || !twins.has(path) || hasThisName(disk, root, path) ? seen : undefined;
  };
}

function twinsAmong(paths: readonly string[]): ReadonlySet<string> {
  const byName = Map.groupBy(paths, (path) => path.toLowerCase());
  return new Set([...byName.values()].filter(({ length }) => length > 1).flat());
}

function hasThisName(disk: Disk, root: string, path: string): boolean {
  if (path === '') return true;
  const folder = folderOf(path);
  const name = path.slice(folder === '' ? 0 : folder.length + 1);
  return (
    hasThisName(disk, root, folder) && disk.namesIn(folder === '' ? root : `${root}/${folder}`).includes(name)
  );
}
