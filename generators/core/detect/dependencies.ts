import type { ListedFile, SourceTree } from '../io/source-tree.ts';
import { pipfileEntries, pyprojectEntries } from './pyproject.ts';
import {
  condaEntries,
  type Dependency,
  type DependencyKind,
  requirementEntries,
  setupCfgEntries,
  setupPyEntries,
} from './requirements.ts';
import { baseOf, isAside, placeAt, type Sign } from './sign.ts';
import { toolsOfPackage } from './tools.ts';

type Reader = (text: string, path: string) => readonly Dependency[];

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^pyproject\.toml$/, pyprojectEntries],
  [/^(.*[-_.])?requirements?([-_.].*)?\.(txt|in)$/, requirementEntries],
  [/^(.*[-_.])?(environment|conda)([-_.].*)?\.ya?ml$/, condaEntries],
  [/^Pipfile$/, pipfileEntries],
  [/^setup\.cfg$/, setupCfgEntries],
  [/^setup\.py$/, setupPyEntries],
];

/** What the packages that a repository depends on say about it. */
export function dependencySigns(tree: SourceTree): readonly Sign[] {
  return tree.files.flatMap((file) => signsIn(file, tree));
}

function signsIn({ path }: ListedFile, tree: SourceTree): readonly Sign[] {
  const read = readerOf(path);
  const text = read === undefined ? undefined : tree.text(path);
  if (read === undefined || text === undefined) return [];
  const telling = read(text, path).filter(({ name }) => toolsOfPackage(name).length > 0);
  return telling.slice(0, MOST_ENTRIES).flatMap((entry) => signsOf(entry, path, text));
}

// Nobody depends on more packages that say something; a file made to cost time would.
const MOST_ENTRIES = 200;

function readerOf(path: string): Reader | undefined {
  const base = baseOf(path);
  if (/(^|\/)requirements\/[^/]+\.(txt|in)$/.test(path)) return requirementEntries;
  return READERS.find(([pattern]) => pattern.test(base))?.[1];
}

const USES: Readonly<Record<DependencyKind, string>> = {
  used: 'is a dependency',
  optional: 'is an optional dependency',
  dev: 'is a dependency of development or of an example',
  pinned: 'is pinned, perhaps for another package',
};

function signsOf({ name, written, kind }: Dependency, path: string, text: string): readonly Sign[] {
  const where = placeAt(path, text, indexOf(text, written));
  const use = isAside(path) ? 'dev' : kind;
  return toolsOfPackage(name).map(({ key, value, isWeak, isHalf }) => ({
    key,
    value,
    where,
    strength: use !== 'used' || isWeak === true ? 'weak' : 'strong',
    says: `${name} ${USES[use]}`,
    isHalf,
  }));
}

/** Where a name stands as an entry, rather than in a comment or in another name. */
function indexOf(text: string, written: string): number {
  if (text.startsWith(written)) return 0;
  const starts = ['\n', '"', "'", '- ']
    .map((before) => text.indexOf(before + written))
    .filter((at) => at >= 0);
  return starts.length > 0 ? Math.min(...starts) + 1 : Math.max(0, text.indexOf(written));
}
