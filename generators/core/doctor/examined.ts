import type { Catalog } from '../catalog/catalog.ts';
import { MlopsError } from '../errors.ts';
import type { ProjectDisk } from '../io/on-disk.ts';
import { projectDisk } from '../io/on-disk.ts';
import { type LockFile, parseLock } from '../merge/base.ts';
import { BASE_LOCK, MANIFEST } from '../merge/state.ts';
import { readSavedProject, type SavedProject } from '../saved-project.ts';
import type { ProjectSpec } from '../wanted.ts';
import { type Managed, managedFiles } from './managed.ts';
import { type RunState, runState } from './run-state.ts';
import { type ForeignState, foreignState } from './state-folders.ts';
import { yamlIn } from './yaml-text.ts';

// The reader of answers takes no more.
const MAX_ANSWERS_BYTES = 256 * 1024;

/** `mlops.yaml`, as far as it can be used. */
type Answers =
  | { readonly kind: 'saved'; readonly saved: SavedProject; readonly document: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'invalid'; readonly error: MlopsError };

/** A project as the checks look at it. Nothing in it was followed through a link, and nothing was written. */
export interface Examined {
  readonly root: string;
  readonly catalog: Catalog;
  /** The version that examines. */
  readonly generator: string;
  /** How the person calls a command of ours: `regenerate` gives `mlops regenerate` or `yo mlops:regenerate`. */
  readonly call: (command: string) => string;
  readonly page: ProjectSpec['page'];
  readonly disk: ProjectDisk;
  /** What stands where `.mlops` has folders and files of its own. */
  readonly foreign: readonly ForeignState[];
  readonly run: RunState;
  readonly answers: Answers;
  /** Undefined where there is none. */
  readonly lock: LockFile | undefined;
  /** All that the lock names. */
  readonly managed: readonly Managed[];
}

type ExamineInput = Pick<Examined, 'root' | 'catalog' | 'generator' | 'call' | 'page'>;

export function examinedProject(input: ExamineInput): Examined {
  const { root, catalog } = input;
  const disk = projectDisk(root);
  const foreign = foreignState(root);
  const found = disk.look(BASE_LOCK);
  const lock = found.kind === 'file' ? parseLock(Buffer.from(found.bytes).toString('utf8')) : undefined;
  const answers = savedAnswers(catalog, root, disk);
  const moved = answers.kind === 'saved' ? answers.saved.moved : new Map();
  return {
    ...input,
    disk,
    foreign,
    run: foreign.length > 0 ? { kind: 'unknown' } : runState(root),
    answers,
    lock,
    managed: managedFiles(lock, disk.look, moved),
  };
}

function savedAnswers(catalog: Catalog, root: string, disk: ProjectDisk): Answers {
  const found = disk.look(MANIFEST);
  if (found.kind === 'absent') return { kind: 'absent' };
  if (found.kind === 'other') return { kind: 'unreadable', reason: `it is ${found.what}` };
  if (found.bytes.byteLength > MAX_ANSWERS_BYTES)
    return { kind: 'unreadable', reason: 'it is larger than 256 KiB' };
  if (!isText(found.bytes)) return { kind: 'unreadable', reason: 'it is not UTF-8 text' };
  const document = yamlIn(found.bytes);
  try {
    const saved = readSavedProject(catalog, root);
    if (document.kind === 'read') return { kind: 'saved', saved, document: document.value };
  } catch (error) {
    if (error instanceof MlopsError) return { kind: 'invalid', error };
    if (document.kind === 'read') throw error;
  }
  return { kind: 'unreadable', reason: 'it is nested too deep, or has too many aliases' };
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !bytes.includes(0);
  } catch {
    return false;
  }
}
