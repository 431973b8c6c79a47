import type { RelPath } from '../rel-path.ts';
import type { Content } from './change.ts';

/** One path of a transaction. Its index in the journal names its files in the transaction's folder. */
export interface Entry {
  readonly path: RelPath;
  readonly before: Content;
  readonly after: Content;
}

export interface Emptied {
  readonly path: RelPath;
  readonly mode: number;
}

/**
 * All that is needed to finish or undo a transaction after a kill. It is there from the point of no return until
 * the transaction is complete, and then becomes the `run.json` of the undo entry.
 */
export interface Journal {
  readonly schema: 1;
  readonly id: string;
  /** How many folders, from the root upwards, the run had to make. */
  readonly levels: number;
  readonly keepsUndo: boolean;
  /** Folders to make, outermost first. */
  readonly made: readonly RelPath[];
  /** Folders that deletes may leave empty, innermost first. */
  readonly emptied: readonly Emptied[];
  /** In the order in which they are applied. */
  readonly entries: readonly Entry[];
}
