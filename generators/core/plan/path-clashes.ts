import { oneNameOf, parentsOf, type RelPath } from '../rel-path.ts';

/** Two paths that cannot both be written. */
interface Clash {
  readonly path: RelPath;
  readonly other: RelPath;
  /** `twin`: one name on some system; `folder`: a file where the other needs a folder; `base`: the same in `.mlops/base`. */
  readonly kind: 'twin' | 'folder' | 'base';
}

/** The paths that cannot be written beside one that comes earlier in the list. */
export function pathClashes(paths: readonly RelPath[]): Clash[] {
  const files = new Map<string, RelPath>();
  const clashes: Clash[] = [];
  for (const path of paths) {
    const twin = files.get(oneNameOf(path));
    if (twin !== undefined) clashes.push({ path, other: twin, kind: 'twin' });
    else files.set(oneNameOf(path), path);
  }
  return [...clashes, ...folderTwins(paths), ...paths.flatMap((path) => folderClashes(path, files))];
}

/** `Docs/a` and `docs/b` are in one folder on some systems and in two on others. */
function folderTwins(paths: readonly RelPath[]): Clash[] {
  const folders = new Map<string, { readonly folder: RelPath; readonly path: RelPath }>();
  return paths.flatMap((path) => {
    for (const folder of parentsOf(path)) {
      const first = folders.get(oneNameOf(folder));
      if (first === undefined) folders.set(oneNameOf(folder), { folder, path });
      else if (first.folder !== folder) return [{ path, other: first.path, kind: 'twin' as const }];
    }
    return [];
  });
}

function folderClashes(path: RelPath, files: ReadonlyMap<string, RelPath>): Clash[] {
  return parentsOf(path).flatMap((folder): Clash[] => {
    const name = oneNameOf(folder);
    const file = files.get(name);
    if (file !== undefined) return [{ path, other: file, kind: 'folder' }];
    const based = name.endsWith('.base') ? files.get(name.slice(0, -'.base'.length)) : undefined;
    return based === undefined ? [] : [{ path, other: based, kind: 'base' }];
  });
}
