import type { SourceTree } from '../io/source-tree.ts';
import { baseOf, isAside, type Sign, type Strength } from './sign.ts';

/** The data that was found: as a fact, and in words for a person. */
export interface DataFound {
  readonly signs: readonly Sign[];
  readonly notes: readonly string[];
}

// Only what is data wherever it lies; in a data folder everything is that is not code or words.
const DATA_FILE =
  /\.(csv|tsv|parquet|feather|arrow|avro|orc|jsonl|ndjson|tfrecords?|npy|npz|hdf5|h5|xlsx?|sas7bdat|dta)(\.(gz|bz2|xz|zst|zip))?$/i;
const DATA_FOLDER = /(^|\/)(data|dataset|datasets|raw_data|input_data)\//i;
const NO_DATA =
  /\.(py|pyi|ipynb|md|rst|txt|sql|ya?ml|toml|cfg|ini|js|ts|tsx|jsx|html|css|java|scala|sh|lock|dvc|gitignore|gitkeep)$|(^|\/)\.[^/]+$/i;
const MODEL =
  /\.(pt|pth|pkl|pickle|joblib|onnx|safetensors|bin|ckpt|keras|cbm|pb)$|(^|\/)(models?|checkpoints?)(\/|$)/i;
const POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n[\s\S]*?^size (\d{1,18})$/m;
const REMOTE = /\b(s3a?|gs|abfss?|wasbs?|hdfs|dbfs):\/{1,2}[A-Za-z0-9_{$.-]+/;

// Less than this is a sample or a fixture more often than what a model is trained on.
const SAMPLE_BYTES = 10e6;
const TINY_BYTES = 1e6;

/** A thing that is data: where it lies, how large it is in bytes, and what says so. */
interface Piece {
  readonly path: string;
  readonly size: number;
  readonly where: string;
}

/** How much data lies in the repository or is tracked by it, a lower bound; it is strong where nothing points elsewhere. */
export function dataFound(tree: SourceTree, memoryBytes: number): DataFound {
  const tracked = [...trackedIn(tree)];
  const pieces = distinct([...tracked, ...storedIn(tree)]);
  const total = pieces.reduce((sum, { size }) => sum + size, 0);
  const remote = remoteIn(tree);
  const elsewhere =
    remote === undefined ? [] : [`data is also kept elsewhere (${remote}): how much is unknown`];
  if (total < TINY_BYTES) return { signs: [], notes: [...elsewhere, ...tinyNotes(total)] };
  const isWhole = total >= SAMPLE_BYTES && (tracked.length > 0 || remote === undefined);
  return {
    signs: [volumeSign(pieces, total, isWhole ? 'strong' : 'weak')],
    notes: [...elsewhere, fitWords(total, memoryBytes)],
  };
}

function volumeSign(pieces: readonly Piece[], total: number, strength: Strength): Sign {
  const largest = pieces.reduce((a, b) => (b.size > a.size ? b : a));
  const places = pieces.length === 1 ? '' : ` in ${pieces.length} places, most of it here`;
  return {
    key: 'data_volume_gb',
    value: Number((total / 1e9).toPrecision(2)),
    strength,
    where: largest.where,
    says: `at least ${sizeWords(total)} of data${places}`,
  };
}

/** The same thing may be named by a .dvc file and by dvc.lock, and be on the disk, whole or in its parts. */
function distinct(pieces: readonly Piece[]): readonly Piece[] {
  const byPath = new Map<string, Piece>();
  for (const piece of pieces) {
    if (isBelowAny(byPath, piece.path)) continue;
    if (piece.size > (byPath.get(piece.path)?.size ?? -1)) byPath.set(piece.path, piece);
  }
  return [...byPath.values()];
}

function tinyNotes(total: number): readonly string[] {
  return total === 0 ? [] : [`${sizeWords(total)} of data were found, taken for samples`];
}

function* storedIn(tree: SourceTree): Generator<Piece> {
  for (const { path, size } of tree.files)
    if (isData(path)) yield { path, size: realSize(path, size, tree), where: path };
}

/** A Git LFS pointer stands for a file of the size that it names. */
function realSize(path: string, size: number, tree: SourceTree): number {
  if (size < 100 || size > 400) return size;
  const named = POINTER.exec(tree.text(path, 400) ?? '')?.[1];
  return named === undefined ? size : Number(named);
}

/** What DVC tracks: outputs in `*.dvc`, data among the stages in `dvc.lock`. */
function* trackedIn(tree: SourceTree): Generator<Piece> {
  for (const { path } of tree.files) {
    const isPointer = path.endsWith('.dvc');
    if ((!isPointer && baseOf(path) !== 'dvc.lock') || isAside(path)) continue;
    const folder = path.slice(0, path.length - baseOf(path).length);
    for (const piece of entriesIn(tree.text(path) ?? '', path, folder))
      if (isPointer ? !MODEL.test(piece.path) : isTrackedData(piece.path)) yield piece;
  }
}

/** Each `path:` of a text with the `size:` beside it, in either order; an entry begins with a dash. */
function* entriesIn(text: string, file: string, folder: string): Generator<Piece> {
  let line = 1;
  for (const entry of text.split(/^[ \t]*-[ \t]/m)) {
    const path = /(?:^|\n)[ \t]*path:[ \t]*([^\n]+)/.exec(entry)?.[1];
    const size = /(?:^|\n)[ \t]*size:[ \t]*(\d{1,18})\b/.exec(entry)?.[1];
    if (path !== undefined && size !== undefined)
      yield { path: folder + path.trim(), size: Number(size), where: `${file}:${line}` };
    line += entry.split('\n').length - 1;
  }
}

function isTrackedData(path: string): boolean {
  return !MODEL.test(path) && !NO_DATA.test(path) && (DATA_FILE.test(path) || DATA_FOLDER.test(`${path}/`));
}

function isData(path: string): boolean {
  if (isAside(path) || MODEL.test(path)) return false;
  return DATA_FILE.test(path) || (DATA_FOLDER.test(path) && !NO_DATA.test(path));
}

function isBelowAny(pieces: ReadonlyMap<string, Piece>, path: string): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    if (pieces.has(path.slice(0, at))) return true;
  return false;
}

const MAY_NAME_BUCKETS = /\.(py|ipynb|ya?ml|toml|cfg|ini|conf|json|scala)$|(^|\/)\.dvc\/config$/;

function remoteIn(tree: SourceTree): string | undefined {
  for (const { path } of tree.files) {
    if (!MAY_NAME_BUCKETS.test(path) || isAside(path)) continue;
    const found = REMOTE.exec(tree.text(path) ?? '');
    if (found !== null) return path;
  }
  return undefined;
}

function fitWords(total: number, memory: number): string {
  const found = `${sizeWords(total)} of data`;
  const here = `this machine has ${sizeWords(memory)} of memory`;
  return total < memory / 2 ? `${found} fit a laptop: ${here}` : `${found} do not fit in memory: ${here}`;
}

function sizeWords(bytes: number): string {
  const units = [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const;
  const [unit, size] = units.find(([, one]) => bytes >= one) ?? ['bytes', 1];
  return `${Number((bytes / size).toPrecision(2))} ${unit}`;
}
