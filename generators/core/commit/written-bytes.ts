import { isCount, parseJson } from './json-shape.ts';

/** What a run wrote at one path; the index is that of its journal's entry. */
export interface WrittenBytes {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/**
 * Several files as one, since making a file costs far more than writing its bytes: a line that tells the index and the
 * size of each, `[[0,12],[3,40]]`, then their bytes one after the other.
 */
export function packedBytes(files: readonly WrittenBytes[]): Uint8Array {
  const sizes = files.map(({ index, bytes }) => [index, bytes.byteLength]);
  return Buffer.concat([Buffer.from(`${JSON.stringify(sizes)}\n`), ...files.map(({ bytes }) => bytes)]);
}

/** The bytes by index; as far as they read, since what they are is for a hash to say. */
export function unpackedBytes(packed: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const end = packed.indexOf(0x0a);
  const sizes = parseJson(Buffer.from(packed.subarray(0, Math.max(0, end))).toString('utf8'));
  const found = new Map<number, Uint8Array>();
  let at = end + 1;
  for (const pair of Array.isArray(sizes) ? sizes : []) {
    const [index, size]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    if (!isCount(index) || !isCount(size)) break;
    found.set(index, packed.subarray(at, at + size));
    at += size;
  }
  return found;
}
