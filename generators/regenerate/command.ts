import { settle } from '../app/settle.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { DETECT_OPTION } from '../cli/detected.ts';
import { allChoiceQuestions, packageCatalog } from '../core/catalog/catalog.ts';
import { type ExitCode, usageError } from '../core/errors.ts';
import { projectRootAbove, writtenRootAbove } from '../core/io/target.ts';
import { FACTS } from '../core/profile/facts.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';
import { recoveredProject } from './recovered.ts';
import { regeneratedProject } from './regenerated.ts';
import { undoneProject } from './undone.ts';

export const regenerateCommand: Command = {
  summary:
    'Brings a repository to what its answers ask for now: new answers, another kind, a newer generator. Merges with your edits, all or nothing.',
  usage: '',
  examples: ['--plan', '--ci=none', '--check', '--undo'],
  options: [
    { name: 'plan', help: 'show what would change, and write nothing' },
    { name: 'diff', help: 'show it as one patch' },
    { name: 'check', help: 'write nothing; exit 9 if there is something to do' },
    {
      name: 'conflict',
      takes: 'markers|side|yours|theirs',
      help: 'what becomes of lines that you and the template changed (default: markers)',
    },
    {
      name: 'kit',
      takes: 'FOLDER',
      help: 'take the recorded kit from this folder, in the version that is there',
    },
    {
      ...DETECT_OPTION,
      help: 'read facts from the code here, or in FOLDER; what this generator wrote is none',
    },
    { name: 'restore', takes: 'PATH', help: 'bring a file back as the template has it' },
    { name: 'undo', takes: 'N', isOptional: true, help: 'take back the last run, or all back to run N' },
    { name: 'recover', takes: 'back|forward', help: 'undo or finish a run that was interrupted' },
    { name: 'allow-downgrade', help: 'let an older generator than the last one write' },
  ],
  maxPositionals: 0,
  questions: () => [
    ...PROJECT_QUESTIONS.filter(({ key }) => key === 'archetype' || key === 'reason'),
    ...allChoiceQuestions(packageCatalog()),
    ...FACTS,
  ],
  run,
};

async function run(input: CommandInput): Promise<ExitCode> {
  const { args, cwd } = input;
  refuseMixed(input);
  // The run that was interrupted may be the one that makes the project.
  const root = args.texts.has('recover') ? writtenRootAbove(cwd) : projectRootAbove(cwd);
  if (root === undefined) {
    throw usageError(
      'There is no generated project here or in a folder above.',
      `Go into a project, or run ${input.program} new to write one.`.replace('yo mlops new', 'yo mlops'),
    );
  }
  if (args.texts.has('recover')) return recoveredProject(input, root);
  settle(root, input);
  return isGiven(input, 'undo') ? undoneProject(input, root) : regeneratedProject(input, root);
}

/** Options that ask for two different things at once. */
function refuseMixed(input: CommandInput): void {
  const { args } = input;
  const has = (name: string) => isGiven(input, name);
  const answered = args.answers.size > 0 || args.texts.has('answers') || has('detect');
  for (const name of ['undo', 'recover'].filter(has)) {
    const others = ['undo', 'recover', 'restore', 'check'].filter((other) => other !== name && has(other));
    if (others.length === 0 && !answered) continue;
    const other = others.length === 0 ? 'new answers' : `--${others[0]}`;
    throw usageError(`--${name} and ${other} cannot be asked for at once.`, 'Run one after the other.');
  }
  if (has('diff') && has('json'))
    throw usageError('--diff is a patch for people and --json is not.', 'Leave one of them out.');
}

function isGiven({ args }: CommandInput, name: string): boolean {
  return args.switches.has(name) || args.texts.has(name);
}
