import type { Disk } from '../io/disk.ts';
import { nodeDisk } from '../io/node-disk.ts';
import type { RelPath } from '../rel-path.ts';
import type { Content } from './change.ts';
import { undoNumbers } from './complete.ts';
import { beforeWithEdits, type Kept, type UndoPath } from './edited-between.ts';
import { sha256 } from './found.ts';
import { layoutOf } from './layout.ts';
import { parseJournal } from './parse-journal.ts';
import { unpackedBytes } from './written-bytes.ts';

/** The runs that can be undone, oldest first. */
export function undoEntries(root: string, disk: Disk = nodeDisk): number[] {
  const { undo } = layoutOf(root);
  return disk.see(undo)?.kind === 'folder' ? undoNumbers(disk, undo) : [];
}

/**
 * What all runs from `first` on did to each path, taken together. Undefined where an entry cannot be read or its
 * bytes are not those that it names.
 */
export function undoPaths(root: string, first: number, disk: Disk = nodeDisk): UndoPath[] | undefined {
  const paths = new Map<RelPath, UndoPath>();
  for (const number of undoEntries(root, disk).reverse()) {
    if (number < first) break;
    const entries = entriesOf(root, number, disk);
    if (entries === undefined) return undefined;
    for (const entry of entries) {
      const later = paths.get(entry.path);
      const both = later && { ...later, before: beforeWithEdits(entry, later.before) };
      paths.set(entry.path, both ?? entry);
    }
  }
  return [...paths.values()];
}

function entriesOf(root: string, number: number, disk: Disk): UndoPath[] | undefined {
  const folder = `${layoutOf(root).undo}/${number}`;
  const bytes = bytesAt(disk, `${folder}/run.json`);
  const journal = bytes && parseJournal(Buffer.from(bytes).toString('utf8'));
  if (journal === undefined) return undefined;
  const written = unpackedBytes(bytesAt(disk, `${folder}/after`) ?? new Uint8Array());
  const paths = journal.entries.map(({ path, before, after }, index): UndoPath => {
    const old = before.kind === 'file' ? bytesAt(disk, `${folder}/before/${index}`) : undefined;
    return { path, before: kept(before, old), after: kept(after, written.get(index)) };
  });
  const isWhole = paths.every(({ before }) => before.content.kind !== 'file' || before.bytes !== undefined);
  return isWhole ? paths : undefined;
}

function kept(content: Content, bytes: Uint8Array | undefined): Kept {
  const isRight = bytes !== undefined && content.kind === 'file' && sha256(bytes) === content.hash;
  return { content, bytes: isRight ? bytes : undefined };
}

function bytesAt(disk: Disk, path: string): Uint8Array | undefined {
  return disk.see(path)?.kind === 'file' ? disk.read(path) : undefined;
}
