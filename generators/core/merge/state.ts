import { byCodePoint } from '../io/package-files.ts';
import { type RelPath, relPath } from '../rel-path.ts';
import type { Tree, TreeFile } from '../render/tree.ts';
import { gitBlobId } from './changeset.ts';

/** A file of the generator's own, written with the tree but never merged. */
export interface StateFile {
  readonly path: RelPath;
  readonly bytes: Uint8Array;
}

const GITATTRIBUTES = 'base/** -text linguist-generated\nbase.lock merge=union\n';

// `!/base/**`: a pattern of the user's such as `data/` must not swallow the base.
const GITIGNORE = '/txn/\n/undo/\n/lock*\n!/base/**\n';

/** What `.mlops/` holds for a tree: the base that later merges start from, its lock, and the schema for editors. */
export function stateFiles(tree: Tree, answers: string, schema: object): StateFile[] {
  return [
    ...[...tree.values()].map((file) => ({
      path: relPath(`.mlops/base/${file.path}.base`),
      bytes: file.bytes,
    })),
    stateText('.mlops/base/mlops.yaml.base', answers),
    stateText('.mlops/base.lock', baseLock(tree)),
    stateText('.mlops/schema.json', `${JSON.stringify(schema, null, 2)}\n`),
    stateText('.mlops/.gitattributes', GITATTRIBUTES),
    stateText('.mlops/.gitignore', GITIGNORE),
  ];
}

/** One line a path: `<git blob id> <mode> <policy> <path>`, in path order. */
function baseLock(tree: Tree): string {
  return [...tree.values()]
    .sort((a, b) => byCodePoint(a.path, b.path))
    .map((file) => `${lockLine(file)}\n`)
    .join('');
}

function lockLine(file: TreeFile): string {
  return `${gitBlobId(file.bytes)} ${file.mode.toString(8)} ${file.policy} ${file.path}`;
}

function stateText(path: string, text: string): StateFile {
  return { path: relPath(path), bytes: Buffer.from(text) };
}
