import type { TemplateName } from './template-tree.ts';

/** The element of the loop around a node, and the loops around that. */
export interface Scope {
  readonly item: string;
  readonly value: unknown;
  readonly outer: Scope | undefined;
}

export type NamedValue =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What a dotted name stands for, or why it stands for nothing. */
export function namedValue(
  { parts, from }: TemplateName,
  data: object,
  scope: Scope | undefined,
): NamedValue {
  let value: unknown = from === 'loop' ? itemValue(parts[0], scope) : data;
  for (let index = from === 'loop' ? 1 : 0; index < parts.length; index++) {
    const part = parts[index] ?? '';
    const field = isPlain(value) ? Object.getOwnPropertyDescriptor(value, part) : undefined;
    // An accessor would run code; `undefined` is how a forgotten field looks.
    if (field?.value === undefined) return { kind: 'unknown', reason: unknownReason(parts, index, value) };
    value = field.value;
  }
  return { kind: 'value', value };
}

function itemValue(item: string | undefined, scope: Scope | undefined): unknown {
  return scope === undefined || scope.item === item ? scope?.value : itemValue(item, scope.outer);
}

function unknownReason(parts: readonly string[], index: number, holder: unknown): string {
  const name = `\`${parts.slice(0, index + 1).join('.')}\``;
  const above = index === 0 ? 'the data' : `\`${parts.slice(0, index).join('.')}\``;
  if (!isPlain(holder)) return `${name} is unknown: ${above} is ${kindOf(holder)}, which has no names`;
  const known = Object.keys(holder).sort();
  const shown = known.length > 12 ? `${known.slice(0, 12).join(', ')}, …` : known.join(', ');
  return `${name} is unknown: ${above} has ${known.length > 0 ? shown : 'no names'}`;
}

/** Only such objects have names for a template: no list, no text, nothing with behaviour of its own. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** What a value is, in words for a sentence. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isPlain(value)) return 'a group of names';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'number':
      return Number.isFinite(value) ? 'a number' : 'not a finite number';
    default:
      return value === undefined ? 'nothing' : value === null ? 'null' : `a ${typeof value}`;
  }
}
