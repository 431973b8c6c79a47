import fs from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from './disk.ts';
import { byCodePoint } from './package-files.ts';
import { reasonOf } from './text-file.ts';

export interface ListedFile {
  /** Below the root, with `/` between the parts. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** A folder as it is read: what is in it, and the text of a file on demand. Nothing in it is run or written. */
export interface SourceTree {
  /** The nearest to the root first, then by code point. */
  readonly files: readonly ListedFile[];
  /** The text of a file that was listed; undefined where it cannot be read, is larger than `most`, or is no text. */
  readonly text: (path: string, most?: number) => string | undefined;
  /** Whether the time for reading is over: `text` gives nothing from then on. */
  readonly isOver: () => boolean;
  /** What was not looked at, in words for a person. */
  readonly unread: () => readonly string[];
}

// What other people wrote or what programs made says nothing about those who work here.
const SKIPPED = new Set([
  ...['.git', '.hg', '.svn', 'node_modules', 'bower_components', 'site-packages', 'dist-packages'],
  ...[
    '.venv',
    'venv',
    '.tox',
    '.nox',
    '.direnv',
    '.eggs',
    '__pycache__',
    '__pypackages__',
    '.ipynb_checkpoints',
  ],
  ...['.mypy_cache', '.ruff_cache', '.pytest_cache', '.cache', '.gradle', '.terraform', '.mlops'],
  ...['vendor', 'third_party', 'third-party', 'external'],
]);
// Files that only a virtual environment, or another repository inside this one, has at its root.
const FOREIGN = new Set(['pyvenv.cfg', 'conda-meta', '.git']);
const MOST_FILES = 100_000;
const DEFAULT_MOST_BYTES = 256 * 1024;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/**
 * Lists a folder without following links, until the deadline, in milliseconds as `performance.now` counts them.
 * What cannot be read is left out, and said to be.
 */
export function sourceTree(root: string, deadline: number): SourceTree {
  const walk = new Walk(root, deadline);
  walk.run();
  let cutOff = false;
  const isOver = () => {
    cutOff ||= performance.now() > deadline;
    return cutOff;
  };
  const read = cached((path, most) => textOf(join(root, path), most));
  return {
    files: walk.files,
    text: (path, most = DEFAULT_MOST_BYTES) => (isOver() ? undefined : read(path, most)),
    isOver,
    unread: () => [...walk.unread(), ...(cutOff ? ['the time for reading was over before the end'] : [])],
  };
}

/** What stands in the way of reading a folder, in a few words; undefined where nothing does. */
export function folderProblem(folder: string): string | undefined {
  try {
    if (!fs.statSync(folder).isDirectory()) return 'it is no folder';
    fs.opendirSync(folder).closeSync();
    return undefined;
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'there is no such folder' : reasonOf(error);
  }
}

type ReadText = (path: string, most: number) => string | undefined;

/** Several readers look at one file; the memory for texts has an end all the same. */
function cached(read: ReadText): ReadText {
  const texts = new Map<string, string | undefined>();
  let room = 64 * 1024 * 1024;
  return (path, most) => {
    if (texts.has(path)) return texts.get(path);
    const text = read(path, most);
    room -= text?.length ?? 0;
    if (room > 0) texts.set(path, text);
    return text;
  };
}

class Walk {
  readonly files: ListedFile[] = [];
  readonly #root: string;
  readonly #deadline: number;
  readonly #folders: string[] = [''];
  #closed = 0;

  constructor(root: string, deadline: number) {
    this.#root = root;
    this.#deadline = deadline;
  }

  /** One level after the other, so that what is at the root is known even where time runs out. */
  run(): void {
    for (let next = this.#folders.shift(); next !== undefined; next = this.#folders.shift()) {
      if (next !== '' && this.#isFull()) {
        this.#folders.unshift(next);
        return;
      }
      try {
        this.#list(next);
      } catch {
        this.#closed += 1;
      }
    }
  }

  unread(): string[] {
    const left = this.#folders.length;
    return [
      ...(left > 0 ? [`${foldersText(left)} not reached`] : []),
      ...(this.#closed > 0 ? [`${foldersText(this.#closed)} not readable`] : []),
    ];
  }

  #isFull(): boolean {
    return this.files.length >= MOST_FILES || performance.now() > this.#deadline;
  }

  #list(folder: string): void {
    const entries = entriesOf(join(this.#root, folder), () => this.#isFull());
    if (folder !== '' && entries.some(({ name }) => FOREIGN.has(name))) return;
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) this.#folders.push(path);
      if (entry.isFile()) this.files.push({ path, size: sizeOf(join(this.#root, path)) });
    }
  }
}

function foldersText(count: number): string {
  return count === 1 ? '1 folder was' : `${count} folders were`;
}

/** A folder may hold millions of names, so it is read piece by piece. */
function entriesOf(folder: string, isFull: () => boolean): fs.Dirent[] {
  const open = fs.opendirSync(folder, { bufferSize: 512 });
  const entries: fs.Dirent[] = [];
  try {
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
      entries.push(entry);
      if (entries.length % 512 === 0 && (isFull() || entries.length >= MOST_FILES)) break;
    }
  } finally {
    open.closeSync();
  }
  return entries.sort((a, b) => byCodePoint(a.name, b.name));
}

function sizeOf(path: string): number {
  try {
    return fs.lstatSync(path).size;
  } catch {
    return 0;
  }
}

/** Bytes as the text that is read: without a byte order mark, its lines ended as on Unix. */
export function sourceText(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n');
}

/** Opened without following a link, and without waiting for a pipe that took the file's place. */
function textOf(path: string, most: number): string | undefined {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = fs.fstatSync(fd);
    if (!stats.isFile() || stats.size > most) return undefined;
    const text = sourceText(fs.readFileSync(fd));
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}
