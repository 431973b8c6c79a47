import { hash } from 'node:crypto';
import type { Disk, Seen } from '../io/disk.ts';
import { ABSENT, type Content, isExecutable } from './change.ts';

/** What is at a path, where it is something that a change can write; `other` is a folder, a device and the like. */
export type Found = Content | { readonly kind: 'other'; readonly what: string };

export function contentAt(disk: Disk, path: string, seen: Seen | undefined): Found {
  if (seen === undefined) return ABSENT;
  switch (seen.kind) {
    case 'file':
      return { kind: 'file', hash: sha256(disk.read(path)), mode: seen.mode };
    case 'link':
      return { kind: 'link', target: disk.readLink(path) };
    case 'folder':
      return { kind: 'other', what: 'a folder is there' };
    case 'other':
      return { kind: 'other', what: 'a special file is there' };
  }
}

export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

/** Same bytes or same target. The mode is left out: some disks do not keep the one that was set. */
export function sameContent(found: Found, wanted: Content): boolean {
  if (found.kind === 'file' && wanted.kind === 'file') return found.hash === wanted.hash;
  if (found.kind === 'link' && wanted.kind === 'link') return found.target === wanted.target;
  return found.kind === 'absent' && wanted.kind === 'absent';
}

/** Same content, and executable or not as wanted; that is all that git and a template know of a mode. */
export function sameFile(found: Found, wanted: Content): boolean {
  if (found.kind === 'file' && wanted.kind === 'file') {
    return found.hash === wanted.hash && isExecutable(found.mode) === isExecutable(wanted.mode);
  }
  return sameContent(found, wanted);
}

/** Whether nothing has written to the file since it was seen; cheap, for the last look before a rename. */
export function isSameInode(now: Seen | undefined, then: Seen): boolean {
  return now !== undefined && now.ino === then.ino && now.size === then.size && now.mtimeMs === then.mtimeMs;
}
