import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseArchive, CONTAINER_CACHE, registryAccess } from './base-image.ts';
import type { Ended } from './emitted.ts';
import { tempFolder } from './folders.ts';

/** Whether images can be built and run here: buildah needs root where there is no engine. */
export const CAN_BUILD =
  process.getuid?.() === 0 &&
  ['buildah', 'debootstrap'].every((program) => spawnSync(program, ['--version']).error === undefined);

/** What an image says about its container. */
export interface ImageSettings {
  readonly User: string;
  readonly Cmd: readonly string[];
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

/** The PATH of the official Python images. */
const OFFICIAL_PATH = '/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin';

// Cache mounts of a build live below TMPDIR, so packages are downloaded once and not once a run.
const TMPDIR = join(CONTAINER_CACHE, 'tmp');
const ENV = { ...process.env, BUILDAH_ISOLATION: 'chroot', TMPDIR };

/** Images and containers of one test file, away from all others on this machine. */
export class ImageStore {
  readonly #store: readonly string[];
  readonly #built: readonly string[];

  /** A store that holds the stand-in base under a name, and nothing else. */
  constructor(base: string) {
    const folder = tempFolder();
    mkdirSync(TMPDIR, { recursive: true });
    const places = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run')];
    const withDriver = (driver: string) => [...places, '--storage-driver', driver];
    // overlay is refused on top of an overlay; vfs copies the whole tree for each layer.
    const isLayered = spawnSync('buildah', [...withDriver('overlay'), 'from', 'scratch']).status === 0;
    this.#store = withDriver(isLayered ? 'overlay' : 'vfs');
    const { variables, mounts, apt } = registryAccess();
    // HEALTHCHECK exists only in Docker's format.
    const flags = ['--format=docker', '--pull-never', `--layers=${isLayered}`];
    this.#built = [...flags, ...mounts.map((mount) => `--volume=${mount}`)];
    const container = this.container('scratch');
    this.must('add', '--quiet', container, baseArchive(), '/');
    writeFileSync(join(folder, 'apt.conf'), apt);
    this.must('add', '--quiet', container, join(folder, 'apt.conf'), '/etc/apt/apt.conf.d/90registry');
    this.must('config', ...[...variables, `PATH=${OFFICIAL_PATH}`].map((v) => `--env=${v}`), container);
    this.must('commit', '--quiet', '--format=docker', container, `docker.io/library/${base}`);
  }

  /** Builds a folder's Dockerfile, up to a target. */
  build(context: string, target: string, tag: string): Ended {
    return this.#ended('build', ...this.#built, '--target', target, '--tag', tag, context);
  }

  settings(tag: string): ImageSettings {
    return JSON.parse(this.must('inspect', '--type=image', tag)).Docker.config;
  }

  /** A new container of an image, by name. */
  container(tag: string): string {
    return this.must('from', '--pull-never', tag).trim();
  }

  /** Runs a command in a container. Settings are flags such as `--env` and `--volume`. */
  run(container: string, command: readonly string[], ...settings: readonly string[]): Ended {
    return this.#ended('run', ...settings, container, '--', ...command);
  }

  /** Starts a command that keeps running; the caller ends it. */
  start(container: string, command: readonly string[], ...settings: readonly string[]): ChildProcess {
    const args = [...this.#store, 'run', ...settings, container, '--', ...command];
    return spawn('buildah', args, { env: ENV, stdio: 'ignore' });
  }

  /** What a subcommand that has to succeed prints. */
  must(...args: readonly string[]): string {
    const { status, stdout, stderr } = this.#buildah(...args);
    if (status !== 0)
      throw new Error(`buildah ${args.join(' ')} ended with ${status}:\n${stderr.slice(-6000)}`);
    return stdout;
  }

  /** Unmounts and removes everything. */
  close(): void {
    this.must('rm', '--all');
    this.must('rmi', '--all', '--force');
  }

  #ended(...args: readonly string[]): Ended {
    const { status, stdout, stderr } = this.#buildah(...args);
    return { code: status, text: `${stdout}${stderr}` };
  }

  #buildah(...args: readonly string[]): SpawnSyncReturns<string> {
    const options = { env: ENV, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
    return spawnSync('buildah', [...this.#store, ...args], options);
  }
}
