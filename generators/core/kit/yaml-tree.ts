import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { ErrorDetail } from '../errors.ts';

/** A YAML value where every part knows its place. A scalar is its text as written, so that `1.10` stays `1.10`. */
export type YamlNode =
  | { readonly kind: 'nothing'; readonly at: Place }
  | { readonly kind: 'text'; readonly text: string; readonly at: Place }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[]; readonly at: Place }
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[]; readonly at: Place };

export interface YamlEntry {
  readonly key: string;
  readonly at: Place;
  readonly value: YamlNode;
}

export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export type YamlTree =
  | { readonly kind: 'tree'; readonly root: YamlNode }
  | { readonly kind: 'refused'; readonly problems: readonly ErrorDetail[] };

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 40;
const TOO_DEEP = `it is nested more than ${MAX_DEPTH} deep`;
// Keys that turn into something else wherever a map becomes an object.
const INHERITED = new Set(['__proto__', 'constructor', 'prototype']);

/** Reads the YAML of a kit: no aliases, no tags, no key twice, at most 256 KiB and 40 levels. */
export function parseYamlTree(path: string, text: string): YamlTree {
  const first = { path, line: 1, column: 1 };
  if (Buffer.byteLength(text) > MAX_BYTES) return refused(first, 'the file is larger than 256 KiB');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { path, line, column: col };
  };
  const reader = new TreeReader(placeOf);
  for (const { pos, message } of document.errors) {
    reader.problems.push({ ...placeOf(pos[0]), message: said(message) });
  }
  const root = reader.read(document.contents, 1);
  return reader.problems.length > 0 ? { kind: 'refused', problems: reader.problems } : { kind: 'tree', root };
}

class TreeReader {
  readonly problems: ErrorDetail[] = [];
  readonly #placeOf: (offset: number) => Place;

  constructor(placeOf: (offset: number) => Place) {
    this.#placeOf = placeOf;
  }

  read(node: unknown, depth: number): YamlNode {
    const at = this.#placeOf(offsetOf(node));
    if (depth > MAX_DEPTH) this.#report(at, TOO_DEEP);
    else if (isAlias(node)) this.#report(at, 'an alias (*name) is not allowed');
    else if (isScalar(node)) return this.#scalar(node, at);
    else if (isSeq(node)) {
      this.#checkTag(node, at);
      return { kind: 'list', at, items: node.items.map((item) => this.read(item, depth + 1)) };
    } else if (isMap(node)) {
      this.#checkTag(node, at);
      const entries = node.items.flatMap(({ key, value }) => this.#entry(key, value, depth));
      return { kind: 'map', at, entries };
    }
    return { kind: 'nothing', at };
  }

  #scalar(
    node: { readonly value: unknown; readonly source?: string; readonly tag?: string },
    at: Place,
  ): YamlNode {
    this.#checkTag(node, at);
    const { value, source = '' } = node;
    if (value === null || value === undefined) return { kind: 'nothing', at };
    return { kind: 'text', text: typeof value === 'string' ? value : source, at };
  }

  #entry(key: unknown, value: unknown, depth: number): YamlEntry[] {
    const at = this.#placeOf(offsetOf(key));
    const node = this.read(key, depth + 1);
    if (node.kind !== 'text') this.#report(at, 'a key has to be a text');
    else if (INHERITED.has(node.text)) this.#report(at, `the key ${node.text} is not allowed`);
    else return [{ key: node.text, at, value: this.read(value, depth + 1) }];
    return [];
  }

  #checkTag({ tag }: { readonly tag?: string }, at: Place): void {
    if (tag !== undefined) this.#report(at, 'a tag (!name) is not allowed');
  }

  #report(at: Place, message: string): void {
    this.problems.push({ ...at, message });
  }
}

/** What the parser says, in our words where its own are about itself. */
function said(message: string): string {
  if (/call stack/.test(message)) return TOO_DEEP;
  if (/multiple documents/.test(message)) return 'it holds more than one YAML document';
  if (/keys must be unique/.test(message)) return 'the key is there twice';
  return message.split('\n')[0] ?? message;
}

function offsetOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return 0;
  const [start]: unknown[] = node.range;
  return typeof start === 'number' ? start : 0;
}

function refused(at: Place, message: string): YamlTree {
  return { kind: 'refused', problems: [{ ...at, message }] };
}
