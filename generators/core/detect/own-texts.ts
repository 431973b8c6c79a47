import type { SourceTree } from '../io/source-tree.ts';

/** What this generator wrote in a project, by the path where it is now; undefined where nobody knows any more. */
export type OwnTexts = ReadonlyMap<string, string | undefined>;

interface Parts {
  /** As they were written, or not known to have been edited. */
  readonly untouched: ReadonlySet<string>;
  readonly edited: ReadonlySet<string>;
}

export const NO_PARTS: Parts = { untouched: new Set(), edited: new Set() };

/** Those of a folder's files that this generator wrote. */
export function partsOf(tree: SourceTree, ours: OwnTexts): Parts {
  const written = tree.files.filter(({ path }) => ours.has(path)).map(({ path }) => path);
  const edited = new Set(written.filter((path) => isEdited(tree.text(path), ours.get(path))));
  return { untouched: new Set(written.filter((path) => !edited.has(path))), edited };
}

function isEdited(now: string | undefined, before: string | undefined): boolean {
  return now !== undefined && before !== undefined && now !== before;
}

/** The same folder with some of its files only. */
export function filesOf(tree: SourceTree, isIn: (path: string) => boolean): SourceTree {
  return { ...tree, files: tree.files.filter(({ path }) => isIn(path)) };
}
