import { parseRelPath, type RelPath } from '../rel-path.ts';
import type { Content } from './change.ts';
import type { Emptied, Entry, Journal } from './journal-entry.ts';
import { isCount, isRecord, parseJson } from './json-shape.ts';
import { isReserved } from './layout.ts';

/** The journal that a text holds, or undefined where it is not wholly as we write it. */
export function parseJournal(text: string): Journal | undefined {
  const value = parseJson(text);
  if (!isRecord(value)) return undefined;
  const { schema, id, levels, keepsUndo, made, emptied, entries } = value;
  if (schema !== 1 || typeof id !== 'string' || !/^[0-9a-f-]{8,40}$/.test(id) || !isCount(levels))
    return undefined;
  if (typeof keepsUndo !== 'boolean') return undefined;
  const folders = parseAll(made, parseOwnPath);
  const left = parseAll(emptied, parseEmptied);
  const parsed = parseAll(entries, parseEntry);
  if (folders === undefined || left === undefined || parsed === undefined) return undefined;
  return { schema: 1, id, levels, keepsUndo, made: folders, emptied: left, entries: parsed };
}

function parseEntry(value: unknown): Entry | undefined {
  if (!isRecord(value)) return undefined;
  const { path: text, before: old, after: wanted } = value;
  const path = parseOwnPath(text);
  const before = parseContent(old);
  const after = parseContent(wanted);
  return path && before && after ? { path, before, after } : undefined;
}

function parseEmptied(value: unknown): Emptied | undefined {
  if (!isRecord(value)) return undefined;
  const { path: text, mode } = value;
  const path = parseOwnPath(text);
  return path && isCount(mode) ? { path, mode: mode & 0o777 } : undefined;
}

function parseContent(value: unknown): Content | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, hash, mode, target } = value;
  if (kind === 'absent') return { kind };
  if (kind === 'link' && typeof target === 'string') return { kind, target };
  return kind === 'file' && typeof hash === 'string' && isCount(mode) ? { kind, hash, mode } : undefined;
}

/** The journal comes from disk, perhaps with a cloned repository: its paths are checked like any from outside. */
function parseOwnPath(value: unknown): RelPath | undefined {
  if (typeof value !== 'string') return undefined;
  const result = parseRelPath(value);
  return result.kind === 'path' && !isReserved(result.path) ? result.path : undefined;
}

function parseAll<T>(value: unknown, parse: (item: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const parsed = value.map(parse).filter((item) => item !== undefined);
  return parsed.length === value.length ? parsed : undefined;
}
