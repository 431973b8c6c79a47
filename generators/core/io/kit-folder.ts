import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { linkTarget } from './link-target.ts';
import { byCodePoint } from './package-files.ts';
import { reasonOf } from './text-file.ts';

/** A file below a folder, with `/` between the parts of its path. */
export interface FolderFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A link below a folder, and the text that it leads by. */
export interface FolderLink {
  readonly path: string;
  readonly target: string;
}

/** Something that cannot be taken, and why in a few words. */
interface Untaken {
  readonly path: string;
  readonly reason: string;
}

export interface FolderContent {
  /** In path order; not all of them where a bound was passed. */
  readonly files: readonly FolderFile[];
  readonly links: readonly FolderLink[];
  readonly untaken: readonly Untaken[];
}

export interface FolderBounds {
  readonly files: number;
  readonly bytes: number;
}

/** The names directly in a folder, sorted; a name that is not UTF-8 has U+FFFD in it. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort(byCodePoint);
}

/** Reads every file below a folder. Links are told and not followed; devices are not taken. */
export function contentBelow(folder: string, bounds: FolderBounds): FolderContent {
  // A link here would bring in what is outside the folder.
  if (lstatSync(folder).isSymbolicLink())
    return { files: [], links: [], untaken: [{ path: '', reason: 'it is a link' }] };
  const reader = new FolderReader(folder, bounds);
  reader.read(Buffer.alloc(0));
  const inOrder = (a: { readonly path: string }, b: { readonly path: string }) => byCodePoint(a.path, b.path);
  return {
    files: reader.files.sort(inOrder),
    links: reader.links.sort(inOrder),
    untaken: reader.untaken.sort(inOrder),
  };
}

class FolderReader {
  readonly files: FolderFile[] = [];
  readonly links: FolderLink[] = [];
  readonly untaken: Untaken[] = [];
  readonly #root: Buffer;
  readonly #bounds: FolderBounds;
  #bytes = 0;
  #isFull = false;

  constructor(folder: string, bounds: FolderBounds) {
    this.#root = Buffer.from(folder);
    this.#bounds = bounds;
  }

  // Names are read as bytes: a name that is not UTF-8 would otherwise turn into another one in silence.
  read(folder: Buffer): void {
    try {
      for (const entry of readdirSync(this.#at(folder), { withFileTypes: true, encoding: 'buffer' })) {
        if (this.#isFull) return;
        const path = folder.length === 0 ? entry.name : joined(folder, entry.name);
        if (!isUtf8(entry.name)) this.#refuse(path, 'its name is not UTF-8');
        else if (entry.isDirectory()) this.read(path);
        else if (entry.isFile()) this.#take(path);
        else if (entry.isSymbolicLink()) this.#takeLink(path);
        else this.#refuse(path, 'it is a special file');
      }
    } catch (error) {
      this.#refuse(folder, reasonOf(error));
    }
  }

  #take(path: Buffer): void {
    try {
      const { files, bytes } = this.#bounds;
      this.#bytes += lstatSync(this.#at(path)).size;
      if (this.files.length + this.links.length >= files)
        this.#stop(path, `there are more than ${files} files`);
      else if (this.#bytes > bytes) this.#stop(path, `the files have more than ${bytes / 1024 ** 2} MiB`);
      else this.files.push({ path: path.toString(), bytes: readFileSync(this.#at(path)) });
    } catch (error) {
      this.#refuse(path, reasonOf(error));
    }
  }

  #takeLink(path: Buffer): void {
    const target = linkTarget(this.#at(path));
    const { files } = this.#bounds;
    if (target === undefined) this.#refuse(path, 'it is a link to a name that is not UTF-8');
    else if (this.files.length + this.links.length >= files)
      this.#stop(path, `there are more than ${files} files`);
    else this.links.push({ path: path.toString(), target });
  }

  #stop(path: Buffer, reason: string): void {
    this.#isFull = true;
    this.#refuse(path, reason);
  }

  #refuse(path: Buffer, reason: string): void {
    this.untaken.push({ path: path.toString(), reason });
  }

  #at(path: Buffer): Buffer {
    return path.length === 0 ? this.#root : joined(this.#root, path);
  }
}

function joined(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}

function isUtf8(name: Buffer): boolean {
  return Buffer.from(name.toString()).equals(name);
}

/**
 * A folder as a file in another one may name it: from the other's real place, and through a link that is itself the
 * folder, since that link is how its owner names it.
 */
export function folderFrom(root: string, folder: string): string {
  const place = join(realPlace(dirname(folder)), basename(folder));
  const path = relative(realPlace(root), place);
  return path.startsWith('..') ? path : `./${path}`;
}

function realPlace(path: string): string {
  let there = path;
  while (lstatSync(there, { throwIfNoEntry: false }) === undefined) there = dirname(there);
  return join(realpathSync(there), relative(there, path));
}
