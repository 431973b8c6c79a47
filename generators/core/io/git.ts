import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { errnoOf } from './disk.ts';

// Set where a hook runs us; they would turn git to another repository or index than the project's own.
const PLACES = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_PREFIX'];

// Nothing that a repository configures may run because of us, and nothing is fetched.
const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 256 * 1024 * 1024;

/** What git prints, or undefined where it is missing, fails with a code over `most`, or there is no repository. */
function git(
  root: string,
  args: readonly string[],
  input?: Uint8Array | string,
  most = 0,
): Buffer | undefined {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !PLACES.includes(name)));
  const { status, stdout } = spawnSync('git', [...QUIET, ...args], {
    cwd: root,
    env: { ...env, GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    input: input ?? '',
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_BYTES,
  });
  return status !== null && status <= most ? stdout : undefined;
}

// Whatever a person has configured, the same changes in the same words.
const PLAIN_DIFF = [
  ...[
    'diff',
    '--no-index',
    '--text',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--no-indent-heuristic',
  ],
  ...['--diff-algorithm=myers', '--unified=0', '--inter-hunk-context=0', '--', 'before', 'after'],
];

/** The heads of git's changes between two texts, `@@ -1,2 +1 @@`; undefined without git. No repository is looked at. */
export function gitChanges(before: string, after: string): readonly string[] | undefined {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'mlops-diff-'));
    writeFileSync(join(folder, 'before'), before);
    writeFileSync(join(folder, 'after'), after);
    return (
      git(folder, PLAIN_DIFF, '', 1)
        ?.toString('latin1')
        .match(/^@@ .* @@/gm) ?? undefined
    );
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** The bytes of a blob that the project's repository has, by its name. */
export function gitObject(root: string, id: string): Uint8Array | undefined {
  return /^[0-9a-f]{40}$/.test(id) ? git(root, ['cat-file', 'blob', id]) : undefined;
}

/** The names of the blobs of the last commit, by path from the root; none without a commit. */
export function committedIds(root: string): ReadonlyMap<string, string> {
  const entries = namesIn(git(root, ['ls-tree', '-r', '-z', 'HEAD']));
  return new Map(
    entries.map((line): [string, string] => [
      pathIn(line),
      line.slice(0, line.indexOf('\t')).split(' ')[2] ?? '',
    ]),
  );
}

const REWRITING = ['filter', 'ident', 'working-tree-encoding'];

/**
 * Those of the paths that git stores in other bytes than it checks out, by a filter or by an encoding. Only the filter
 * could say whether such a file was edited, and it is a program of the repository's: it is not run because of us.
 */
export function gitRewritten(root: string, paths: readonly string[]): ReadonlySet<string> {
  if (paths.length === 0) return new Set();
  const input = paths.map((path) => `${path}\0`).join('');
  // Three fields each: path, attribute, value; the value may be empty.
  const fields = (git(root, ['check-attr', '-z', '--stdin', ...REWRITING], input)?.toString() ?? '').split(
    '\0',
  );
  const isPlain = (value: string | undefined) => ['unspecified', 'unset', '', undefined].includes(value);
  return new Set(fields.filter((_, index) => index % 3 === 0 && !isPlain(fields[index + 2])));
}

/** Whether git has a path in its index, so that a checkout brings the file back. */
export function gitHolds(root: string, path: string): boolean {
  return git(root, ['ls-files', '--error-unmatch', '--', `:(literal)${path}`]) !== undefined;
}

/** Those of the paths that git ignores; none where there is no repository. */
export function gitIgnored(root: string, paths: readonly string[]): ReadonlySet<string> {
  if (paths.length === 0) return new Set();
  const found = git(root, ['check-ignore', '-z', '--stdin'], paths.map((path) => `${path}\0`).join(''));
  return new Set(namesIn(found));
}

