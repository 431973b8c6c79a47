import { diff3 } from './diff3.ts';
import { textOfValue, type Value } from './structured-value.ts';

/** Whose additions come first where both sides add to one place of a list. */
export type Order = 'yours first' | 'theirs first';

type Merged = Value | undefined | 'conflict';

interface Versions {
  readonly base: Value | undefined;
  readonly yours: Value | undefined;
  readonly theirs: Value | undefined;
}

/** The three-way merge of values, key by key and item by item; nothing stands for what is not there. */
export function mergedValue({ base, yours, theirs }: Versions, order: Order): Merged {
  const [baseText, yoursText, theirsText] = [base, yours, theirs].map((value) => textOfValue(value));
  if (yoursText === theirsText || baseText === theirsText) return yours;
  if (baseText === yoursText) return theirs;
  if (yours?.kind === 'map' && theirs?.kind === 'map' && (base === undefined || base.kind === 'map')) {
    return mergedMap(base?.entries ?? NOTHING, yours.entries, theirs.entries, order);
  }
  if (yours?.kind === 'list' && theirs?.kind === 'list') {
    if (base?.kind === 'list') {
      const merged = mergedList(base.items, yours, theirs, order);
      return merged === 'conflict' ? mergedByPlace(base, yours, theirs, order) : merged;
    }
    // Without a base, two lists of plain values are two opinions; named items are a union.
    if (base === undefined && yours.isNamed && theirs.isNamed)
      return mergedList(NOTHING, yours, theirs, order);
  }
  return 'conflict';
}

type Entries = ReadonlyMap<string, Value>;

const NOTHING: Entries = new Map();

function mergedMap(base: Entries, yours: Entries, theirs: Entries, order: Order): Merged {
  const entries = mergedEntries([...yours.keys(), ...theirs.keys()], { base, yours, theirs }, order);
  return entries === 'conflict' ? 'conflict' : { kind: 'map', entries };
}

function mergedEntries(
  keys: readonly string[],
  from: { readonly base: Entries; readonly yours: Entries; readonly theirs: Entries },
  order: Order,
): Entries | 'conflict' {
  const entries = new Map<string, Value>();
  for (const key of new Set(keys)) {
    const merged = mergedValue(
      { base: from.base.get(key), yours: from.yours.get(key), theirs: from.theirs.get(key) },
      order,
    );
    if (merged === 'conflict') return 'conflict';
    if (merged !== undefined) entries.set(key, merged);
  }
  return entries;
}

type ListValue = Extract<Value, { readonly kind: 'list' }>;

function mergedList(base: Entries, yours: ListValue, theirs: ListValue, order: Order): Merged {
  const keys = mergedKeys([...base.keys()], [...yours.items.keys()], [...theirs.items.keys()], order);
  if (keys === undefined) return 'conflict';
  const from = { base, yours: yours.items, theirs: theirs.items };
  const items = mergedEntries(keys, from, order);
  return items === 'conflict'
    ? 'conflict'
    : { kind: 'list', isNamed: yours.isNamed && theirs.isNamed, items };
}

/** Mappings without a name, as many on each side as there were: each is known by its place. */
function mergedByPlace(base: ListValue, yours: ListValue, theirs: ListValue, order: Order): Merged {
  const lists = [base, yours, theirs];
  const isPlain = ({ isNamed, items }: ListValue) =>
    !isNamed && items.size === base.items.size && [...items.values()].every(({ kind }) => kind === 'map');
  if (!lists.every(isPlain)) return 'conflict';
  const places = ({ items }: ListValue): Entries =>
    new Map([...items.values()].map((item, at) => [String(at), item]));
  const from = { base: places(base), yours: places(yours), theirs: places(theirs) };
  const items = mergedEntries([...from.base.keys()], from, order);
  return items === 'conflict' ? 'conflict' : { kind: 'list', isNamed: false, items };
}

/** The keys of both sides in order, also those that the merge of the items will drop. */
function mergedKeys(
  base: readonly string[],
  yours: readonly string[],
  theirs: readonly string[],
  order: Order,
): string[] | undefined {
  const known = new Set(base);
  const isAdded = (key: string) => !known.has(key);
  const parts = diff3({ base, yours, theirs }, 'apart')?.map((stretch) => {
    const mine = yours.slice(stretch.yours.from, stretch.yours.to);
    const other = theirs.slice(stretch.theirs.from, stretch.theirs.to);
    if (stretch.take !== 'conflict') return stretch.take === 'yours' ? mine : other;
    // Both replaced the same items: that is two opinions, not two additions.
    const isReplaced = stretch.base.to > stretch.base.from;
    if (isReplaced && mine.some(isAdded) && other.some(isAdded)) return undefined;
    return order === 'yours first' ? [...mine, ...other] : [...other, ...mine];
  });
  return parts?.includes(undefined) ? undefined : parts?.flatMap((part) => part ?? []);
}
