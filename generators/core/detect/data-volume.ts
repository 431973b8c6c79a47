import type { ListedFile, SourceTree } from '../io/source-tree.ts';
import { baseOf, isAside, type Sign } from './sign.ts';

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

/** How much data lies in the repository or is tracked by it, a lower bound; it is strong where nothing points elsewhere. */
export function dataFound(tree: SourceTree, memoryBytes: number): DataFound {
  const sizes = new Map<string, number>();
  for (const [path, size] of [...trackedIn(tree), ...storedIn(tree)]) {
    // The same thing may be named by a .dvc file, by dvc.lock, and be on the disk.
    if (!coveredBy(sizes, path)) sizes.set(path, Math.max(size, sizes.get(path) ?? 0));
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const remote = remoteIn(tree);
  const elsewhere =
    remote === undefined ? [] : [`data is also kept elsewhere (${remote}): how much is unknown`];
  if (total < TINY_BYTES) return { signs: [], notes: [...elsewhere, ...tinyNotes(total)] };
  const largest = [...sizes].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  const isTracked = [...trackedIn(tree)].length > 0;
  const gigabytes = Number((total / 1e9).toPrecision(2));
  return {
    signs: [
      {
        key: 'data_volume_gb',
        value: gigabytes,
        strength: total >= SAMPLE_BYTES && (isTracked || remote === undefined) ? 'strong' : 'weak',
        where: largest,
        says: `at least ${sizeWords(total)} of data in ${sizes.size === 1 ? 'one place' : `${sizes.size} places`}, most of it here`,
      },
    ],
    notes: [...elsewhere, fitWords(total, memoryBytes)],
  };
}

function tinyNotes(total: number): readonly string[] {
  return total === 0 ? [] : [`${sizeWords(total)} of data were found, taken for samples`];
}

function* storedIn(tree: SourceTree): Generator<readonly [string, number]> {
  for (const file of tree.files) if (isData(file.path)) yield [file.path, realSize(file, tree)];
}

/** A Git LFS pointer stands for a file of the size that it names. */
function realSize({ path, size }: ListedFile, tree: SourceTree): number {
  if (size < 100 || size > 400) return size;
  const named = POINTER.exec(tree.text(path, 400) ?? '')?.[1];
  return named === undefined ? size : Number(named);
}

/** What DVC tracks: outputs in `*.dvc`, data among the stages in `dvc.lock`. */
function* trackedIn(tree: SourceTree): Generator<readonly [string, number]> {
  for (const { path } of tree.files) {
    const isPointer = path.endsWith('.dvc');
    if ((!isPointer && baseOf(path) !== 'dvc.lock') || isAside(path)) continue;
    const folder = path.slice(0, path.length - baseOf(path).length);
    for (const [out, size] of entriesIn(tree.text(path) ?? ''))
      if (isPointer ? !MODEL.test(out) : isTrackedData(folder + out)) yield [folder + out, size];
  }
}

/** Each `path:` of a text with the `size:` beside it, in either order; an entry begins with a dash. */
function entriesIn(text: string): readonly (readonly [string, number])[] {
  return text.split(/^[ \t]*-[ \t]/m).flatMap((entry) => {
    const path = /(?:^|\n)[ \t]*path:[ \t]*([^\n]+)/.exec(entry)?.[1];
    const size = /(?:^|\n)[ \t]*size:[ \t]*(\d{1,18})/.exec(entry)?.[1];
    return path === undefined || size === undefined ? [] : [[path.trim(), Number(size)] as const];
  });
}

function isTrackedData(path: string): boolean {
  return !MODEL.test(path) && !NO_DATA.test(path) && (DATA_FILE.test(path) || DATA_FOLDER.test(`${path}/`));
}

function isData(path: string): boolean {
  if (isAside(path) || MODEL.test(path)) return false;
  return DATA_FILE.test(path) || (DATA_FOLDER.test(path) && !NO_DATA.test(path));
}

function coveredBy(sizes: ReadonlyMap<string, number>, path: string): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    if (sizes.has(path.slice(0, at))) return true;
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
