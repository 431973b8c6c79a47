import type { SourceTree } from '../io/source-tree.ts';
import { isAside, placeAt, type Sign, type Strength } from './sign.ts';

/** A pattern that says something wherever it stands in files of a kind. */
export interface Mark {
  readonly files: RegExp;
  readonly pattern: RegExp;
  /** What else the file must hold, where the pattern alone may mean something else. */
  readonly beside?: RegExp;
  readonly values: readonly (readonly [key: string, value: string | boolean, strength?: Strength])[];
  /** What was seen, as part of a sentence. */
  readonly says: string;
}

/** Each mark at the first place that is no test or example, or else at the first one. */
export function markSigns(tree: SourceTree, marks: readonly Mark[]): readonly Sign[] {
  const signs: Sign[] = [];
  const open = new Set(marks);
  for (const { path } of tree.files) {
    if (open.size === 0 || tree.isOver()) break;
    const wanted = [...open].filter(({ files }) => files.test(path));
    const text = wanted.length === 0 ? undefined : tree.text(path);
    if (text === undefined) continue;
    for (const mark of wanted) {
      const found = mark.pattern.exec(text);
      if (found === null || mark.beside?.test(text) === false) continue;
      signs.push(...signsFrom(mark, path, placeAt(path, text, found.index)));
      if (!isAside(path)) open.delete(mark);
    }
  }
  return signs;
}

function signsFrom({ values, says }: Mark, path: string, where: string): readonly Sign[] {
  return values.map(([key, value, strength = 'strong']) => ({
    key,
    value,
    strength: strength === 'strong' && isAside(path) ? 'weak' : strength,
    where,
    says,
  }));
}