interface Blob {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** A path whose file holds markers, and its three versions in git's order: base, ours, theirs. */
export interface Unmerged {
  readonly path: string;
  readonly versions: readonly [Blob, Blob, Blob];
}

/**
 * Tells git's index of conflicts, so that `git mergetool`, editors and `git status` see them. Only tracked paths
 * of which the index alone holds nothing, and only in a repository that is in the middle of nothing; elsewhere the
 * markers alone must do. Returns what the index held of each and what it holds now, for `restoreMerged`.
 */
export function markUnmerged(root: string, conflicts: readonly Unmerged[]): IndexEntries {
  if (conflicts.length === 0) return '';
  const prefix = prefixOf(root);
  if (prefix === undefined || isInTheMiddle(root)) return '';
  const paths = conflicts.map(({ path }) => `:(literal)${path}`);
  const tracked = new Set(namesIn(git(root, ['ls-files', '-z', '--cached', '--', ...paths])));
  const staged = stagedIn(root, paths);
  const marked = conflicts.filter(
    ({ path, versions }) => tracked.has(path) && isKept(root, staged.get(path), versions[1]),
  );
  if (marked.length === 0) return '';
  const before = entriesIn(root, marked);
  const modes = hasDiskModes(root)
    ? new Map<string, string>()
    : new Map(namesIn(Buffer.from(before)).map((entry) => [pathIn(entry), entry.slice(0, 6)]));
  const lines = marked.flatMap((conflict) => stageLines(root, conflict, modes.get(conflict.path)));
  if (lines.some((line) => line === undefined)) return '';
  const isDone = writeIndex(root, prefix, [
    ...marked.map(({ path }) => goneLine(path)),
    ...lines.flatMap((line) => line ?? []),
  ]);
  return isDone ? before + entriesIn(root, marked) : '';
}

/**
 * Entries of git's index, `<mode> <id> <stage>\t<path>`, each ended by a NUL: the one that a path had, and the three
 * that it got.
 */
export type IndexEntries = string;

/** Gives those of the paths the entry back that they had, unless their conflict is settled or another one by now. */
export function restoreMerged(root: string, entries: IndexEntries, paths: readonly string[]): void {
  const recorded = Map.groupBy(namesIn(Buffer.from(entries)).filter(isEntry), pathIn);
  const wanted = paths.filter((path) => recorded.has(path)).map((path) => ({ path }));
  const prefix = wanted.length === 0 ? undefined : prefixOf(root);
  if (prefix === undefined || isInTheMiddle(root)) return;
  const now = Map.groupBy(namesIn(Buffer.from(entriesIn(root, wanted))), pathIn);
  const lines = wanted.flatMap(({ path }) => {
    const [before, ...stages] = recorded.get(path) ?? [];
    const isOurs = stages.length === 3 && now.get(path)?.join('\0') === stages.join('\0');
    return before !== undefined && isOurs ? [goneLine(path), before] : [];
  });
  writeIndex(root, prefix, lines);
}

function isEntry(line: string): boolean {
  return /^100(644|755) [0-9a-f]{40} [0-3]\t./s.test(line);
}

function pathIn(line: string): string {
  return line.slice(line.indexOf('\t') + 1);
}

function entriesIn(root: string, files: readonly { readonly path: string }[]): IndexEntries {
  const paths = files.map(({ path }) => `:(literal)${path}`);
  return git(root, ['ls-files', '-z', '--stage', '--', ...paths])?.toString() ?? '';
}

/** Where the project is in its repository, with a slash at its end. */
function prefixOf(root: string): string | undefined {
  return git(root, ['rev-parse', '--show-prefix'])?.toString().replace(/\n$/, '');
}

/** `--index-info` takes paths from the top of the work tree. */
function writeIndex(root: string, prefix: string, lines: readonly string[]): boolean {
  const full = lines
    .filter((line) => line !== '')
    .map((line) => `${line.replace('\t', () => `\t${prefix}`)}\0`);
  return full.length > 0 && git(root, ['update-index', '-z', '--index-info'], full.join('')) !== undefined;
}

/** Takes out whatever the index has of a path. */
function goneLine(path: string): string {
  return `0 ${'0'.repeat(40)}\t${path}`;
}

/** The blobs of paths that were staged since the last commit. */
function stagedIn(root: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const changed = namesIn(git(root, ['diff', '--cached', '--name-only', '--relative', '-z', '--', ...paths]));
  const ids = namesIn(git(root, ['ls-files', '-z', '--stage', '--', ...paths])).map(
    (line): [string, string] => [pathIn(line), line.split(' ')[1] ?? ''],
  );
  return new Map(ids.filter(([path]) => changed.includes(path)));
}

/** What was staged and then edited further is nowhere but in the index. */
function isKept(root: string, staged: string | undefined, yours: Blob): boolean {
  if (staged === undefined) return true;
  const bytes = gitObject(root, staged);
  return bytes !== undefined && Buffer.compare(bytes, yours.bytes) === 0;
}

/** Those of the paths that git's index still has as conflicts. */
export function unmergedIn(root: string, paths: readonly string[]): ReadonlySet<string> {
  if (paths.length === 0) return new Set();
  const lines = namesIn(git(root, ['ls-files', '-z', '--unmerged']));
  const unmerged = new Set(lines.map(pathIn));
  return new Set(paths.filter((path) => unmerged.has(path)));
}

/** `ours` is the mode of the user's own version, where git has it in its index alone. */
function stageLines(
  root: string,
  { path, versions }: Unmerged,
  ours: string | undefined,
): (string | undefined)[] {
  return versions.map(({ bytes, executable }, index) => {
    const id = git(root, ['hash-object', '-w', '--no-filters', '--stdin'], bytes)?.toString().trim();
    const mode = (index === 1 && ours) || (executable ? '100755' : '100644');
    return id === undefined ? undefined : `${mode} ${id} ${index + 1}\t${path}`;
  });
}

/** Whether git goes by the modes on disk; where it does not, `git add` keeps the mode of the second stage. */
function hasDiskModes(root: string): boolean {
  return git(root, ['config', '--type=bool', 'core.fileMode'])?.toString().trim() !== 'false';
}

const UNFINISHED = [
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'rebase-merge',
  'rebase-apply',
  'index.lock',
];

function isInTheMiddle(root: string): boolean {
  const places = UNFINISHED.flatMap((name) => ['--git-path', name]);
  const found = git(root, ['rev-parse', ...places])
    ?.toString()
    .trim()
    .split('\n');
  return found === undefined || found.some((path) => existsSync(resolve(root, path)));
}

function namesIn(listed: Buffer | undefined): string[] {
  return (listed?.toString() ?? '').split('\0').filter((name) => name !== '');
}
