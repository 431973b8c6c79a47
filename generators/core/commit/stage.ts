import type { Disk } from '../io/disk.ts';
import { type NewFile, writeFiles } from '../io/disk-files.ts';
import { type Content, type FileChange, groupOf, isPureCreation, replacingMode } from './change.ts';
import { sha256 } from './found.ts';
import type { Entry } from './journal-entry.ts';
import type { Layout } from './layout.ts';

// One descriptor a file is open at a time; the smallest usual limit is 256.
const BATCH = 64;

export function entryOf(change: FileChange): Entry {
  return { path: change.path, before: change.expect, after: wantedContent(change) };
}

function wantedContent(change: FileChange): Content {
  switch (change.kind) {
    case 'write':
      return { kind: 'file', hash: sha256(change.bytes), mode: replacingMode(change.mode, change.expect) };
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
): Promise<void> {
  const { txn, staged, draft, aside, after } = layout;
  const folders = isPureCreation(changes) ? [txn, staged] : [txn, staged, draft, aside, after];
  for (const folder of folders) disk.makeFolder(folder);
  const files = changes.flatMap((change, index) => newFiles(layout, change, index));
  for (let start = 0; start < files.length; start += BATCH) {
    writeFiles(disk, files.slice(start, start + BATCH));
    await pause();
  }
  changes.forEach((change, index) => {
    if (change.kind === 'link') disk.makeLink(change.target, `${layout.staged}/${index}`);
  });
}

/**
 * An updated file is written twice: undo needs what this run wrote as the base of its merge, and a second name
 * for the one in the project would follow the user's edits.
 */
function newFiles(layout: Layout, change: FileChange, index: number): NewFile[] {
  if (change.kind !== 'write') return [];
  const { bytes, expect } = change;
  const mode = replacingMode(change.mode, expect);
  const staged = { path: `${layout.staged}/${index}`, bytes, mode, durable: true };
  if (expect.kind !== 'file' || groupOf(change.path) === 1) return [staged];
  return [staged, { path: `${layout.after}/${index}`, bytes, mode, durable: false }];
}
