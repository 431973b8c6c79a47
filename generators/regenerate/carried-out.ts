import { changeJson } from '../app/change-json.ts';
import type { CommandInput } from '../cli/command.ts';
import { visible } from '../core/classify/layout.ts';
import { refuseBlocked, writeChangeset } from '../core/commit/write-changeset.ts';
import { EXIT, type ExitCode } from '../core/errors.ts';
import type { IndexEntries } from '../core/io/git.ts';
import { projectDisk } from '../core/io/on-disk.ts';
import { type Changeset, isUnsettled, type Write } from '../core/merge/change.ts';
import { patchText } from '../core/merge/patch.ts';
import { MANIFEST, stateBlocks } from '../core/merge/state.ts';
import { isPending } from '../core/regeneration.ts';
import { changesText } from '../terminal/changes-text.ts';
import { isAgreedTo } from './agreed.ts';
import { stepsAfter } from './steps.ts';
import { uncommittedNote } from './uncommitted.ts';

/** A plan for a project that is there, and how it is reported. */
interface Run {
  readonly changeset: Changeset;
  readonly state: readonly Write[];
  readonly notes: readonly string[];
  readonly archetype: string | null;
  readonly from: string | null;
  readonly title: string;
  /** What git's index held before the runs that this one takes back. */
  readonly indexBefore?: readonly IndexEntries[];
}

/** Shows a plan, asks, and writes it; `--plan` and `--check` stop before that. */
export async function carriedOut(input: CommandInput, root: string, planned: Run): Promise<ExitCode> {
  const { args, terminal, signal } = input;
  const { changeset, state } = planned;
  refuseBlocked(changeset, root);
  refuseBlocked({ refused: stateBlocks(state, projectDisk(root)) }, root);
  const run = { ...planned, notes: [...planned.notes, ...uncommittedNote(root, changeset.changes)] };
  for (const note of run.notes) terminal.say(terminal.paint.warn(visible(note)));
  terminal.say(
    args.switches.has('diff') ? patchText(changeset.changes) : changesText(changeset.changes, terminal.paint),
  );
  const changesFiles = changeset.changes.some(({ writes }) => writes.length > 0);
  const hasWork = state.length > 0 || changesFiles;
  if (hasWork && !changesFiles) terminal.say(recordsText(state));
  const mayWrite = !args.switches.has('plan') && !args.switches.has('check');
  if (!mayWrite || !hasWork) {
    const isDue = isPending(run);
    report(input, root, run, isDue ? 'planned' : 'up-to-date');
    return args.switches.has('check') && isDue ? EXIT.pending : EXIT.done;
  }
  if (!(await isAgreedTo(input, changeset.changes, run.title))) {
    terminal.say('Nothing was written.');
    return EXIT.done;
  }
  const { indexBefore = [] } = run;
  const undo = await writeChangeset(root, changeset, state, { signal, indexBefore });
  const isSettled = !changeset.changes.some(isUnsettled);
  report(input, root, run, isSettled ? 'written' : 'conflicts', undo);
  return isSettled ? EXIT.done : EXIT.conflicts;
}

/** What a run changes where it changes no file of the user's. */
function recordsText(state: readonly Write[]): string {
  const isRecorded = state.some(({ path }) => path === MANIFEST);
  return isRecorded
    ? '\nOnly mlops.yaml and what the generator keeps in .mlops change.'
    : '\nOnly what the generator keeps in .mlops changes.';
}

type Status = 'planned' | 'up-to-date' | 'written' | 'conflicts';

function report(input: CommandInput, root: string, run: Run, status: Status, undo?: number): void {
  const { args, terminal } = input;
  const isWritten = status === 'written' || status === 'conflicts';
  const steps = isWritten ? stepsAfter(run.changeset.changes, root) : [];
  if (args.switches.has('json')) terminal.result(runJson(run, status, undo, steps));
  if (status === 'up-to-date') terminal.say('Nothing to do: everything is as the answers ask for.');
  if (isWritten) {
    const back = undo === undefined ? '' : `; --undo takes it back (.mlops/undo/${undo})`;
    terminal.say(terminal.paint.good(`✔ written${back}`));
  }
  if (steps.length > 0)
    terminal.say(
      ['', 'Next:', ...steps.map((step) => `  ${terminal.paint.accent(visible(step))}`)].join('\n'),
    );
}

function runJson(run: Run, status: Status, undo: number | undefined, nextSteps: readonly string[]): object {
  return {
    schema: 1,
    archetype: run.archetype,
    from: run.from,
    status,
    files: run.changeset.changes.map(changeJson),
    backup: undo === undefined ? null : `.mlops/undo/${undo}`,
    install: 'skipped',
    nextSteps,
    notes: run.notes,
  };
}
