import { visible } from '../core/classify/layout.ts';
import type { Painter } from './terminal.ts';

interface Folder {
  readonly folders: Map<string, Folder>;
  readonly files: string[];
}

/**
 * Paths as a tree: folders with the number of files in them, and the files themselves down to `depth` levels.
 * `src/churn/ops/gate.py` at depth 2 is counted in `src/`.
 */
export function treeText(paths: readonly string[], paint: Painter, depth = 2): string {
  const root: Folder = { folders: new Map(), files: [] };
  for (const path of paths) place(root, visible(path).split('/'));
  return linesOf(root, depth, '', paint).join('\n');
}

function place(folder: Folder, [head = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) {
    folder.files.push(head);
    return;
  }
  const child = folder.folders.get(head) ?? { folders: new Map(), files: [] };
  folder.folders.set(head, child);
  place(child, rest);
}

function linesOf(folder: Folder, depth: number, indent: string, paint: Painter): string[] {
  const folders = [...folder.folders].flatMap(([name, child]) => {
    const { label, end } = collapsed(name, child);
    const line = `${indent}${paint.accent(`${label}/`)} ${paint.faint(String(countIn(end)))}`;
    return depth > 1 ? [line, ...linesOf(end, depth - 1, `${indent}  `, paint)] : [line];
  });
  const files = folder.files.length === 0 ? [] : [`${indent}${folder.files.join('  ')}`];
  return [...folders, ...files.flatMap((line) => wrapped(line, indent))];
}

/** `src/` that holds only `churn/` is shown as `src/churn/`. */
function collapsed(name: string, folder: Folder): { label: string; end: Folder } {
  const [only, ...others] = [...folder.folders];
  if (only === undefined || others.length > 0 || folder.files.length > 0) return { label: name, end: folder };
  const inner = collapsed(only[0], only[1]);
  return { label: `${name}/${inner.label}`, end: inner.end };
}

function countIn(folder: Folder): number {
  return folder.files.length + [...folder.folders.values()].reduce((sum, child) => sum + countIn(child), 0);
}

function wrapped(line: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of line.trim().split('  ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= 78)
      lines[lines.length - 1] = `${last}  ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}
