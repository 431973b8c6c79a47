import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ErrorDetail } from '../errors.ts';
import {
  contentBelow,
  type FolderContent,
  type FolderFile,
  type FolderLink,
  namesIn,
} from '../io/kit-folder.ts';
import { folderProblem } from '../io/source-tree.ts';
import { textAt } from '../io/text-file.ts';
import { nearest } from '../profile/question.ts';
import { kitError, kitUnreachable } from './kit-error.ts';
import { type KitManifest, parseManifest } from './manifest.ts';

/** A team's kit as it was read: what its manifest says, and its files by the path that they have below `files/`. */
export interface Kit extends KitManifest {
  /** Where it was read, as a person would write it. */
  readonly shown: string;
  readonly files: readonly FolderFile[];
  readonly links: readonly FolderLink[];
  /** Over its manifest and its files; other things in its folder do not count. */
  readonly hash: string;
}

const BOUNDS = { files: 2000, bytes: 16 * 1024 * 1024 };
const NO_CONTENT: FolderContent = { files: [], links: [], untaken: [] };
const MANIFEST = 'kit.yaml';
const FILES = 'files';

/**
 * Reads a kit's folder; nothing of it runs. Throws one error (exit 8) with everything that is wrong in it, or exit 5
 * where there is no such folder.
 */
export function readKit(folder: string, shown: string, generator: string): Kit {
  const unreachable = folderProblem(folder);
  if (unreachable !== undefined) throw kitUnreachable(shown, unreachable);
  const text = textAt(join(folder, MANIFEST));
  if (text.kind !== 'text') {
    const reason = text.kind === 'absent' ? 'it has no kit.yaml' : `kit.yaml: ${text.reason}`;
    throw kitError(shown, [{ path: MANIFEST, message: reason }]);
  }
  const { manifest, problems } = parseManifest(MANIFEST, text.text, generator);
  const names = namesIn(folder);
  const content = names.includes(FILES) ? contentBelow(join(folder, FILES), BOUNDS) : NO_CONTENT;
  const all = [...problems, ...layoutProblems(names), ...content.untaken.map(untakenProblem)];
  if (all.length > 0) throw kitError(shown, all);
  const { files, links } = content;
  return { ...manifest, shown, files, links, hash: contentHash(text.text, content) };
}

function untakenProblem({ path, reason }: { readonly path: string; readonly reason: string }): ErrorDetail {
  return { path: [FILES, path].filter((part) => part !== '').join('/'), message: reason };
}

/** What lies in a kit's folder without being read would be missed in silence. */
function layoutProblems(names: readonly string[]): ErrorDetail[] {
  const later = names
    .filter((name) => name === 'fragments' || name === 'jobs.yaml' || /^(files|fragments)\+/.test(name))
    .map((path) => ({ path, message: 'it is not supported by this version' }));
  if (names.includes(FILES)) return later;
  const close = nearest(FILES, names);
  const hint = close === undefined ? '' : `; the nearest is ${close}`;
  return [...later, { path: FILES, message: `there is no such folder${hint}` }];
}

/** The same on every machine: each file's length, path and bytes, in path order, then links; modes are in the manifest. */
function contentHash(manifest: string, { files, links }: FolderContent): string {
  const hash = createHash('sha256');
  const entries = [
    ...files.map(({ path, bytes }) => ({ path: `${FILES}/${path}`, bytes })),
    { path: MANIFEST, bytes: Buffer.from(manifest) },
  ];
  for (const { path, bytes } of entries) hash.update(`${bytes.byteLength} ${path}\0`).update(bytes);
  for (const { path, target } of links) hash.update(`link ${FILES}/${path}\0${target}\0`);
  return `sha256:${hash.digest('hex')}`;
}
