import { EXIT, type ExitCode, MlopsError, usageError } from '../core/errors.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { nearest } from '../core/profile/question.ts';
import { consoleTerminal, type Inquire } from '../terminal/console.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { parseArguments } from './arguments.ts';
import { COMMON_OPTIONS, type Command } from './command.ts';
import { errorJson, errorText } from './error-text.ts';
import { commandHelp, programHelp } from './help.ts';

// Loaded when called: a person who classifies does not wait for the templates.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  new: async () => (await import('../app/command.ts')).newCommand,
  classify: async () => (await import('../classify/command.ts')).classifyCommand,
  regenerate: async () => (await import('../regenerate/command.ts')).regenerateCommand,
  doctor: async () => (await import('../doctor/command.ts')).doctorCommand,
};

// Ctrl-C, a polite end, and a terminal that was closed.
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Face {
  /** How the person called us. */
  readonly program: string;
  /** Yeoman's prompts, where Yeoman runs us. */
  readonly inquire?: Inquire;
}

/** Runs one command from raw arguments; every outcome is an exit code, every failure one sentence. */
export async function runMlops(argv: readonly string[], face: Face): Promise<ExitCode> {
  // The reader, such as `head`, has seen enough: the work goes on, its words go nowhere.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const json = argv.includes('--json');
  const terminal = consoleTerminal({ json, inquire: face.inquire });
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  for (const signal of ENDINGS) process.once(signal, interrupt);
  try {
    return await dispatched(argv, face, terminal, interruption.signal);
  } catch (error) {
    return failed(error, { json, debug: argv.includes('--debug'), terminal });
  } finally {
    for (const signal of ENDINGS) process.off(signal, interrupt);
  }
}

async function dispatched(
  argv: readonly string[],
  { program }: Face,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const [name = '--help', ...rest] = argv.filter((word, index) => index > 0 || word !== '--json');
  const printed = (key: 'help' | 'version', text: string) =>
    said(terminal, argv.includes('--json'), key, text);
  if (name === '--version') return printed('version', packageVersion());
  if (name === '--help' || name === 'help') return printed('help', programHelp(program));
  const load = COMMANDS[name];
  if (load === undefined || !Object.hasOwn(COMMANDS, name)) throw unknownCommand(name, program);
  const command = await load();
  if (rest.includes('--version')) return printed('version', packageVersion());
  if (rest.includes('--help')) return printed('help', commandHelp(name, command, program));
  const options = [...COMMON_OPTIONS, ...command.options];
  const questions = command.questions();
  // Reads YAML, for which those who only want help do not wait.
  const { problemsInAnswers } = await import('./given-answers.ts');
  const args = parseArguments(rest, options, questions, command.maxPositionals, (read) =>
    problemsInAnswers(read, questions, process.cwd()),
  );
  return await command.run({ args, terminal, cwd: process.cwd(), program, signal });
}

/** The help of one command, for a face that prints it itself. */
export async function helpText(name: string, program: string): Promise<string> {
  const command = await COMMANDS[name]?.();
  return command === undefined ? programHelp(program) : commandHelp(name, command, program);
}

/** Help and version; under `--json` even they are JSON, since a program reads what is printed. */
function said(terminal: Terminal, json: boolean, key: 'help' | 'version', text: string): ExitCode {
  if (json) terminal.result({ schema: 1, [key]: text });
  else process.stdout.write(`${text}\n`);
  return EXIT.done;
}

interface FailureContext {
  readonly json: boolean;
  readonly debug: boolean;
  readonly terminal: Terminal;
}

function failed(error: unknown, { json, debug, terminal }: FailureContext): ExitCode {
  const known = error instanceof MlopsError ? error : bug(error);
  if (json) terminal.result(errorJson(known));
  else process.stderr.write(`${errorText(known, terminal.paint)}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
  return known.exit;
}

function bug(error: unknown): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_BUG',
    exit: EXIT.bug,
    message: `This is a bug of generator-mlops: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Run the command again with --debug and report what it prints.',
    cause: error,
  });
}

function unknownCommand(name: string, program: string): MlopsError {
  const close = nearest(name, Object.keys(COMMANDS));
  const meant = close === undefined ? '' : ` Did you mean ${program} ${close}?`;
  return usageError(
    `${JSON.stringify(name.slice(0, 60))} is not a command.${meant}`,
    `Run ${program} --help to see the commands.`,
  );
}
