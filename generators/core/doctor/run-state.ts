import { type Layout, layoutOf } from '../commit/layout.ts';
import { isAlive, type LockRecord, readLock } from '../commit/lock-record.ts';
import { pendingTransaction } from '../commit/recover.ts';
import { MlopsError } from '../errors.ts';
import { nodeDisk } from '../io/node-disk.ts';

/** What a run that writes has left, or is leaving. */
export type RunState =
  | { readonly kind: 'none' }
  | { readonly kind: 'active'; readonly holder: LockRecord }
  | { readonly kind: 'interrupted'; readonly paths: readonly string[] }
  /** Interrupted, with a journal that cannot be followed. */
  | { readonly kind: 'damaged' }
  /** Interrupted before anything was changed. */
  | { readonly kind: 'leftovers'; readonly names: readonly string[] }
  /** Something else is in the place of the generator's folders. */
  | { readonly kind: 'unknown' };

export function runState(root: string): RunState {
  const layout = layoutOf(root);
  const holder = readLock(nodeDisk, layout.lock);
  if (holder !== undefined && isAlive(nodeDisk, layout.lock, holder)) return { kind: 'active', holder };
  try {
    const pending = pendingTransaction(root);
    if (pending.kind !== 'none') return { kind: 'interrupted', paths: pending.paths };
  } catch (error) {
    if (error instanceof MlopsError && error.code === 'MLOPS_E_RECOVERY') return { kind: 'damaged' };
    throw error;
  }
  const names = leftIn(layout);
  return names.length === 0 ? { kind: 'none' } : { kind: 'leftovers', names };
}

function leftIn({ own }: Layout): string[] {
  if (nodeDisk.see(own) === undefined) return [];
  return nodeDisk.namesIn(own).filter((name) => /^(txn|lock|lock\.new-.*)$/.test(name));
}
