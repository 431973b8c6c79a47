import type { ErrorDetail } from '../errors.ts';
import { nearest } from '../profile/question.ts';
import { isInRange, isVersion } from './version.ts';
import { type Place, parseYamlTree, type YamlEntry, type YamlNode } from './yaml-tree.ts';

/** What `kit.yaml` says. */
export interface KitManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly policies: { readonly seed: readonly string[]; readonly generated: readonly string[] };
  readonly executable: readonly string[];
  /** Old path to new path, each with the place where it is written. */
  readonly renames: readonly Rename[];
}

export interface Rename {
  readonly from: string;
  readonly to: string;
  readonly at: Place;
}

export interface ManifestResult {
  readonly manifest: KitManifest;
  readonly problems: readonly ErrorDetail[];
}

const KEYS = ['name', 'version', 'description', 'compat', 'extends', 'policies', 'executable', 'renames'];
// Keys of the format that a kit with files of its own alone does not need, and that nothing here reads.
const LATER = [
  ...['archetypes', 'capabilities', 'defaults', 'locks', 'override', 'suggests', 'questions'],
  ...['requires', 'conflicts', 'after', 'slots', 'stays'],
];
const NAME = /^(@[A-Za-z0-9_.-]+\/)?[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const MAX_TEXT = 2000;
const MAX_NAME = 100;

/** Reads and checks `kit.yaml`; the manifest is of use only where there are no problems. */
export function parseManifest(path: string, text: string, generator: string): ManifestResult {
  const tree = parseYamlTree(path, text);
  const reader = new ManifestReader(generator);
  if (tree.kind === 'refused') return { manifest: reader.manifest(new Map()), problems: tree.problems };
  const entries = reader.entriesOf(tree.root, [...KEYS, ...LATER], 'kit.yaml');
  const manifest = reader.manifest(entries);
  reader.checkExtends(entries.get('extends'), tree.root.at);
  reader.checkCompat(entries.get('compat'));
  for (const key of LATER) reader.refuseLater(entries.get(key));
  return { manifest, problems: reader.problems.sort(inTextOrder) };
}

type Entries = ReadonlyMap<string, YamlEntry>;

class ManifestReader {
  readonly problems: (ErrorDetail & Place)[] = [];
  readonly #generator: string;

  constructor(generator: string) {
    this.#generator = generator;
  }

  manifest(entries: Entries): KitManifest {
    const policies = this.entriesOf(entries.get('policies')?.value, ['seed', 'generated'], 'policies');
    return {
      name: this.#required(entries, 'name', isName, 'a name: letters, digits, "-", "_" and "."'),
      version: this.#required(entries, 'version', isVersion, 'a version such as 1.2.0'),
      description: this.#text(entries.get('description')) ?? '',
      policies: {
        seed: this.#globs(policies.get('seed')),
        generated: this.#globs(policies.get('generated')),
      },
      executable: this.#globs(entries.get('executable')),
      renames: this.#renames(entries.get('renames')),
    };
  }

  /** The entries of a map by key; those that are not known are problems. Nothing at all counts as an empty map. */
  entriesOf(node: YamlNode | undefined, known: readonly string[], where: string): Entries {
    if (node === undefined || node.kind === 'nothing') return new Map();
    if (node.kind !== 'map') {
      this.#report(node.at, `${where} holds "key: value" lines`);
      return new Map();
    }
    for (const { key, at } of node.entries) {
      if (!known.includes(key)) this.#report(at, unknownKey(key, known));
    }
    return new Map(node.entries.map((entry) => [entry.key, entry]));
  }

  checkExtends(entry: YamlEntry | undefined, root: Place): void {
    if (entry?.value.kind === 'text' && entry.value.text === 'none') return;
    this.#report(entry?.value.at ?? root, 'this version reads only kits that say "extends: none"');
  }

  checkCompat(entry: YamlEntry | undefined): void {
    const range = this.entriesOf(entry?.value, ['generator'], 'compat').get('generator');
    const text = this.#text(range);
    if (range === undefined || text === undefined) return;
    const fits = isInRange(this.#generator, text);
    if (fits === undefined) this.#report(range.value.at, 'generator is a range such as ^1.2 or ">=0.1 <2"');
    if (fits === false)
      this.#report(range.value.at, `the kit needs generator ${text}, and this is ${this.#generator}`);
  }

  refuseLater(entry: YamlEntry | undefined): void {
    if (entry !== undefined) this.#report(entry.at, `${entry.key} is not supported by this version`);
  }

  #required(entries: Entries, key: string, isValid: (text: string) => boolean, what: string): string {
    const entry = entries.get(key);
    const text = this.#text(entry) ?? '';
    if (!isValid(text)) this.#report(entry?.value.at ?? START, `${key} has to be ${what}`);
    return text;
  }

  #text(entry: YamlEntry | undefined): string | undefined {
    if (entry === undefined || entry.value.kind === 'nothing') return undefined;
    if (entry.value.kind === 'text' && entry.value.text.length <= MAX_TEXT) return entry.value.text;
    this.#report(entry.value.at, `${entry.key} has to be a text of at most ${MAX_TEXT} characters`);
    return undefined;
  }

  #globs(entry: YamlEntry | undefined): string[] {
    if (entry === undefined || entry.value.kind === 'nothing') return [];
    const { value } = entry;
    if (value.kind === 'list') {
      const texts = value.items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
      if (texts.length === value.items.length) return texts;
    }
    this.#report(value.at, `${entry.key} has to be a list of paths or patterns`);
    return [];
  }

  #renames(entry: YamlEntry | undefined): Rename[] {
    if (entry === undefined || entry.value.kind === 'nothing') return [];
    if (entry.value.kind !== 'map') {
      this.#report(entry.value.at, 'renames holds "old: new" lines');
      return [];
    }
    return entry.value.entries.flatMap(({ key, at, value }) => {
      if (value.kind === 'text') return [{ from: key, to: value.text, at }];
      this.#report(value.at, 'a rename leads to one path');
      return [];
    });
  }

  #report(at: Place, message: string): void {
    this.problems.push({ ...at, message });
  }
}

const START: Place = { path: 'kit.yaml', line: 1, column: 1 };

function isName(text: string): boolean {
  return NAME.test(text) && text.length <= MAX_NAME;
}

function unknownKey(key: string, known: readonly string[]): string {
  const close = nearest(key, known);
  return `unknown key ${JSON.stringify(key.slice(0, 60))}${close === undefined ? '' : `; the nearest is ${close}`}`;
}

function inTextOrder(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
