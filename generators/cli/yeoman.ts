import Generator from 'yeoman-generator';
import { EXIT } from '../core/errors.ts';
import { STOPPED } from '../terminal/console.ts';
import { helpText, runMlops } from './run.ts';

const PROGRAM = 'yo mlops';

/** A Yeoman generator that hands one of our commands its raw arguments; all else is the command's. */
export async function generatorFor(command: string): Promise<unknown> {
  const help = process.argv.includes('--help') ? await helpText(command, PROGRAM) : '';
  return class extends Generator {
    constructor(...[args, options]: ConstructorParameters<typeof Generator>) {
      // We commit in one transaction and ask before we install: Yeoman must do neither.
      super(args, options, { customCommitTask: true, customInstallTask: true });
    }

    override help(): string {
      return help;
    }

    async initializing(): Promise<void> {
      const code = await runMlops([command, ...rawArguments()], {
        program: PROGRAM,
        inquire: (question) => this.env.adapter.prompt([question as never]).catch(quietly),
      });
      if (code !== EXIT.done) process.exitCode = code;
    }
  };
}

/** A prompt that was closed ends the whole environment, which prints the error and exits with its code: ours are set. */
function quietly(error: unknown): never {
  throw error instanceof Error ? Object.assign(error, { code: EXIT.interrupted, message: STOPPED }) : error;
}

/** What the person typed after `yo mlops:…`: Yeoman's own parser accepts options that we have to refuse. */
function rawArguments(): string[] {
  const words = process.argv.slice(2);
  const at = words.findIndex((word) => !word.startsWith('-'));
  return words.filter((_, index) => index !== at);
}
