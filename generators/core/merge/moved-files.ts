import type { RelPath } from '../rel-path.ts';
import { sameBytes } from './blob-id.ts';
import { LIKELY, similarity } from './similarity.ts';

/** A file of the project that no template has, and so may be one that the user moved. */
export interface Stray {
  readonly path: RelPath;
  readonly bytes: Uint8Array;
}

/** A template's file that is gone, and the only file that may be it. */
export interface LikelyMove {
  readonly from: RelPath;
  readonly to: RelPath;
  /** Whether the bytes are the same, enough of them, and nowhere else: then it is no guess. */
  readonly isSure: boolean;
}

interface Missing {
  readonly path: RelPath;
  readonly bytes: Uint8Array;
}

const SURE_BYTES = 64;

/** Where files that are gone may have been moved to: each to one file only, and no file taken twice. */
export function likelyMoves(missing: readonly Missing[], strays: readonly Stray[]): LikelyMove[] {
  const found = missing.flatMap((file) => {
    const alike = strays.filter(({ bytes }) => similarity(file.bytes, bytes) >= LIKELY);
    const exact = alike.filter(({ bytes }) => sameBytes(bytes, file.bytes));
    const [only, ...others] = exact.length === 1 ? exact : alike;
    if (only === undefined || others.length > 0) return [];
    const twins = missing.filter(({ bytes }) => sameBytes(bytes, file.bytes));
    const isSure = exact.length === 1 && twins.length === 1 && file.bytes.byteLength >= SURE_BYTES;
    return [{ from: file.path, to: only.path, isSure }];
  });
  return found.filter(({ to }) => found.filter((other) => other.to === to).length === 1);
}
