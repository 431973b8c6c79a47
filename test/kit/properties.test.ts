import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCatalog } from '../../generators/core/catalog/catalog.ts';
import { refuseBlocked, writeChangeset } from '../../generators/core/commit/write-changeset.ts';
import { MlopsError } from '../../generators/core/errors.ts';
import { projectDisk } from '../../generators/core/io/on-disk.ts';
import type { Kit } from '../../generators/core/kit/kit.ts';
import { planKitRegeneration } from '../../generators/core/kit-regeneration.ts';
import { NOTHING_BEFORE, planChanges } from '../../generators/core/merge/changeset.ts';
import type { ConflictStyle } from '../../generators/core/merge/decide.ts';
import { stateWrites } from '../../generators/core/merge/state.ts';
import { projectNames } from '../../generators/core/plan/project.ts';
import { readSavedProject } from '../../generators/core/saved-project.ts';
import { wantedKitProject } from '../../generators/core/wanted-kit.ts';
import { baseTexts, conserved, silentLosses } from '../regen/fixtures/conservation.ts';
import { tempFolder } from '../support/folders.ts';
import { treeOf, wholeTreeOf } from '../support/kits.ts';

type Files = Readonly<Record<string, string>>;

interface Version {
  readonly files: Files;
  readonly seed: readonly string[];
  readonly generated: readonly string[];
  readonly executable: readonly string[];
}

interface Edit {
  readonly path: string;
  readonly kind: 'append' | 'first line' | 'replace' | 'delete' | 'mode' | 'own';
}

// `a` is a file in one version and a folder in another.
const PATHS = ['a', 'a/b', 'c.txt', 'd/e.toml', 'd/f g', 'new\nline', 'bin.dat', 'keys.json'];

const line = fc.constantFrom(
  'same',
  'other',
  'T_one',
  'T_two',
  'T_three',
  '',
  '<<<<<<<',
  '=======',
  'caf\xe9',
);
const text = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, isEnded]) => lines.join(end) + (isEnded && lines.length > 0 ? end : ''));
const content = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom('\0\x01', '\0\x02T_bin', '') },
);
const globs = fc.subarray(['c.txt', 'd/*', 'bin.dat'], { maxLength: 1 });
const version: fc.Arbitrary<Version> = fc
  .record({
    paths: fc.subarray(PATHS),
    contents: fc.array(content, { minLength: PATHS.length, maxLength: PATHS.length }),
    seed: globs,
    generated: globs,
    executable: fc.subarray(['c.txt', 'd/**']),
  })
  .map(({ paths, contents, ...rest }) => {
    const kept = paths.filter((path) => path !== 'a/b' || !paths.includes('a'));
    return { ...rest, files: Object.fromEntries(kept.map((path, index) => [path, contents[index] ?? ''])) };
  });
const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({
    path: fc.constantFrom(...PATHS, 'own/file', 'd/own'),
    kind: fc.constantFrom('append', 'first line', 'replace', 'delete', 'mode', 'own'),
  }),
  { maxLength: 5 },
);

const catalog = readCatalog(tempFolder());
const GENERATOR = '0.1.0';

function kitOf({ files, seed, generated, executable }: Version, number: string): Kit {
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    bytes: Buffer.from(bytes, 'latin1'),
  }));
  const hash = createHash('sha256').update(JSON.stringify([files, seed, generated, executable]));
  return {
    name: 'acme',
    version: number,
    description: '',
    shown: '../kit',
    policies: { seed, generated },
    executable,
    renames: [],
    links: [],
    files: entries,
    hash: `sha256:${hash.digest('hex')}`,
  };
}

const specOf = (kit: Kit) => ({
  generator: GENERATOR,
  project: projectNames('acme-churn'),
  kit,
  source: '../kit',
});

async function created(kit: Kit): Promise<string> {
  const root = tempFolder();
  const wanted = wantedKitProject(specOf(kit));
  const disk = projectDisk(root);
  const changeset = planChanges(new Map(), wanted.tree, disk, NOTHING_BEFORE);
  await writeChangeset(
    root,
    changeset,
    stateWrites({ ...wanted, base: changeset.base }, disk, { kind: 'absent' }),
    {},
  );
  return root;
}

type Took = 'refused' | { readonly writes: number; readonly hasMarkers: boolean };

