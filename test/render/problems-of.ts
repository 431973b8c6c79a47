import { MlopsError } from '../../generators/core/errors.ts';

/** Runs something that must be refused, and gives its problems as `line:column message`. */
export function problemsOf(refused: () => unknown): string[] {
  try {
    refused();
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    return error.details.map(({ line, column, message }) => `${line}:${column} ${message}`);
  }
  throw new Error('nothing was refused');
}
