import type { OnDisk } from '../io/on-disk.ts';
import { isGenerators } from '../plan/emitted-path.ts';
import { type EntryMode, LINK, type Policy } from '../plan/planned-file.ts';
import { parseRelPath, type RelPath, relPath } from '../rel-path.ts';
import { gitBlobId } from './blob-id.ts';

/** The last wanted content of a path; `detached` is one that is wanted no more and stays because it was edited. */
export interface BaseFile {
  readonly path: RelPath;
  readonly bytes: Uint8Array;
  readonly mode: EntryMode;
  readonly policy: Policy | 'detached';
}

/** What the project was last wanted to be, in path order. */
export type Base = ReadonlyMap<RelPath, BaseFile>;

/** The base as it was found, and what is wrong with it. */
export interface FoundBase {
  readonly base: Base;
  /** Paths that have a base that cannot be used: nobody knows what was last wanted there. */
  readonly lost: ReadonlySet<RelPath>;
  /** One sentence each. */
  readonly notes: readonly string[];
}

/** The lock of a base, as far as it reads. */
export interface LockFile {
  readonly lines: readonly LockLine[];
  /** Numbers of lines that do not read as ours, from 1. */
  readonly unreadable: readonly number[];
}

export interface LockLine {
  readonly id: string;
  readonly mode: EntryMode;
  readonly policy: BaseFile['policy'];
  readonly path: RelPath;
}

/** Where a base comes from that is damaged or gone; asked only then. */
export interface BaseSources {
  /** What git has under a name. */
  readonly gitObject: (id: string) => Uint8Array | undefined;
  /** What the recorded answers give for a path; any of these may be it. */
  readonly madeAgain: (path: RelPath) => readonly Uint8Array[];
}

/** Where the last wanted content of a path is kept. */
export function basePathOf(path: RelPath): RelPath {
  return relPath(`.mlops/base/${path}.base`);
}

/**
 * Reads the base through its lock: a base that no line of the lock fits was changed by something else, such as a
 * search and replace over the whole tree, and would pass the user's work for the template's. It is then taken from
 * git by its name, or made again from the recorded answers where that gives the bytes named, or given up.
 */
export function readBase(
  lock: string | undefined,
  look: (path: RelPath) => OnDisk,
  { gitObject, madeAgain }: BaseSources,
): FoundBase {
  const { lines, unreadable } = parseLock(lock ?? '');
  const notes = unreadable.map((number) => `Line ${number} of .mlops/base.lock cannot be read.`);
  const base = new Map<RelPath, BaseFile>();
  const lost = new Set<RelPath>();
  for (const [path, candidates] of Map.groupBy(lines, (line) => line.path)) {
    const found =
      intactFile(candidates, look(basePathOf(path))) ??
      namedFile(candidates, 'git', ({ id }) => [gitObject(id)]) ??
      namedFile(candidates, 'answers', () => madeAgain(path));
    if (found === undefined) lost.add(path);
    else base.set(path, found.file);
    if (found?.from !== 'disk') notes.push(damageNote(path, found?.from));
  }
  return { base, lost, notes };
}

type From = 'disk' | 'git' | 'answers';
type Candidate = { readonly file: BaseFile; readonly from: From } | undefined;

function intactFile(lines: readonly LockLine[], found: OnDisk): Candidate {
  if (found.kind !== 'file') return undefined;
  const id = gitBlobId(found.bytes);
  const line = lines.find((candidate) => candidate.id === id);
  return line && { file: baseFile(line, found.bytes), from: 'disk' };
}

/** The bytes of another source, where they are those that a line names. */
function namedFile(
  lines: readonly LockLine[],
  from: From,
  bytesFor: (line: LockLine) => readonly (Uint8Array | undefined)[],
): Candidate {
  for (const line of lines) {
    const bytes = bytesFor(line).find((found) => found !== undefined && gitBlobId(found) === line.id);
    if (bytes !== undefined) return { file: baseFile(line, bytes), from };
  }
  return undefined;
}

function baseFile({ path, mode, policy }: LockLine, bytes: Uint8Array): BaseFile {
  return { path, mode, policy, bytes };
}

function damageNote(path: string, from: From | undefined): string {
  switch (from) {
    case 'git':
      return `The base of ${path} was damaged; it was taken from git.`;
    case 'answers':
      return `The base of ${path} was damaged; it was made again from the recorded answers.`;
    default:
      return `The base of ${path} is damaged, and neither git nor the recorded answers give it: the file counts as your own.`;
  }
}

export function parseLock(text: string): LockFile {
  const unreadable: number[] = [];
  const lines = text.split('\n').flatMap((raw, index) => {
    if (raw.trim() === '') return [];
    const line = parseLine(raw.replace(/\r$/, ''));
    if (line === undefined) unreadable.push(index + 1);
    return line ?? [];
  });
  return { lines, unreadable };
}

function parseLine(text: string): LockLine | undefined {
  const [, id = '', mode = '', kind = '', name = ''] =
    /^([0-9a-f]{40}) (\d{3}|120000) ([a-z]+) (.+)$/s.exec(text) ?? [];
  const policy = (['managed', 'seed', 'generated', 'detached'] as const).find((word) => word === kind);
  const spelled = unquoted(name);
  const parsed = parseRelPath(spelled);
  if (policy === undefined || parsed.kind === 'refused' || isGenerators(spelled)) return undefined;
  if (parseRelPath(`.mlops/base/${spelled}.base`).kind === 'refused') return undefined;
  return { id, mode: modeNamed(mode), policy, path: parsed.path };
}

function modeNamed(mode: string): EntryMode {
  if (mode === '120000') return LINK;
  return mode === '755' ? 0o755 : 0o644;
}

/** The lock of a base: `<git blob id> <mode> <kind> <path>`, one sorted line a path. */
export function lockText(base: Base): string {
  return [...base.values()]
    .map(
      ({ path, bytes, mode, policy }) =>
        `${gitBlobId(bytes)} ${mode.toString(8)} ${policy} ${quotedIfOdd(path)}\n`,
    )
    .join('');
}

/** A line of the lock is one path: what would break it, or be taken for quoted, is written as a JSON string. */
function quotedIfOdd(path: string): string {
  return /^"|\p{Cc}| $/u.test(path) ? JSON.stringify(path) : path;
}

function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  try {
    return String(JSON.parse(name));
  } catch {
    return '';
  }
}
