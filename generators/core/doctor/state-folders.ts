import { nodeDisk } from '../io/node-disk.ts';

/** Something else than ours in a place that is the generator's. */
export interface ForeignState {
  readonly path: string;
  readonly isLink: boolean;
  /** Whether a link leads to something that can be copied. */
  readonly leads: boolean;
}

const PLACES = [
  ['.mlops', 'folder'],
  ['.mlops/base', 'folder'],
  ['.mlops/txn', 'folder'],
  ['.mlops/undo', 'folder'],
  ['.mlops/lock', 'file'],
  ['.mlops/base.lock', 'file'],
] as const;

/** Where a link, or a file for a folder, stands in the place of the generator's own; what is below is not looked at. */
export function foreignState(root: string): ForeignState[] {
  const foreign: ForeignState[] = [];
  for (const [path, wanted] of PLACES) {
    if (foreign.some((above) => path.startsWith(`${above.path}/`))) continue;
    const kind = nodeDisk.see(`${root}/${path}`)?.kind ?? wanted;
    if (kind !== wanted) foreign.push({ path, isLink: kind === 'link', leads: leads(`${root}/${path}`) });
  }
  return foreign;
}

function leads(path: string): boolean {
  try {
    nodeDisk.realPath(path);
    return true;
  } catch {
    return false;
  }
}
