import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mlops } from './mlops.ts';

/** Contents by path; a text is written as UTF-8. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

interface KitParts {
  readonly name?: string;
  readonly version?: string;
  /** More lines of `kit.yaml`. */
  readonly more?: string;
  readonly files: Contents;
}

/** Writes a kit that stands alone to a folder, and gives the folder back. */
export function kitAt(
  folder: string,
  { name = 'acme', version = '1.0', more = '', files }: KitParts,
): string {
  writeContents(join(folder, 'files'), files);
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(
    join(folder, 'kit.yaml'),
    `name: ${name}\nversion: ${version}\ndescription: For tests.\nextends: none\n${more}`,
  );
  return folder;
}

export function writeContents(folder: string, files: Contents): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** Every file of a project but the generator's own, as bytes in Latin-1, by its path and whether it is executable. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesIn(folder, '')
      .filter((path) => path !== 'mlops.yaml' && !/^\.(mlops|git)\//.test(path))
      .map((path) => [path, contentAt(join(folder, path))]),
  );
}

/** As `treeOf`, with what the generator keeps beside it, its undo store and its record of the run left out. */
export function wholeTreeOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesIn(folder, '')
      .filter((path) => !/^\.(git|mlops\/undo|mlops\/txn)\//.test(path))
      .map((path) => [path, contentAt(join(folder, path))]),
  );
}

function contentAt(path: string): string {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  return `${(stats.mode & 0o100) === 0 ? '' : 'executable: '}${readFileSync(path, 'latin1')}`;
}

function filesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesIn(root, path) : [path];
    })
    .sort();
}

interface RunJson {
  readonly archetype: string | null;
  readonly status: string;
  readonly files: readonly {
    readonly path: string;
    readonly op: string;
    readonly layer: string;
    readonly why: string;
    readonly side?: string;
    readonly renamedFrom?: string;
  }[];
  readonly backup?: string | null;
  readonly nextSteps?: readonly string[];
  readonly notes?: readonly string[];
  readonly error?: {
    readonly message: string;
    readonly details: readonly { readonly path?: string; readonly message: string }[];
  };
}

export interface RanJson {
  readonly code: number | null;
  readonly json: RunJson;
}

/** Writes a project from a kit, through the bin. */
export function newFrom(kit: string, project: string, ...args: readonly string[]): RanJson {
  return ranJson(dirname(project), 'new', project, `--kit=${kit}`, '--no-install', ...args);
}

/** Takes a kit, through the bin, in the version that a folder holds. */
export function regenerateFrom(kit: string, project: string, ...args: readonly string[]): RanJson {
  return ranJson(project, 'regenerate', `--kit=${kit}`, ...args);
}

export function ranJson(cwd: string, ...args: readonly string[]): RanJson {
  const { code, stdout, stderr } = mlops(cwd, ...args, '--yes', '--json');
  if (stdout === '') throw new Error(stderr);
  return { code, json: JSON.parse(stdout) };
}

/** What became of each path. */
export function opsOf({ json }: RanJson): Readonly<Record<string, string>> {
  return Object.fromEntries(json.files.map(({ path, op }) => [path, op]));
}
