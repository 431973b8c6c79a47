import { relative } from 'node:path';
import { archetypePage } from '../app/page.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { calledAs } from '../cli/help.ts';
import { packageCatalog } from '../core/catalog/catalog.ts';
import { examinedProject } from '../core/doctor/examined.ts';
import type { Finding } from '../core/doctor/finding.ts';
import { findingsIn, isProblem } from '../core/doctor/findings.ts';
import { shellWord } from '../core/doctor/words.ts';
import { EXIT, type ExitCode, MlopsError, usageError } from '../core/errors.ts';
import { errnoOf, pathOf } from '../core/io/disk.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { writtenRootAbove } from '../core/io/target.ts';
import { reasonOf } from '../core/io/text-file.ts';
import { findingsText } from '../terminal/findings-text.ts';

export const doctorCommand: Command = {
  summary:
    'Says what is wrong in a generated repository, each finding with the command that mends it. It writes nothing. Exit 0 when there is nothing to mend (notes do not count), else 9.',
  usage: '',
  examples: ['', '--json'],
  options: [],
  maxPositionals: 0,
  questions: () => [],
  run,
};

async function run(input: CommandInput): Promise<ExitCode> {
  const { args, terminal, cwd } = input;
  const root = writtenRootAbove(cwd);
  if (root === undefined) {
    throw usageError(
      'There is no generated project here or in a folder above.',
      `Go into a project, or run ${calledAs('new', input.program)} to write one.`,
    );
  }
  const findings = findingsAt(root, input).map((finding) => pastedFrom(cwd, root, finding));
  if (args.switches.has('json')) terminal.result({ schema: 1, findings });
  terminal.say(findingsText(findings, terminal.paint));
  return findings.some(isProblem) ? EXIT.pending : EXIT.done;
}

function findingsAt(root: string, { args, program }: CommandInput): readonly Finding[] {
  // Both faces give the same JSON, and the program is there wherever Yeoman's face is.
  const face = args.switches.has('json') ? 'mlops' : program;
  const call = (command: string) => calledAs(command, face);
  const [catalog, generator] = [packageCatalog(), packageVersion()];
  try {
    return findingsIn(examinedProject({ root, catalog, generator, call, page: archetypePage }));
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw new MlopsError({
      code: 'MLOPS_E_IO',
      exit: EXIT.io,
      message: `Cannot look at ${pathOf(error) ?? root}: ${reasonOf(error)}.`,
      hint: 'Give this user access there, then run the command again.',
      cause: error,
    });
  }
}

/** Commands are for the root of the project; from elsewhere they go there first. */
function pastedFrom(cwd: string, root: string, finding: Finding): Finding {
  const way = relative(cwd, root);
  if (finding.command === null || way === '') return finding;
  return { ...finding, command: `cd ${shellWord(way)} && ${finding.command}` };
}
