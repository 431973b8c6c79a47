/** Where a transaction keeps what, as absolute paths. */
export interface Layout {
  readonly root: string;
  readonly own: string;
  readonly lock: string;
  readonly txn: string;
  /** New content waits in `staged/<index>` until it is renamed into place. */
  readonly staged: string;
  readonly journal: string;
  /** What becomes an undo entry when the transaction is complete. */
  readonly draft: string;
  readonly aside: string;
  /** What the run wrote over files of the user's, as `packedBytes` puts it. */
  readonly written: string;
  readonly run: string;
  readonly undo: string;
}

export function layoutOf(root: string): Layout {
  const own = `${root}/.mlops`;
  const txn = `${own}/txn`;
  const draft = `${txn}/undo`;
  return {
    root,
    own,
    lock: `${own}/lock`,
    txn,
    staged: `${txn}/new`,
    journal: `${txn}/journal.json`,
    draft,
    aside: `${draft}/before`,
    written: `${draft}/after`,
    run: `${draft}/run.json`,
    undo: `${own}/undo`,
  };
}

/** The paths in `.mlops` that belong to the transaction itself and that no change may name. */
export function isReserved(path: string): boolean {
  return /^\.mlops(\/(txn|undo|lock)([./-].*)?)?$/i.test(path);
}
