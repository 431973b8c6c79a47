import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Content } from './cases.ts';

/** Writes files below a folder, made where it is missing; null removes. */
export function writeFiles(root: string, files: Readonly<Record<string, Content | null>>): void {
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path);
    if (content === null) rmSync(target);
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytesOf(content));
      if (isExecutable(content)) chmodSync(target, 0o755);
    }
  }
}

export function removeFiles(root: string, paths: readonly string[]): void {
  for (const path of paths) rmSync(join(root, path));
}

export interface Found {
  readonly bytes: Buffer;
  readonly executable: boolean;
}

/** The files below a folder by path, without what the tools keep for themselves. */
export function filesBelow(root: string): ReadonlyMap<string, Found> {
  const own = /^(\.git|\.mlops)\//;
  return new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(root.length + 1), path] as const)
      .filter(([path]) => !own.test(path))
      .map(([path, full]) => [
        path,
        { bytes: readFileSync(full), executable: (statSync(full).mode & 0o100) !== 0 },
      ]),
  );
}

export function bytesOf(content: Content): Buffer {
  if (content instanceof Uint8Array) return Buffer.from(content);
  return Buffer.from(typeof content === 'string' ? content : content.text);
}

export function isExecutable(content: Content): boolean {
  return typeof content === 'object' && 'executable' in content && content.executable;
}