/** Takes a version, with what must hold of every run. */
async function taken(root: string, kit: Kit, conflict: ConflictStyle): Promise<Took> {
  const [before, last, whole] = [treeOf(root), baseTexts(root), wholeTreeOf(root)];
  const saved = readSavedProject(catalog, root);
  const [record] = saved.appliedKits;
  if (record === undefined) throw new Error('no kit is recorded');
  try {
    const { changeset, state } = planKitRegeneration(
      root,
      saved,
      { record, kit: () => undefined },
      specOf(kit),
      { conflict },
    );
    refuseBlocked(changeset, root);
    const undo = await writeChangeset(root, changeset, state, {});
    conserved(root, new Map(Object.entries(before)), changeset.changes, undo);
    const wanted = new Map(kit.files.map(({ path, bytes }) => [path, bytes]));
    // A seed that was written with another content was told of in the run that took this very kit.
    const isTold = (path: string) => record.hash === kit.hash && isSeed(kit, path);
    const news = new Map([...wanted].filter(([path]) => !isTold(path)));
    expect(silentLosses(root, news, last, changeset)).toEqual([]);
    const after = treeOf(root);
    for (const path of untouched(before, last)) {
      const bytes = wanted.get(path);
      const isKept = isSeed(kit, path);
      if (isKept && bytes !== undefined) expect(after[path]).toBe(before[path]);
      else
        expect(after[path]?.replace(/^executable: /, ''), path).toBe(
          bytes && Buffer.from(bytes).toString('latin1'),
        );
    }
    const writes = changeset.changes.reduce((sum, change) => sum + change.writes.length, state.length);
    return { writes, hasMarkers: changeset.changes.some(({ stages }) => stages !== undefined) };
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    expect(error.exit).toBe(5);
    expect(wholeTreeOf(root)).toEqual(whole);
    return 'refused';
  }
}

function untouched(before: Files, last: ReadonlyMap<string, string>): string[] {
  return [...last].flatMap(([path, bytes]) =>
    before[path]?.replace(/^executable: /, '') === bytes && path !== 'mlops.yaml' ? [path] : [],
  );
}

function isSeed({ policies }: Kit, path: string): boolean {
  const is = (globs: readonly string[]) =>
    globs.some((glob) => glob === path || (glob === 'd/*' && path.startsWith('d/')));
  return is(policies.seed);
}

let token = 0;

function edited(root: string, { path, kind }: Edit): void {
  const full = join(root, path);
  const isFile = existsSync(full) && statSync(full).isFile();
  const now = isFile ? readFileSync(full, 'latin1') : '';
  const write = (bytes: string) => writeFileSync(full, Buffer.from(bytes, 'latin1'));
  token += 1;
  if (kind === 'own') ownFile(root, full, path);
  else if (!isFile) return;
  else if (kind === 'delete') rmSync(full);
  else if (kind === 'mode') chmodSync(full, (statSync(full).mode & 0o100) === 0 ? 0o755 : 0o644);
  else if (kind === 'append') write(`${now}U_${token}\n`);
  else if (kind === 'replace') write(`U_${token}`);
  else write(now.replace(/^.*/, `U_${token}`));
}

/** A file of the user's, unless something is in its place. */
function ownFile(root: string, full: string, path: string): void {
  const isBlocked =
    existsSync(full) ||
    dirname(path)
      .split('/')
      .some((_, index, parts) => {
        const above = join(root, ...parts.slice(0, index + 1));
        return existsSync(above) && !statSync(above).isDirectory();
      });
  if (isBlocked) return;
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, `U_${token}\n`);
}

// Each case is some transactions, which wait for the disk.
const runs = { numRuns: Number(process.env.MLOPS_RUNS ?? 40) };
const TIMEOUT_MS = 240_000;

it('there and back without edits is the identity', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(version, version, async (first, other) => {
      // A file that was managed in between is the user's as it is when it becomes a seed.
      const second = { ...other, seed: first.seed };
      const root = await created(kitOf(first, '1.0'));
      const before = wholeTreeOf(root);
      expect(await taken(root, kitOf(second, '1.1'), 'markers')).not.toBe('refused');
      expect(await taken(root, kitOf(second, '1.1'), 'markers')).toMatchObject({ writes: 0 });
      expect(await taken(root, kitOf(first, '1.0'), 'markers')).not.toBe('refused');
      expect(wholeTreeOf(root)).toEqual(before);
    }),
    runs,
  );
});

it('no edit is lost on the way there and back, and a second run does nothing', {
  timeout: TIMEOUT_MS,
}, async () => {
  const style = fc.constantFrom<ConflictStyle>('markers', 'side', 'yours', 'theirs');
  await fc.assert(
    fc.asyncProperty(version, version, edits, edits, style, async (first, second, early, late, conflict) => {
      const root = await created(kitOf(first, '1.0'));
      for (const edit of early) edited(root, edit);
      for (const kit of [kitOf(second, '1.1'), kitOf(first, '1.0')]) {
        const run = await taken(root, kit, conflict);
        if (run === 'refused' || run.hasMarkers) return;
        expect(await taken(root, kit, conflict)).toMatchObject({ writes: 0 });
        for (const edit of late) edited(root, edit);
      }
    }),
    runs,
  );
});
