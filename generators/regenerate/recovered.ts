import type { CommandInput } from '../cli/command.ts';
import { type Recovery, recoverTransaction } from '../core/commit/recover.ts';
import { EXIT, type ExitCode } from '../core/errors.ts';
import { recoveryDirection } from './options.ts';
import { savedArchetype } from './saved-archetype.ts';

/** Undoes or finishes a run that was interrupted, as the user chose, and does nothing else. */
export function recoveredProject(input: CommandInput, root: string): ExitCode {
  const recovery = recoverTransaction(root, recoveryDirection(input));
  const { args, terminal } = input;
  if (args.switches.has('json')) terminal.result(recoveryJson(root, recovery));
  terminal.say(recoveryText(recovery));
  return EXIT.done;
}

function recoveryText(recovery: Recovery): string {
  if (recovery.kind === 'none') return 'No run was interrupted here.';
  const ended = recovery.kind === 'finished' ? 'finished' : 'taken back';
  const kept = recovery.kept.map((path) => `  ${path}  you changed it since; it was left as it is`);
  return [`The interrupted run was ${ended}: ${recovery.paths.length} files.`, ...kept].join('\n');
}

function recoveryJson(root: string, recovery: Recovery): object {
  const kept = new Set<string>(recovery.kind === 'none' ? [] : recovery.kept);
  const paths = recovery.kind === 'none' ? [] : recovery.paths.filter((path) => !path.startsWith('.mlops/'));
  const archetype = savedArchetype(root);
  const why = `the interrupted run was ${recovery.kind}`;
  return {
    schema: 1,
    archetype,
    from: archetype,
    status: recovery.kind === 'none' ? 'up-to-date' : 'written',
    files: paths.map((path) => ({ path, op: kept.has(path) ? 'keep' : 'restore', layer: '', why })),
    backup: null,
    install: 'skipped',
    nextSteps: [],
    notes: [],
  };
}
