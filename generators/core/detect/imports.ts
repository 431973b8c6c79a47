import type { SourceTree } from '../io/source-tree.ts';
import { isAside, placeAt, type Sign } from './sign.ts';
import { toolsOfModule } from './tools.ts';

const IMPORT = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+([\w, \t]*)|import[ \t]+([\w., \t]+))/gm;
const MOST_NOTEBOOK_BYTES = 1024 * 1024;

/** What code says: the modules that Python files and notebooks import, and streams that are read. */
export function importSigns(tree: SourceTree): readonly Sign[] {
  const signs = new Map<string, Sign>();
  const own = ownModules(tree);
  for (const { path } of tree.files) {
    if (tree.isOver()) break;
    const text = codeOf(path, tree);
    if (text === undefined) continue;
    for (const { key, value, strength, says, isHalf, index } of seenIn(path, text, own)) {
      // A thousand files that import the same module are one piece of evidence.
      const id = `${key} ${value} ${strength}`;
      if (signs.has(id)) continue;
      signs.set(id, { key, value, strength, says, isHalf, where: placeIn(path, text, index) });
    }
  }
  return [...signs.values()];
}

/** Evidence before its line is counted. */
interface Seen extends Omit<Sign, 'where'> {
  readonly index: number;
}

function* seenIn(path: string, text: string, own: ReadonlySet<string>): Generator<Seen> {
  const isShown = isAside(path);
  const stream = STREAM.exec(text);
  if (stream !== null) {
    const says = `${stream[0].replace(/\W/g, '')} reads a stream`;
    yield {
      key: 'data_velocity',
      value: 'streaming',
      strength: isShown ? 'weak' : 'strong',
      says,
      index: stream.index,
    };
  }
  if (!/\.(py|ipynb)$/.test(path)) return;
  for (const match of text.matchAll(IMPORT))
    for (const module of modulesOf(match)) {
      if (own.has(module.split('.')[0] ?? '')) continue;
      for (const { key, value, isWeak = false, isHalf } of toolsOfModule(module)) {
        const strength = isWeak || isShown ? 'weak' : 'strong';
        yield { key, value, strength, says: `${match[1] ?? module} is imported`, isHalf, index: match.index };
      }
    }
}

/** A repository may have a module of its own that is called as a library is. */
function ownModules(tree: SourceTree): ReadonlySet<string> {
  const names = tree.files.map(({ path }) => /^(?:src\/)?(\w+)(?:\/__init__)?\.py$/.exec(path)?.[1]);
  return new Set(names.filter((name) => name !== undefined));
}

function codeOf(path: string, tree: SourceTree): string | undefined {
  if (/\.(py|scala|java|kt)$/.test(path)) return tree.text(path);
  return path.endsWith('.ipynb') ? notebookCode(tree.text(path, MOST_NOTEBOOK_BYTES)) : undefined;
}

/** The code cells of a notebook, without outputs, which may quote anything. */
function notebookCode(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    const notebook: unknown = JSON.parse(text);
    return fieldOf(notebook, 'cells')?.map(sourceOf).join('\n');
  } catch {
    return undefined;
  }
}

function sourceOf(cell: unknown): string {
  if (typeof cell !== 'object' || cell === null || !('cell_type' in cell) || cell.cell_type !== 'code')
    return '';
  if ('source' in cell && typeof cell.source === 'string') return cell.source;
  return fieldOf(cell, 'source')?.map(String).join('') ?? '';
}

function fieldOf(value: unknown, name: string): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field: unknown = Reflect.get(value, name);
  return Array.isArray(field) ? field : undefined;
}

/** `from a.b import c, d` may mean the modules a.b.c and a.b.d. */
function modulesOf([, from, names = '', plain = '']: RegExpMatchArray): readonly string[] {
  if (from === undefined) return plain.split(',').map((name) => name.trim().split(/[ \t]/)[0] ?? '');
  const first = names.split(',').map((name) => name.trim().split(/[ \t]/)[0] ?? '');
  return [
    ...new Set(first.length === 0 ? [from] : first.map((name) => (name === '' ? from : `${from}.${name}`))),
  ];
}

const STREAM = /\.readStream\b|\bStreamExecutionEnvironment\b|\bKafkaStreams\b|\bStreamingContext\(/;

// A line of the code cells is not the line of the notebook's file, which nobody reads as text.
function placeIn(path: string, text: string, index: number): string {
  return path.endsWith('.ipynb') ? path : placeAt(path, text, index);
}
