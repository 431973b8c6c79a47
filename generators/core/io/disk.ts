/** What is at a path, links not followed. */
export interface Seen {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** The nine permission bits. */
  readonly mode: number;
  readonly size: number;
  readonly dev: number;
  readonly ino: number;
  readonly mtimeMs: number;
}

/** A file being written; it knows its path, so that a failure can name it. */
export interface OpenFile {
  readonly fd: number;
  readonly path: string;
}

/**
 * Every file-system call that a transaction makes, each a single step that can fail or be the last one before
 * a kill. `test/commit/faults.test.ts` and `test/commit/kill.full.test.ts` do both at every one of them.
 * Failures carry `code` and `path`, as those of node:fs do.
 */
export interface Disk {
  /** Undefined where nothing is. */
  readonly see: (path: string) => Seen | undefined;
  readonly read: (path: string) => Uint8Array;
  readonly readLink: (path: string) => string;
  readonly namesIn: (folder: string) => readonly string[];
  readonly realPath: (path: string) => string;
  /** Fails unless entries can be made and removed in the folder. */
  readonly checkWritable: (folder: string) => void;
  /** Fails if something is there already. */
  readonly create: (path: string) => OpenFile;
  readonly write: (file: OpenFile, bytes: Uint8Array) => void;
  /** Sets the permission bits whatever the umask. */
  readonly setMode: (file: OpenFile, mode: number) => void;
  readonly sync: (file: OpenFile) => void;
  /** The same beside other calls: a disk flushes many files in hardly more time than one. */
  readonly flush: (file: OpenFile) => Promise<void>;
  readonly close: (file: OpenFile) => void;
  readonly syncFolder: (folder: string) => void;
  /** The same beside other calls. */
  readonly flushFolder: (folder: string) => Promise<void>;
  /** A second name for a file; fails if the name is taken. */
  readonly link: (from: string, to: string) => void;
  readonly makeLink: (target: string, path: string) => void;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly makeFolder: (path: string, mode?: number) => void;
  /** Fails unless the folder is empty. */
  readonly removeFolder: (path: string) => void;
}

/** `ENOSPC` and the like; undefined for an error that no system call gave. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

/** The path that a failed call was about, where it names one. */
export function pathOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error)) return undefined;
  return typeof error.path === 'string' ? error.path : undefined;
}
