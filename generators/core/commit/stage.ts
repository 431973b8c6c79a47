import type { Disk } from '../io/disk.ts';
import { type NewFile, writeFiles, writeManyFiles } from '../io/disk-files.ts';
import { type Content, type FileChange, groupOf, isPureCreation, replacingMode } from './change.ts';
import { sha256 } from './found.ts';
import type { Entry } from './journal-entry.ts';
import type { Layout } from './layout.ts';
import { packedBytes } from './written-bytes.ts';

function entryOf(change: FileChange): Entry {
  return { path: change.path, before: change.expect, after: wantedContent(change) };
}

function wantedContent(change: FileChange): Content {
  switch (change.kind) {
    case 'write':
      return {
        kind: 'file',
        hash: sha256(change.bytes),
        mode: replacingMode(change.mode, change.expect, change.bits),
      };
    case 'link':
      return { kind: 'link', target: change.target };
    case 'delete':
      return { kind: 'absent' };
  }
}

/** Writes all new content into the transaction's folder; `pause` runs between batches and may throw. */
export async function stageChanges(
  disk: Disk,
  layout: Layout,
  changes: readonly FileChange[],
  pause: () => Promise<void>,
): Promise<readonly Entry[]> {
  const entries = changes.map(entryOf);
  const { txn, staged, draft, aside } = layout;
  const keepsUndo = !isPureCreation(changes);
  const folders = keepsUndo ? [txn, staged, draft, aside] : [txn, staged];
  for (const folder of folders) disk.makeFolder(folder);
  await writeManyFiles(disk, stagedFiles(layout, changes, entries), pause);
  changes.forEach((change, index) => {
    if (change.kind === 'link') disk.makeLink(change.target, `${staged}/${index}`);
  });
  if (keepsUndo) keepWritten(disk, layout, changes, entries);
  return entries;
}

function stagedFiles(
  { staged }: Layout,
  changes: readonly FileChange[],
  entries: readonly Entry[],
): NewFile[] {
  return changes.flatMap((change, index) => {
    const after = entries[index]?.after;
    if (change.kind !== 'write' || after?.kind !== 'file') return [];
    return [{ path: `${staged}/${index}`, bytes: change.bytes, mode: after.mode, durable: true }];
  });
}

/** Undo needs what this run wrote as the base of its merge; a second name for any file would follow later edits. */
function keepWritten(
  disk: Disk,
  { written }: Layout,
  changes: readonly FileChange[],
  entries: readonly Entry[],
): void {
  const kept = changes.flatMap((change, index) => {
    const wanted = entries[index]?.after;
    if (change.kind !== 'write' || change.expect.kind !== 'file' || groupOf(change.path) === 1) return [];
    return wanted?.kind === 'file' ? [{ index, bytes: change.bytes, mode: wanted.mode }] : [];
  });
  if (kept.length === 0) return;
  // What the user keeps private is not to be read here either.
  const mode = kept.reduce((common, one) => common & one.mode, 0o644);
  writeFiles(disk, [{ path: written, bytes: packedBytes(kept), mode, durable: false }]);
}
