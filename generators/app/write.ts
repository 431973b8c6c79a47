import type { CommandInput } from '../cli/command.ts';
import { visible } from '../core/classify/layout.ts';
import { refuseBlocked, writeChangeset } from '../core/commit/write-changeset.ts';
import type { OnDisk } from '../core/io/on-disk.ts';
import { lookAt, projectDisk } from '../core/io/on-disk.ts';
import type { Changeset } from '../core/merge/change.ts';
import { isUnsettled } from '../core/merge/change.ts';
import { NOTHING_BEFORE, planChanges } from '../core/merge/changeset.ts';
import { MANIFEST, stateBlocks, stateWrites } from '../core/merge/state.ts';
import type { WantedProject } from '../core/wanted.ts';
import { treeText } from '../terminal/tree-text.ts';
import type { Target } from './target.ts';

/** What would happen to the user's files; the generator's own state files are not in it. */
export function changesetFor({ tree }: WantedProject, folder: string): Changeset {
  const changeset = planChanges(new Map(), tree, projectDisk(folder), NOTHING_BEFORE);
  refuseBlocked(changeset, folder);
  return changeset;
}

/** The plan as a person reads it before anything is written. */
export function previewText(
  { changes }: Changeset,
  target: Target,
  { paint }: CommandInput['terminal'],
): string {
  const created = changes.filter(({ op }) => op === 'create');
  const adopted = changes.filter(({ op }) => op === 'adopt').length;
  const also = adopted === 0 ? '' : `, ${adopted} already there and identical`;
  const where = target.shown === '.' ? 'this folder' : target.shown;
  return [
    '',
    paint.strong(`${created.length} files in ${where}${also}:`),
    treeText(
      created.map(({ path }) => path),
      paint,
    ),
    ...besideText(changes, paint),
    '',
  ].join('\n');
}

/** What happens to files that were there and differ. */
function besideText(changes: Changeset['changes'], paint: CommandInput['terminal']['paint']): string[] {
  const others = changes.filter(({ op }) => op !== 'create' && op !== 'adopt');
  return others.map((change) => {
    const line = `${change.path}  ${change.why}${change.side === undefined ? '' : `: see ${change.side}`}`;
    return isUnsettled(change) ? paint.warn(visible(line)) : visible(line);
  });
}

/** On a terminal a person says yes to the plan; elsewhere the command itself was the yes. */
export async function isAgreed({ args, terminal }: CommandInput): Promise<boolean> {
  if (!terminal.interactive || args.switches.has('yes')) return true;
  return (await terminal.ask({ kind: 'confirm', message: 'Write these files?', default: true })) === true;
}

/** Writes what the plan said and the generator's state, in one transaction; refuses where the disk changed since. */
export async function writtenProject(
  { answers, schema }: WantedProject,
  changeset: Changeset,
  answersRead: string | undefined,
  { folder }: Target,
  signal: AbortSignal,
): Promise<number | undefined> {
  const read = answersAsRead(lookAt(folder, MANIFEST), answersRead);
  const disk = projectDisk(folder);
  const state = stateWrites({ base: changeset.base, answers, schema }, disk, read);
  refuseBlocked({ refused: stateBlocks(state, disk) }, folder);
  return await writeChangeset(folder, changeset, state, { signal });
}

/** The answers that were read are what may be replaced, not what somebody wrote there since. */
function answersAsRead(found: OnDisk, text: string | undefined): OnDisk {
  if (text === undefined || found.kind !== 'file') return { kind: 'absent' };
  return new TextDecoder().decode(found.bytes) === text ? found : { ...found, bytes: Buffer.from(text) };
}
