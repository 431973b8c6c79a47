import type { CommandInput } from '../cli/command.ts';
import { visible } from '../core/classify/layout.ts';
import { EXIT, type ExitCode, MlopsError } from '../core/errors.ts';
import { installed, isOnPath } from '../core/io/install.ts';
import { isInsideGit } from '../core/io/target.ts';
import { type Changeset, isUnsettled } from '../core/merge/change.ts';
import { changeJson } from './change-json.ts';
import { firstSteps, nextSteps, settleStep } from './next-steps.ts';
import type { Target } from './target.ts';

type Status = 'planned' | 'written' | 'conflicts';
type Install = 'done' | 'failed' | 'skipped';

interface Outcome {
  planned(): ExitCode;
  declined(): ExitCode;
  /** `undo` is the number of the undo entry, if the run has one. */
  written(undo: number | undefined): Promise<ExitCode>;
}

/** How `new` ends: what it prints, and the same as JSON. A kit that stands alone has no archetype. */
export function outcomeOf(
  input: CommandInput,
  archetype: string | null,
  { changes }: Changeset,
  target: Target,
): Outcome {
  const { args, terminal } = input;
  const unsettled = changes.filter(isUnsettled);
  const report = (status: Status, install: Install, undo: number | undefined): ExitCode => {
    const steps =
      status === 'planned' ? [] : [...unsettled.map(settleStep), ...stepsAt(target, archetype, install)];
    if (args.switches.has('json'))
      terminal.result(outcomeJson(archetype, changes, { status, install, steps, undo }));
    else if (status !== 'planned') terminal.say(endText(steps, terminal));
    return status === 'conflicts' ? EXIT.conflicts : EXIT.done;
  };
  return {
    planned: () => report('planned', 'skipped', undefined),
    declined: () => {
      terminal.say('Nothing was written.');
      return EXIT.done;
    },
    written: async (undo) => {
      terminal.say(terminal.paint.good(`✔ ${changes.length} files in ${visible(target.folder)}`));
      const install = archetype === null ? 'skipped' : await installOutcome(input, target);
      return report(unsettled.length === 0 ? 'written' : 'conflicts', install, undo);
    },
  };
}

async function installOutcome({ args, terminal, signal }: CommandInput, target: Target): Promise<Install> {
  const refused = args.switches.has('no-install') || args.switches.has('skip-install');
  const asked =
    terminal.interactive && !args.switches.has('yes') && !args.switches.has('install') && !refused;
  const wanted = asked ? await isWanted(terminal) : args.switches.has('install') && !refused;
  if (!wanted) return 'skipped';
  terminal.say(terminal.paint.faint('Setting up the environment …'));
  const result = await installed(target.folder, args.switches.has('json'), signal);
  if (result.kind === 'failed')
    terminal.say(
      terminal.paint.warn(`The environment was not set up: ${result.reason}. The repository is complete.`),
    );
  return result.kind;
}

/** The repository is there: a prompt that is closed now is a no. */
async function isWanted(terminal: CommandInput['terminal']): Promise<boolean> {
  const message = 'Set up the Python environment now (uv sync, about 400 MB)?';
  try {
    return (await terminal.ask({ kind: 'confirm', message, default: true })) === true;
  } catch (error) {
    if (error instanceof MlopsError && error.exit === EXIT.interrupted) return false;
    throw error;
  }
}

function stepsAt(target: Target, archetype: string | null, install: Install): string[] {
  const place = { shown: target.shown, insideGit: isInsideGit(target.folder) };
  if (archetype === null) return firstSteps(place);
  const uvMissing = install !== 'done' && !isOnPath('uv');
  return nextSteps({ ...place, project: target.project, uvMissing });
}

function endText(steps: readonly string[], { paint }: CommandInput['terminal']): string {
  return ['', 'Next:', ...steps.map((step) => `  ${paint.accent(visible(step))}`)].join('\n');
}

interface Ending {
  readonly status: Status;
  readonly install: Install;
  readonly steps: readonly string[];
  readonly undo: number | undefined;
}

function outcomeJson(
  archetype: string | null,
  changes: Changeset['changes'],
  { status, install, steps, undo }: Ending,
): object {
  return {
    schema: 1,
    archetype,
    from: null,
    status,
    files: changes.map(changeJson),
    backup: undo === undefined ? null : `.mlops/undo/${undo}`,
    install,
    nextSteps: steps,
  };
}
