import { execFileSync } from 'node:child_process';
import { mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/folders.ts';
import { kitAt, newFrom, opsOf, type RanJson, ranJson, regenerateFrom, treeOf } from '../support/kits.ts';
import { mlops } from '../support/mlops.ts';

type Links = Readonly<Record<string, string>>;

const FILES = { 'a.txt': 'T_a\n', 'b.txt': 'T_b\n', 'docs/c.txt': 'T_c\n' };
const TEXTS = { 'a.txt': 'T_a\n', 'b.txt': 'T_b\n', 'docs/c.txt': 'T_c\n' };

/** A project that was written from a kit with links. */
class Linked {
  readonly home = tempFolder();
  readonly root = join(this.home, 'project');
  #versions = 0;

  readonly #more: string;

  constructor(links: Links, files: Readonly<Record<string, string>> = {}, more = '') {
    this.#more = more;
    expect(newFrom(this.#kit(links, files), this.root).code).toBe(0);
  }

  #kit(links: Links, files: Readonly<Record<string, string>>): string {
    const version = `1.${this.#versions++}`;
    const folder = kitAt(join(this.home, `kit-${version}`), {
      version,
      more: this.#more,
      files: { ...FILES, ...files },
    });
    for (const [path, target] of Object.entries(links)) put(join(folder, 'files', path), target);
    return folder;
  }

  take(links: Links, files: Readonly<Record<string, string>> = {}, ...args: readonly string[]): RanJson {
    return regenerateFrom(this.#kit(links, files), this.root, ...args);
  }

  link(path: string, target: string): void {
    rmSync(join(this.root, path), { force: true });
    put(join(this.root, path), target);
  }

  /** What is there beside the three files. */
  get others(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(treeOf(this.root)).filter(([path]) => !(path in TEXTS)));
  }
}

function put(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

describe('a link of a kit (20)', () => {
  it('never takes the place of a file, also where it is to be generated', () => {
    const world = new Linked({ l: 'a.txt' }, {}, 'policies: {generated: [l]}\n');
    rmSync(join(world.root, 'l'));
    writeFileSync(join(world.root, 'l'), 'U_mine\n');
    expect(world.take({ l: 'a.txt' }).code).toBe(5);
    expect(world.others).toEqual({ l: 'U_mine\n' });
  });

  it('is made, kept in the base as its target, and nothing to do again', () => {
    const world = new Linked({ l: 'a.txt', 'docs/up': '../b.txt' });
    expect(treeOf(world.root)).toEqual({ ...TEXTS, l: 'link to a.txt', 'docs/up': 'link to ../b.txt' });
    expect(readBase(world.root, 'docs/up')).toBe('../b.txt');
    expect(mlops(world.root, 'regenerate', '--check').code).toBe(0);
    expect(ranJson(world.root, 'regenerate').json.status).toBe('up-to-date');
    expect(mlops(world.root, 'doctor').stdout).toMatch(/othing/);
  });

  it('leads elsewhere where the user left it alone, and goes when it is dropped', () => {
    const world = new Linked({ l: 'a.txt', m: 'a.txt' });
    expect(opsOf(world.take({ l: 'b.txt' }))).toEqual({ l: 'update', m: 'delete' });
    expect(world.others).toEqual({ l: 'link to b.txt' });
    expect(ranJson(world.root, 'regenerate', '--undo').code).toBe(0);
    expect(world.others).toEqual({ l: 'link to a.txt', m: 'link to a.txt' });
    expect(ranJson(world.root, 'regenerate', '--undo').code).toBe(0);
    expect(world.others).toEqual({ l: 'link to b.txt' });
  });

  it('stays as the user changed it; where the kit did too, its own is put beside it', () => {
    const world = new Linked({ l: 'a.txt' });
    world.link('l', '../elsewhere');
    expect(opsOf(world.take({ l: 'a.txt' }, { 'a.txt': 'T_2\n' }))).toMatchObject({ l: 'keep' });
    const both = world.take({ l: 'b.txt' });
    expect(both).toMatchObject({ code: 4 });
    expect(world.others).toEqual({ l: 'link to ../elsewhere', 'l.mlops-new': 'link to b.txt' });
    expect(ranJson(world.root, 'regenerate').json.status).toBe('up-to-date');
    expect(opsOf(world.take({}))).toMatchObject({ l: 'detach' });
    expect(world.others).toMatchObject({ l: 'link to ../elsewhere' });
  });

  it('is taken in place of the user’s with --conflict=theirs, and left with --conflict=yours', () => {
    const world = new Linked({ l: 'a.txt' });
    world.link('l', 'docs/c.txt');
    expect(world.take({ l: 'b.txt' }, {}, '--conflict=yours').code).toBe(0);
    expect(world.others).toEqual({ l: 'link to docs/c.txt' });
    expect(world.take({ l: 'a.txt' }, {}, '--conflict=theirs').code).toBe(0);
    expect(world.others).toEqual({ l: 'link to a.txt' });
  });

  it('that the user deleted stays away, and comes back when asked for', () => {
    const world = new Linked({ l: 'a.txt' });
    rmSync(join(world.root, 'l'));
    expect(opsOf(world.take({ l: 'b.txt' }))).toEqual({ l: 'kept-deleted' });
    expect(ranJson(world.root, 'regenerate', '--restore=l').code).toBe(0);
    expect(world.others).toEqual({ l: 'link to b.txt' });
  });

  it('that both made alike is taken over; another of the user’s, and a file, are not replaced', () => {
    const world = new Linked({});
    world.link('same', 'a.txt');
    world.link('other', 'b.txt');
    expect(opsOf(world.take({ same: 'a.txt', other: 'a.txt' }))).toEqual({
      same: 'adopt',
      other: 'conflict',
    });
    expect(world.others).toMatchObject({ other: 'link to b.txt', 'other.mlops-new': 'link to a.txt' });
    writeFileSync(join(world.root, 'file'), 'U_1\n');
    const refused = world.take({ same: 'a.txt', other: 'a.txt', file: 'a.txt' });
    expect(refused.code).toBe(5);
    expect(refused.json.error?.details).toEqual([
      { path: 'file', message: 'a file of yours is in its place' },
    ]);
  });

  it('becomes a file, and a file a link, where the user left them alone', () => {
    const world = new Linked({ l: 'a.txt' }, { f: 'T_f\n' });
    expect(opsOf(world.take({ f: 'a.txt' }, { l: 'T_l\n' }))).toEqual({ f: 'update', l: 'update' });
    expect(world.others).toEqual({ f: 'link to a.txt', l: 'T_l\n' });
    expect(ranJson(world.root, 'regenerate', '--undo').code).toBe(0);
    expect(world.others).toEqual({ l: 'link to a.txt', f: 'T_f\n' });
  });

  it('is not made of a file that the user edited, nor a file of a link: refused, nothing written', () => {
    const world = new Linked({ l: 'a.txt' }, { f: 'T_f\n' });
    writeFileSync(join(world.root, 'f'), 'T_f\nU_f\n');
    world.link('l', 'b.txt');
    const before = treeOf(world.root);
    const refused = world.take({ f: 'a.txt' }, { l: 'T_l\n', 'a.txt': 'T_2\n' });
    expect(refused.code).toBe(5);
    expect(refused.json.error?.details).toEqual([
      { path: 'f', message: 'a file of yours is in its place' },
      { path: 'l', message: 'a link of yours is in its place' },
    ]);
    expect(treeOf(world.root)).toEqual(before);
  });

  it('for which the user put a file is left to them', () => {
    const world = new Linked({ l: 'a.txt' });
    rmSync(join(world.root, 'l'));
    writeFileSync(join(world.root, 'l'), 'U_l\n');
    expect(opsOf(world.take({ l: 'a.txt' }, { 'b.txt': 'T_2\n' }))).toMatchObject({ l: 'keep' });
    expect(world.take({ l: 'b.txt' }).code).toBe(5);
    expect(world.others).toEqual({ l: 'U_l\n' });
  });

  it('is in the patch as git writes it', () => {
    const world = new Linked({ l: 'a.txt' }, { f: 'T_f\n' });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: world.root, encoding: 'utf8' });
    git('init', '-q');
    git('add', '-A');
    const kit = kitAt(join(world.home, 'next'), { version: '2.0', files: { ...FILES, g: 'T_g\n' } });
    for (const [path, target] of [
      ['l', 'b.txt'],
      ['f', 'a.txt'],
      ['new', 'docs/c.txt'],
    ] as const)
      put(join(kit, 'files', path), target);
    const patch = mlops(world.root, 'regenerate', `--kit=${kit}`, '--plan', '--diff').stdout;
    execFileSync('git', ['apply', '-'], { cwd: world.root, input: patch });
    const patched = world.others;
    git('checkout', '-q', '--', '.');
    for (const path of ['new', 'g']) rmSync(join(world.root, path));
    expect(regenerateFrom(kit, world.root).code).toBe(0);
    expect(world.others).toEqual(patched);
  });

  it('is made again in the base from the recorded kit (41)', () => {
    const world = new Linked({ l: 'a.txt' });
    rmSync(join(world.root, '.mlops/base'), { recursive: true });
    world.link('l', 'b.txt');
    expect(opsOf(world.take({ l: 'a.txt' }, { 'a.txt': 'T_2\n' }))).toMatchObject({
      l: 'keep',
      'a.txt': 'update',
    });
    expect(readBase(world.root, 'l')).toBe('a.txt');
    expect(readlinkSync(join(world.root, 'l'))).toBe('b.txt');
  });

  it('never takes a write of ours elsewhere', () => {
    const world = new Linked({ l: 'a.txt' });
    expect(opsOf(world.take({}, { l: 'T_l\n' }))).toEqual({ l: 'update' });
    expect(treeOf(world.root)).toEqual({ ...TEXTS, l: 'T_l\n' });
  });
});

function readBase(root: string, path: string): string {
  return execFileSync('cat', [join(root, '.mlops/base', `${path}.base`)], { encoding: 'utf8' });
}
