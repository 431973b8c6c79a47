import { EXIT, MlopsError } from '../core/errors.ts';
import { type Prompt, painter, type Terminal } from './terminal.ts';

/** The shape that both inquirer and Yeoman's adapter take a question in. */
export type Inquire = (question: object) => Promise<Readonly<Record<string, unknown>>>;

interface ConsoleOptions {
  readonly json: boolean;
  /** Yeoman's adapter; without one, inquirer is loaded at the first question. */
  readonly inquire?: Inquire | undefined;
}

/** What a person reads who closes a prompt. */
export const STOPPED = 'Stopped before anything was written.';

/** A terminal on the process's own streams. */
export function consoleTerminal({ json, inquire = inquirer }: ConsoleOptions): Terminal {
  // In this order: Node opens standard input when it is first mentioned, and that takes a while.
  const interactive = !json && process.stdout.isTTY === true && process.stdin.isTTY === true;
  const colour = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return {
    interactive,
    paint: painter(colour),
    say: (text) => {
      if (!json) process.stdout.write(`${text}\n`);
    },
    result: (value) => {
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    ask: async (prompt) => answerOf(await asked(inquire, prompt)),
  };
}

async function inquirer(question: object): Promise<Readonly<Record<string, unknown>>> {
  const { default: program } = await import('inquirer');
  // inquirer types its questions by their literal; ours are made by `questionOf` from a Prompt.
  return await program.prompt([question as never]);
}

async function asked(inquire: Inquire, prompt: Prompt): Promise<unknown> {
  try {
    return (await inquire(questionOf(prompt))).answer;
  } catch (error) {
    if (
      error instanceof Error &&
      /ExitPrompt|AbortPrompt|force closed/.test(`${error.name} ${error.message}`)
    ) {
      throw interrupted();
    }
    throw error;
  }
}

function questionOf(prompt: Prompt): object {
  const { message } = prompt;
  const preset = prompt.default === undefined ? {} : { default: prompt.default };
  switch (prompt.kind) {
    case 'text':
      return {
        type: 'input',
        name: 'answer',
        message,
        ...preset,
        validate: (text: string) => prompt.problemWith(text) ?? true,
      };
    case 'select':
      return { type: 'select', name: 'answer', message, choices: prompt.choices, ...preset };
    case 'confirm':
      return { type: 'confirm', name: 'answer', message, ...preset };
  }
}

function answerOf(answer: unknown): string | boolean {
  if (typeof answer === 'string' || typeof answer === 'boolean') return answer;
  throw interrupted();
}

function interrupted(): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_INTERRUPTED',
    exit: EXIT.interrupted,
    message: STOPPED,
    hint: 'Run the command again when you are ready.',
  });
}
