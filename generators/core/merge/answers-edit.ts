import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { answerYaml, type SavedValue } from './saved-answers.ts';

/** One key of `mlops.yaml` to set, or to take out where the value is undefined. */
export interface AnswerEdit {
  readonly section?: 'facts' | 'choices';
  readonly key: string;
  readonly value: SavedValue | undefined;
  /** What stands behind a value that is new. */
  readonly comment?: string | undefined;
}

/**
 * The same text with some keys changed: only their values are replaced, so that comments, order, quotes and line
 * ends stay the user's. Where a text is too unusual for that, it is written anew with its comments.
 */
export function editedAnswers(text: string, edits: readonly AnswerEdit[]): string {
  return edits.reduce(withEdit, text);
}

function withEdit(text: string, edit: AnswerEdit): string {
  const candidate = inPlace(text, edit);
  return candidate !== undefined && holdsOnly(text, candidate, edit) ? candidate : writtenAnew(text, edit);
}

function inPlace(text: string, edit: AnswerEdit): string | undefined {
  const document = parseDocument(text);
  const parent = edit.section === undefined ? document.contents : document.get(edit.section, true);
  const pair = isMap(parent) ? pairNamed(parent, edit.key) : undefined;
  if (edit.value === undefined) return pair === undefined ? text : withoutLine(text, pair);
  if (pair !== undefined) return replaced(text, pair, answerYaml(edit.value));
  const comment = edit.comment === undefined ? '' : ` #${edit.comment}`;
  const line = `${edit.key}: ${answerYaml(edit.value)}${comment}`;
  if (edit.section === undefined) return isMap(parent) ? added(text, parent, line, 'archetype') : undefined;
  const commented = uncommented(text, edit.section, edit.key, line);
  if (commented !== undefined) return commented;
  if (isMap(parent) && parent.items.length > 0) return added(text, parent, line);
  return text.replace(new RegExp(`^${edit.section}:.*$`, 'm'), `${edit.section}:${lineEnd(text)}  ${line}`);
}

function pairNamed(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** Puts a value where another was; undefined for one that takes several lines. */
function replaced(text: string, { value }: Pair, yaml: string): string | undefined {
  const range = rangeOf(value);
  if (range === undefined) return undefined;
  const [start, end] = range;
  return `${text.slice(0, start)}${start === end ? ' ' : ''}${yaml}${text.slice(end)}`;
}

/** Takes out the whole line of a key. */
function withoutLine(text: string, { key, value }: Pair): string | undefined {
  const range = rangeOf(value);
  if (range === undefined || !isScalar(key) || !key.range) return undefined;
  const start = text.lastIndexOf('\n', key.range[0]) + 1;
  const end = text.indexOf('\n', range[1]);
  return `${text.slice(0, start)}${end < 0 ? '' : text.slice(end + 1)}`;
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const isPlain = isScalar(node) && !/^BLOCK/.test(node.type ?? '');
  const isFlow = (isMap(node) || isSeq(node)) && node.flow === true;
  if (!(isPlain || isFlow) || !node.range) return undefined;
  return [node.range[0], node.range[1]];
}

/** A new line after the key named, or after the last one. */
function added(text: string, parent: YAMLMap, line: string, after?: string): string | undefined {
  const anchor = (after === undefined ? undefined : pairNamed(parent, after)) ?? parent.items.at(-1);
  const [first] = parent.items;
  const range = rangeOf(anchor?.value);
  if (parent.flow === true || range === undefined || !isScalar(first?.key) || !first.key.range)
    return undefined;
  const indent = first.key.range[0] - (text.lastIndexOf('\n', first.key.range[0] - 1) + 1);
  const at = text.indexOf('\n', range[1]);
  const eol = lineEnd(text);
  if (at < 0) return `${text}${eol}${' '.repeat(indent)}${line}${eol}`;
  return `${text.slice(0, at + 1)}${' '.repeat(indent)}${line}${eol}${text.slice(at + 1)}`;
}

/** A fact that waits as a comment, as a new `mlops.yaml` has it, is filled in where it stands. */
function uncommented(text: string, section: string, key: string, line: string): string | undefined {
  const comment = new RegExp(`^( +)# ${key}:.*$`, 'm');
  if (section !== 'facts' || !comment.test(text)) return undefined;
  return text
    .replace(/^facts: \{\}.*$/m, 'facts:')
    .replace(comment, (_, indent: string) => `${indent}${line}`);
}

function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Whether the new text says what the old one said, but for the key. */
function holdsOnly(text: string, candidate: string, edit: AnswerEdit): boolean {
  const [old, now] = [parseDocument(text), parseDocument(candidate)];
  if (now.errors.length > 0) return false;
  setIn(old, edit);
  return JSON.stringify(sorted(old.toJS())) === JSON.stringify(sorted(now.toJS()));
}

function writtenAnew(text: string, edit: AnswerEdit): string {
  const document = parseDocument(text);
  setIn(document, edit);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function setIn(document: Document, { section, key, value, comment }: AnswerEdit): void {
  const path = section === undefined ? [key] : [section, key];
  if (value === undefined) {
    if (document.hasIn(path)) document.deleteIn(path);
    return;
  }
  if (section !== undefined && !isMap(document.get(section))) document.set(section, document.createNode({}));
  const node = document.createNode(value);
  if (comment !== undefined) node.comment = comment;
  document.setIn(path, node);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [key, sorted(item)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
