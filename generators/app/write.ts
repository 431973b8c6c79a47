import { createHash } from 'node:crypto';
import type { CommandInput } from '../cli/command.ts';
import type { FileChange } from '../core/commit/change.ts';
import { commitChanges } from '../core/commit/transaction.ts';
import { EXIT, MlopsError } from '../core/errors.ts';
import { lookAt, type OnDisk } from '../core/io/on-disk.ts';
import { type Change, type Changeset, planChanges } from '../core/merge/changeset.ts';
import type { WantedProject } from '../core/wanted.ts';
import { treeText } from '../terminal/tree-text.ts';
import type { Target } from './target.ts';

/** What would happen to the user's files; the generator's own state files are not in it. */
export function changesetFor({ tree }: WantedProject, folder: string): Changeset {
  const changes = planChanges(tree, (path) => lookAt(folder, path));
  const refused = changes.filter((change) => change.op === 'refuse');
  if (refused.length > 0) throw occupied(folder, refused);
  return changes;
}

/** The plan as a person reads it before anything is written. */
export function previewText(changes: Changeset, target: Target, terminal: CommandInput['terminal']): string {
  const { paint } = terminal;
  const adopted = changes.filter(({ op }) => op === 'adopt').length;
  const also = adopted === 0 ? '' : `, ${adopted} already there and identical`;
  return [
    '',
    paint.strong(
      `${changes.length - adopted} files in ${target.shown === '.' ? 'this folder' : target.shown}${also}:`,
    ),
    treeText(
      changes.map(({ path }) => path),
      paint,
    ),
    '',
  ].join('\n');
}

/** On a terminal a person says yes to the plan; elsewhere the command itself was the yes. */
export async function isAgreed({ args, terminal }: CommandInput): Promise<boolean> {
  if (!terminal.interactive || args.switches.has('yes')) return true;
  return (await terminal.ask({ kind: 'confirm', message: 'Write these files?', default: true })) === true;
}

/** Writes what the plan said and the generator's state, in one transaction; refuses where the disk changed since. */
export async function writtenProject(
  wanted: WantedProject,
  changes: Changeset,
  savedAnswers: string | undefined,
  { folder }: Target,
  signal: AbortSignal,
): Promise<void> {
  const created = changes.flatMap(({ op, path }) => (op === 'create' ? (wanted.tree.get(path) ?? []) : []));
  const files = created.map(({ path, bytes, mode }): FileChange => {
    return { kind: 'write', path, bytes, mode, expect: { kind: 'absent' } };
  });
  const state = wanted.state.map(({ path, bytes }): FileChange => {
    const found = lookAt(folder, path);
    const expect = path === MANIFEST ? expectedAnswers(found, savedAnswers) : expectedAt(found);
    return { kind: 'write', path, bytes, mode: 0o644, expect };
  });
  await commitChanges(folder, [...files, ...state].filter(isNeeded), { signal });
}

const MANIFEST = 'mlops.yaml';

/** A file that is as it should be is left alone. */
function isNeeded(change: FileChange): boolean {
  return !(
    change.kind === 'write' &&
    change.expect.kind === 'file' &&
    change.expect.hash === sha256(change.bytes)
  );
}

/** The answers that were read are what may be replaced, not what somebody wrote there since. */
function expectedAnswers(found: OnDisk, read: string | undefined): FileChange['expect'] {
  if (read === undefined || found.kind !== 'file') return { kind: 'absent' };
  return { kind: 'file', hash: sha256(Buffer.from(read)), mode: found.mode };
}

function expectedAt(found: OnDisk): FileChange['expect'] {
  return found.kind === 'file'
    ? { kind: 'file', hash: sha256(found.bytes), mode: found.mode }
    : { kind: 'absent' };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function occupied(folder: string, refused: readonly Change[]): MlopsError {
  const count = refused.length === 1 ? 'A file that differs is' : `${refused.length} files that differ are`;
  return new MlopsError({
    code: 'MLOPS_E_OCCUPIED',
    exit: EXIT.refused,
    message: `${count} already in ${folder}; nothing was written.`,
    hint: 'Move the files listed away, or name a new folder.',
    details: refused.map((change) => ({
      path: change.path,
      message: change.op === 'refuse' ? change.found : '',
    })),
  });
}
