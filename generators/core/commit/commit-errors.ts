import { type ErrorDetail, EXIT, MlopsError } from '../errors.ts';
import { errnoOf, pathOf } from '../io/disk.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device reports an error',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long for this disk',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file is where a folder should be',
  EPERM: 'the operation is not permitted',
  EROFS: 'the disk is read-only',
  EXDEV: 'it is on another device',
};

type Place = (absolute: string) => string;

type AfterFailure = 'unchanged' | 'pending';

/** A failed call of the disk as an error that names path and reason; what is no such failure comes back as it is. */
export function ioError(error: unknown, nameOf: Place, state: AfterFailure): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const where = pathOf(error);
  const path = where === undefined ? 'the project' : nameOf(where);
  const reason = REASONS[errno] ?? errno;
  const after = state === 'unchanged' ? 'nothing was changed' : 'the next run finishes or undoes this one';
  return new MlopsError({
    code: 'MLOPS_E_IO',
    exit: EXIT.io,
    message: `Cannot change ${path}: ${reason} (${errno}); ${after}.`,
    hint:
      state === 'unchanged'
        ? 'Free space or give access there, then run the command again.'
        : 'Mend the disk, then run the command again.',
    details: [{ path, message: reason }],
    cause: error,
  });
}

/** Runs a call whose failures name absolute paths. */
export function withIoErrors<T>(state: AfterFailure, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw ioError(error, (absolute) => absolute, state);
  }
}

export function staleError(details: readonly ErrorDetail[]): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_STALE',
    exit: EXIT.refused,
    message: `The project changed after the plan was made: ${details.map(({ path }) => path).join(', ')}.`,
    hint: 'Run the command again to plan from what is there now.',
    details,
  });
}

export function unsafeTargetError(details: readonly ErrorDetail[]): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_UNSAFE_TARGET',
    exit: EXIT.refused,
    message: `Refused to write through a link or outside the project: ${details.map(({ path }) => path).join(', ')}.`,
    hint: 'Replace the link by a real folder.',
    details,
  });
}

export function lockedError(holder: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_LOCKED',
    exit: EXIT.locked,
    message: `Another run is writing this project (${holder}).`,
    hint: 'Wait until it has ended; if that machine or container is gone, delete .mlops/lock.',
  });
}

export function interruptedError(): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_INTERRUPTED',
    exit: EXIT.interrupted,
    message: 'Interrupted before anything was changed.',
    hint: 'Run the command again to start over.',
  });
}

export function recoveryError(details: readonly ErrorDetail[]): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_RECOVERY',
    exit: EXIT.refused,
    message: 'An interrupted run cannot be finished or undone by itself: what it had put aside was changed.',
    hint: 'Restore the files with git if need be, then delete .mlops/txn.',
    details,
  });
}
