import type { SourceTree } from '../io/source-tree.ts';
import { isAside, placeAt, type Sign } from './sign.ts';
import { toolsOfModule } from './tools.ts';

const IMPORT = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]+([\w, \t]*)|import[ \t]+([\w., \t]+))/gm;
const MOST_NOTEBOOK_BYTES = 1024 * 1024;

/** What Python code says: the modules that files and notebooks import, and a stream that is read. */
export function importSigns(tree: SourceTree): readonly Sign[] {
  const signs: Sign[] = [];
  const seen = new Set<string>();
  for (const { path } of tree.files) {
    if (tree.isOver()) break;
    const text = codeOf(path, tree);
    if (text === undefined) continue;
    for (const sign of [...signsOfImports(path, text), ...streamSigns(path, text)]) {
      // A thousand files that import the same module are one piece of evidence.
      const id = `${sign.key} ${sign.value} ${sign.strength}`;
      if (!seen.has(id)) signs.push(sign);
      seen.add(id);
    }
  }
  return signs;
}

function codeOf(path: string, tree: SourceTree): string | undefined {
  if (/\.(py|scala|java|kt)$/.test(path)) return tree.text(path);
  return path.endsWith('.ipynb') ? notebookCode(tree.text(path, MOST_NOTEBOOK_BYTES)) : undefined;
}

/** The code cells of a notebook, without outputs, which may quote anything. */
export function notebookCode(text: string | undefined): string | undefined {
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
  return fieldOf(cell, 'source')?.map(String).join('') ?? '';
}

function fieldOf(value: unknown, name: string): readonly unknown[] | undefined {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined;
  const field: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
  return Array.isArray(field) ? field : undefined;
}

function signsOfImports(path: string, text: string): readonly Sign[] {
  if (!/\.(py|ipynb)$/.test(path)) return [];
  return [...text.matchAll(IMPORT)].flatMap((match) =>
    modulesOf(match).flatMap((module) =>
      toolsOfModule(module).map(
        ({ key, value, isWeak, isHalf }): Sign => ({
          key,
          value,
          strength: isWeak === true || isAside(path) ? 'weak' : 'strong',
          where: placeIn(path, text, match.index),
          says: `${module} is imported`,
          ...(isHalf === true ? { isHalf } : {}),
        }),
      ),
    ),
  );
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

function streamSigns(path: string, text: string): readonly Sign[] {
  const found = STREAM.exec(text);
  if (found === null) return [];
  const where = placeIn(path, text, found.index);
  const strength = isAside(path) ? 'weak' : 'strong';
  return [
    {
      key: 'data_velocity',
      value: 'streaming',
      strength,
      where,
      says: `${found[0].replace(/[.(]/g, '')} reads a stream`,
    },
  ];
}

// A line of the code cells is not the line of the notebook's file, which nobody reads as text.
function placeIn(path: string, text: string, index: number): string {
  return path.endsWith('.ipynb') ? path : placeAt(path, text, index);
}
