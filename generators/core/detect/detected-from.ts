import { totalmem } from 'node:os';
import { gitAuthors } from '../io/git-authors.ts';
import { sourceTree } from '../io/source-tree.ts';
import { type Detection, detectFacts } from './detect.ts';
import type { OwnTexts } from './own-texts.ts';

/** A person waits for it, so it ends after this, whatever it has read by then. */
const LIMIT_MS = 2000;

/** Reads a folder and its history for at most two seconds; `ours` is what this generator wrote there. */
export async function detectedFrom(folder: string, ours?: OwnTexts): Promise<Detection> {
  // git runs while the files are read.
  const authors = gitAuthors(folder, LIMIT_MS);
  const tree = sourceTree(folder, performance.now() + LIMIT_MS);
  return detectFacts(tree, await authors, totalmem(), ours);
}
