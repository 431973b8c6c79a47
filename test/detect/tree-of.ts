import { type Detection, detectFacts } from '../../generators/core/detect/detect.ts';
import type { GitAuthors } from '../../generators/core/io/git-authors.ts';
import type { SourceTree } from '../../generators/core/io/source-tree.ts';

export type Tree = Readonly<Record<string, string>>;

/** A folder in memory; a number in `sizes` is how large a file claims to be. */
function treeOf(texts: Tree, sizes: Readonly<Record<string, number>> = {}): SourceTree {
  const paths = [...new Set([...Object.keys(texts), ...Object.keys(sizes)])];
  return {
    files: paths.map((path) => ({ path, size: sizes[path] ?? Buffer.byteLength(texts[path] ?? '') })),
    text: (path) => texts[path],
    isOver: () => false,
    unread: () => [],
  };
}

const NO_GIT: GitAuthors = { kind: 'unknown', reason: 'it is no git repository' };

export function detectionIn(
  texts: Tree,
  sizes: Readonly<Record<string, number>> = {},
  authors: GitAuthors = NO_GIT,
): Detection {
  return detectFacts(treeOf(texts, sizes), authors, 16e9);
}

/** `{frameworks: 'strong pytorch,xgboost'}`: what was found, short enough to compare. */
function shortOf({ facts }: Detection): Readonly<Record<string, string>> {
  return Object.fromEntries(facts.map(({ key, value, strength }) => [key, `${strength} ${String(value)}`]));
}

export function foundOf(texts: Tree, sizes: Readonly<Record<string, number>> = {}) {
  return shortOf(detectionIn(texts, sizes));
}
