import { usageError } from '../errors.ts';
import { parseRelPath } from '../rel-path.ts';

/** What the emitted project is called; fixed after creation. */
export interface ProjectNames {
  /** The distribution: what `pip` would install. */
  readonly name: string;
  /** The Python package, importable. */
  readonly package: string;
  /** The program. */
  readonly command: string;
}

const NAME = /^[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const PACKAGE = /^[a-z][a-z0-9_]*$/;
const MAX_LENGTH = 64;

// Names that would hide what the emitted program itself imports, or that Python reserves.
const TAKEN = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import in is
  lambda nonlocal not or pass raise return try while with yield match case type
  abc argparse array ast asyncio base64 bisect calendar cmath code codecs collections concurrent contextlib copy csv
  ctypes dataclasses datetime decimal difflib dis email enum errno fractions functools gc glob gzip hashlib heapq hmac
  html http importlib inspect io itertools json keyword linecache locale logging lzma math mimetypes multiprocessing
  numbers operator os pathlib pickle pickletools pkgutil platform posixpath pprint queue random re reprlib resource
  runpy secrets select selectors shelve shlex shutil signal site socket sqlite3 ssl stat statistics string struct
  subprocess symtable sys sysconfig tarfile tempfile test textwrap threading time timeit token tokenize tomllib
  traceback types typing unicodedata unittest urllib uuid venv warnings wave weakref xml zipfile zlib zoneinfo
  fastapi fsspec jinja2 lightgbm mlflow mypy numpy onnx onnxruntime pandas pyarrow pydantic pytest ruff scipy
  sklearn skl2onnx sqlalchemy starlette tests uvicorn yaml src conf deploy docs notebooks store`.split(/\s+/),
);

/**
 * The three names from one; throws a usage error that says what a name may look like. A kit that stands alone writes
 * no program of ours, so there nothing can be hidden.
 */
export function projectNames(
  name: string,
  packageName: string = name,
  hides: 'our program' | 'nothing' = 'our program',
): ProjectNames {
  if (!NAME.test(name) || name.length > MAX_LENGTH) {
    throw usageError(
      `${shown(name)} cannot name a Python project.`,
      'Use a letter, then up to 63 letters, digits, "-", "_" or ".", for example --name=churn-model.',
    );
  }
  const snake = packageName.toLowerCase().replace(/[-.]+/g, '_');
  if (!PACKAGE.test(snake) || snake.length > MAX_LENGTH) {
    throw usageError(
      `${shown(packageName)} cannot name a Python package.`,
      'Use --package=NAME with small letters, digits and "_".',
    );
  }
  const isTaken = hides === 'our program' && TAKEN.has(snake);
  if (isTaken || parseRelPath(snake).kind === 'refused') {
    throw usageError(
      `A package called ${snake} would hide a module that Python or the emitted program needs, or cannot be a folder everywhere.`,
      `Choose another name, for example --name=${snake}-model.`,
    );
  }
  return { name, package: snake, command: name.toLowerCase().replace(/[._]+/g, '-') };
}

/** A long or odd name, cut so that the sentence stays readable. */
function shown(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
  return JSON.stringify(visible.length > 40 ? `${visible.slice(0, 40)}…` : visible);
}

/** The last part of a folder as a project name: what cannot be in one becomes "-". */
export function nameFromFolder(folder: string): string {
  const base =
    folder
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? '';
  return base.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z]+|[^A-Za-z0-9]+$/g, '');
}
