import type { ExitCode } from '../core/errors.ts';
import type { Question } from '../core/profile/question.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Arguments, OptionSpec } from './arguments.ts';

export interface CommandInput {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly cwd: string;
  /** How the person called us, for the commands that we suggest: `mlops` or `yo mlops`. */
  readonly program: string;
  /** Aborted by Ctrl-C or a request to end. */
  readonly signal: AbortSignal;
}

/** What both faces run; it knows neither Yeoman nor inquirer. */
export interface Command {
  readonly summary: string;
  /** The words after the program's name in the usage line. */
  readonly usage: string;
  readonly examples: readonly string[];
  readonly options: readonly OptionSpec[];
  readonly maxPositionals: number;
  questions(): readonly Question[];
  run(input: CommandInput): Promise<ExitCode>;
}

/** Options that every command takes. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: 'answers', takes: 'FILE', help: 'take answers from YAML or JSON: the keys of mlops.yaml' },
  { name: 'yes', help: 'ask nothing: choices take their defaults, facts not given stay unknown' },
  { name: 'json', help: 'print the result as JSON, and ask nothing' },
  { name: 'debug', help: 'show where an error comes from' },
  { name: 'help', help: 'show this help' },
  { name: 'version', help: 'show the version' },
];
