import type { CommandInput } from '../cli/command.ts';
import { undoEntries, undoPaths } from '../core/commit/undo-entries.ts';
import { keptIndexes } from '../core/commit/undo-index.ts';
import { planUndo } from '../core/commit/undo-plan.ts';
import { EXIT, type ExitCode, MlopsError, usageError } from '../core/errors.ts';
import { projectDisk } from '../core/io/on-disk.ts';
import { MANIFEST } from '../core/merge/state.ts';
import { carriedOut } from './carried-out.ts';
import { conflictStyle } from './options.ts';
import { archetypeIn, savedArchetype } from './saved-archetype.ts';

/** Takes back the last run, or all back to and including the one named; what was edited since is merged. */
export async function undoneProject(input: CommandInput, root: string): Promise<ExitCode> {
  const first = firstEntry(input, undoEntries(root));
  const paths = undoPaths(root, first);
  if (paths === undefined) throw damaged(first);
  const plan = planUndo(paths, projectDisk(root), {
    conflict: conflictStyle(input),
    cause: `undo of run ${first}`,
  });
  const from = savedArchetype(root);
  const answers = plan.state.find(({ path }) => path === MANIFEST)?.to;
  const archetype = answers === undefined ? from : archetypeIn(answers.bytes);
  const indexBefore = keptIndexes(root, first);
  return carriedOut(input, root, { ...plan, notes: [], archetype, from, title: 'Undo', indexBefore });
}

function firstEntry({ args }: CommandInput, entries: readonly number[]): number {
  const last = entries.at(-1);
  if (last === undefined) {
    throw new MlopsError({
      code: 'MLOPS_E_NO_UNDO',
      exit: EXIT.refused,
      message: 'There is no run that could be undone here.',
      hint: 'Use git to go further back.',
    });
  }
  const typed = args.texts.get('undo') ?? '';
  if (typed === '') return last;
  const number = entries.find((entry) => String(entry) === typed);
  if (number !== undefined) return number;
  throw usageError(
    `There is no run ${JSON.stringify(typed.slice(0, 20))} to undo.`,
    `Write --undo, or --undo=N with one of ${entries.join(', ')}.`,
  );
}

function damaged(entry: number): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_UNDO',
    exit: EXIT.refused,
    message: `What .mlops/undo keeps of run ${entry} or of a later one is damaged.`,
    hint: 'Use git to go back.',
  });
}
