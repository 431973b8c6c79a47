import { usageError } from '../errors.ts';
import type { Kit } from './kit.ts';
import { type Place, parseYamlTree, type YamlNode } from './yaml-tree.ts';

/** What `mlops.yaml` says of a kit: which one it is, where it was read, and what it held. */
export interface KitRecord {
  readonly name: string;
  readonly version: string;
  /** A folder, from the root of the project. */
  readonly source: string;
  readonly hash: string;
}

export function recordOf({ name, version, hash }: Kit, source: string): KitRecord {
  return { name, version, source, hash };
}

const FIELDS = ['name', 'version', 'source', 'hash'] as const;

/** The kits that a `mlops.yaml` records; a usage error (2) where they cannot be read. */
export function kitRecords(text: string): KitRecord[] {
  const tree = parseYamlTree('mlops.yaml', text);
  if (tree.kind === 'refused') throw unreadable(tree.problems[0]?.message ?? '', tree.problems[0]);
  const kits = entryOf(tree.root, 'kits');
  if (kits === undefined || kits.kind === 'nothing') return [];
  if (kits.kind !== 'list') throw unreadable('kits: takes a list', kits.at);
  return kits.items.map((item) => {
    const [name, version, source, hash] = FIELDS.map((field) => textIn(item, field));
    if (name === undefined || version === undefined || source === undefined || hash === undefined)
      throw unreadable(`an entry of kits: has ${FIELDS.join(', ')}`, item.at);
    return { name, version, source, hash };
  });
}

function entryOf(node: YamlNode, key: string): YamlNode | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;
}

function textIn(node: YamlNode, key: string): string | undefined {
  const value = entryOf(node, key);
  return value?.kind === 'text' ? value.text : undefined;
}

function unreadable(reason: string, at: Partial<Place> | undefined): Error {
  const { line, column } = at ?? {};
  return usageError(`mlops.yaml cannot be used: ${reason}.`, 'Mend the place listed and run again.', [
    { path: 'mlops.yaml', ...(line === undefined ? {} : { line, column: column ?? 1 }), message: reason },
  ]);
}
