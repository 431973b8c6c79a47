import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureUv, toolEnv } from '../../scripts/tools.ts';
import { tempFolder } from './folders.ts';
import { MAIN } from './mlops.ts';

/** What a finished program left behind. */
export interface Ended {
  readonly code: number | null;
  /** Standard output and error, in this order. */
  readonly text: string;
}

/** A repository that the generator wrote, with its environment set up. */
export class EmittedProject {
  readonly folder: string;
  readonly command: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, command: string, python: string | undefined) {
    this.folder = folder;
    this.command = command;
    this.#env = {
      ...toolEnv(),
      CI: 'true', // pytest compares in full there, which is slow on long lists
      ...(python === undefined ? {} : { UV_PYTHON: python }),
      VIRTUAL_ENV: undefined,
    };
  }

  /** Writes a repository with some flags, without installing it. */
  static written(flags: readonly string[] = [], python?: string): EmittedProject {
    ensureUv();
    const folder = join(tempFolder(), 'acme-churn');
    const args = [MAIN, 'new', folder, '--archetype=small-data', '--yes', '--no-install', ...flags];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`writing ended with ${status}: ${stderr}`);
    return new EmittedProject(folder, 'acme-churn', python);
  }

  /** Writes and installs. */
  static ready(flags: readonly string[] = [], python?: string): EmittedProject {
    const project = EmittedProject.written(flags, python);
    project.must('uv', 'sync', '--quiet');
    return project;
  }

  /** Runs a program in the project. */
  run(program: string, ...args: readonly string[]): Ended {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.folder,
      env: this.#env,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: status, text: `${stdout}${stderr}` };
  }

  /** Runs a program that has to succeed, and gives its text. */
  must(program: string, ...args: readonly string[]): string {
    const { code, text } = this.run(program, ...args);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${text.slice(-6000)}`);
    return text;
  }

  /** A verb of the emitted program. */
  verb(...args: readonly string[]): Ended {
    return this.run('uv', 'run', '--quiet', this.command, ...args);
  }

  /** Starts a program that keeps running; the caller ends it. */
  start(program: string, ...args: readonly string[]): ChildProcess {
    return spawn(program, args, {
      cwd: this.folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }
}
