import { parse as parseToml } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import { entryKey, type LineFormat, lineFormatOf } from './line-list.ts';

/**
 * A document as far as merging needs it. Lists are known by the keys of their items; a list whose items cannot be
 * told apart is a scalar, which is merged as a whole or not at all.
 */
export type Value =
  | { readonly kind: 'scalar'; readonly text: string; readonly isRepetitive?: boolean }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: 'list'; readonly isNamed: boolean; readonly items: ReadonlyMap<string, Value> };

export type Format = 'toml' | 'yaml' | 'json' | LineFormat;

/** The format of a file that is merged by its values where its lines conflict. */
export function formatOf(path: string): Format | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.endsWith('.toml') || name === 'Pipfile') return 'toml';
  if (/\.ya?ml$/.test(name)) return 'yaml';
  if (name.endsWith('.json')) return 'json';
  return lineFormatOf(name);
}

/** What a text says, or nothing if it is not valid in its format. */
export function parsedValue(format: Format, text: string): Value | undefined {
  try {
    switch (format) {
      case 'toml':
        return anyValue(parseToml(text, { integersAsBigInt: true }), []);
      case 'yaml':
        return yamlValue(text);
      case 'json':
        JSON.parse(text);
        return yamlValue(text);
      default:
        return lineListValue(format, text);
    }
  } catch {
    return undefined;
  }
}

/** Each document is one entry. JSON comes here too, since JSON.parse takes a key twice and rounds long numbers. */
function yamlValue(text: string): Value | undefined {
  const documents = parseAllDocuments(text, { intAsBigInt: true });
  if (!Array.isArray(documents)) return { kind: 'map', entries: new Map() };
  // A warning is a tag that nobody here knows: its meaning is not in the value.
  if (documents.some(({ errors, warnings }) => errors.length + warnings.length > 0)) return undefined;
  const values = documents.map((document) => anyValue(document.toJS({ mapAsMap: true }), []));
  return { kind: 'map', entries: new Map(values.map((value, at) => [String(at), value])) };
}

function lineListValue(format: LineFormat, text: string): Value {
  const entries = text.split('\n').flatMap((line) => {
    const key = entryKey(format, line);
    return key === undefined ? [] : [{ key, value: { kind: 'scalar' as const, text: line.trim() } }];
  });
  return listValue(entries, true);
}

// Far more than anybody nests, and far less than the stack holds.
const DEEPEST = 100;

/** Any parsed value; `above` are the keys that lead to it. */
function anyValue(value: unknown, above: readonly string[]): Value {
  if (above.length > DEEPEST) throw new RangeError('nested too deeply');
  if (Array.isArray(value)) return arrayValue(value, above);
  if (value instanceof Map) return mapValue([...value], above);
  if (typeof value !== 'object' || value === null || value instanceof Date) {
    return { kind: 'scalar', text: `${typeof value} ${scalarText(value)}` };
  }
  return mapValue(Object.entries(value), above);
}

function scalarText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : Object.is(value, -0) ? '-0' : String(value);
}

function mapValue(pairs: readonly (readonly [unknown, unknown])[], above: readonly string[]): Value {
  const entries = pairs.map(([key, value]): [string, Value] => {
    const name = typeof key === 'string' ? key : `${typeof key} ${textOfValue(anyValue(key, []))}`;
    return [name, anyValue(value, [...above, name])];
  });
  return { kind: 'map', entries: new Map(entries) };
}

function arrayValue(list: readonly unknown[], above: readonly string[]): Value {
  const values = list.map((item) => anyValue(item, [...above, '[]']));
  const names = list.map((item) => (isDependencies(above) ? requirementName(item) : undefined));
  const keyed = values.map((value, at) => ({ key: names[at] ?? nameOf(value), value }));
  const isNamed = keyed.length > 0 && keyed.every(({ key }) => key !== undefined);
  return listValue(
    keyed.map(({ key, value }) => ({ key: key ?? textOfValue(value), value })),
    isNamed,
  );
}

function listValue(
  items: readonly { readonly key: string; readonly value: Value }[],
  isNamed: boolean,
): Value {
  const byKey = new Map(items.map(({ key, value }) => [key, value]));
  if (byKey.size === items.length) return { kind: 'list', isNamed, items: byKey };
  const text = JSON.stringify(items.map(({ value }) => textOfValue(value)));
  return { kind: 'scalar', text, isRepetitive: true };
}

/** `dependencies`, `dependency-groups`, `optional-dependencies`, `requires` of a build system, and what is below. */
function isDependencies(above: readonly string[]): boolean {
  return above.some((key) => /dependenc/.test(key)) || above.join('.') === 'build-system.requires';
}

function requirementName(item: unknown): string | undefined {
  return typeof item === 'string' ? entryKey('requirements', item) : undefined;
}

/** A mapping in a list is known by its name or id: a job, a step, a hook, a target. */
function nameOf(value: Value): string | undefined {
  if (value.kind !== 'map') return undefined;
  for (const key of ['name', 'id', 'key', 'repo']) {
    const name = value.entries.get(key);
    if (name?.kind === 'scalar') return `${key} ${name.text}`;
  }
  return undefined;
}

/** How many lists hold one key twice. */
export function repetitionsIn(value: Value): number {
  if (value.kind === 'scalar') return value.isRepetitive ? 1 : 0;
  const inside = value.kind === 'map' ? value.entries : value.items;
  return [...inside.values()].reduce((sum, item) => sum + repetitionsIn(item), 0);
}

/** Two values are equal if these texts are: the keys of maps sorted, the items of lists in order. */
export function textOfValue(value: Value | undefined, listOrder: 'kept' | 'sorted' = 'kept'): string {
  if (value === undefined) return 'absent';
  if (value.kind === 'scalar') return JSON.stringify(value.text);
  if (value.kind === 'map') {
    const entries = [...value.entries].map(
      ([key, item]) => `${JSON.stringify(key)}:${textOfValue(item, listOrder)}`,
    );
    return `{${entries.sort().join()}}`;
  }
  const items = [...value.items.values()].map((item) => textOfValue(item, listOrder));
  return `[${(listOrder === 'sorted' ? items.sort() : items).join()}]`;
}
