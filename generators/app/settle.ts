import type { CommandInput } from '../cli/command.ts';
import { lockedError } from '../core/commit/commit-errors.ts';
import { pendingTransaction, recoverTransaction } from '../core/commit/recover.ts';
import { EXIT, MlopsError } from '../core/errors.ts';

// Options under which a run writes nothing.
const READ_ONLY = ['plan', 'check'];

/** A run that was killed behind its point of no return is finished first; a plan only says that there is one. */
export function settle(folder: string, { args, terminal }: CommandInput): void {
  if (READ_ONLY.some((name) => args.switches.has(name))) {
    const { kind } = pendingTransaction(folder);
    if (kind === 'interrupted') throw interruptedRunError(folder);
    if (kind === 'running') throw lockedError('it is in the middle of it');
    return;
  }
  const { kind } = recoverTransaction(folder, 'auto');
  if (kind === 'none') return;
  const ended = kind === 'finished' ? 'finished' : 'rolled back';
  terminal.say(terminal.paint.warn(`A run that had been interrupted was ${ended}.`));
}

function interruptedRunError(folder: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_INTERRUPTED_RUN',
    exit: EXIT.refused,
    message: `A run in ${folder} was interrupted and is not finished.`,
    hint: 'Run the command without --plan and --check: it finishes that run first.',
  });
}
