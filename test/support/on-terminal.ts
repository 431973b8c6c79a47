import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';

const LIMIT_MS = 30_000;

/** A program on a pseudo-terminal, driven as a person would: wait for words, then type. */
export class OnTerminal {
  readonly #pty: IPty;
  #screen = '';
  #code: number | undefined;

  constructor(file: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = process.env) {
    this.#pty = spawn(file, args, {
      cwd,
      cols: 160,
      rows: 60,
      env: { ...env, TERM: 'xterm', CI: undefined },
    });
    this.#pty.onData((data) => {
      this.#screen += data;
    });
    this.#pty.onExit(({ exitCode }) => {
      this.#code = exitCode;
    });
  }

  /** What has been printed since the last call, without control sequences, once it holds the words. */
  async until(words: string | RegExp): Promise<string> {
    await this.#when(() => {
      const text = stripVTControlCharacters(this.#screen);
      return typeof words === 'string' ? text.includes(words) : words.test(text);
    }, String(words));
    const text = stripVTControlCharacters(this.#screen);
    this.#screen = '';
    return text;
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  enter(text = ''): void {
    this.type(`${text}\r`);
  }

  close(): void {
    this.#pty.kill('SIGHUP');
  }

  async exit(): Promise<number> {
    await this.#when(() => this.#code !== undefined, 'the end');
    return this.#code ?? -1;
  }

  get rest(): string {
    return stripVTControlCharacters(this.#screen);
  }

  async #when(isMet: () => boolean, awaited: string): Promise<void> {
    const deadline = Date.now() + LIMIT_MS;
    while (!isMet()) {
      if (Date.now() > deadline)
        throw new Error(`waited in vain for ${awaited}; the screen says:\n${this.rest}`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }
}
