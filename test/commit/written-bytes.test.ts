import { describe, expect, it } from 'vitest';
import { packedBytes, unpackedBytes } from '../../generators/core/commit/written-bytes.ts';

const FILES = [
  { index: 0, bytes: Buffer.from('[[0,9]]\nlooks like a first line\n') },
  { index: 3, bytes: Buffer.alloc(0) },
  { index: 7, bytes: Buffer.from([0, 10, 13, 255]) },
];

function unpacked(packed: Uint8Array) {
  return [...unpackedBytes(packed)].map(([index, bytes]) => ({ index, bytes: Buffer.from(bytes) }));
}

describe('what a run wrote, in one file', () => {
  it('comes apart as it was put together', () => {
    expect(unpacked(packedBytes(FILES))).toEqual(FILES);
    expect(unpacked(packedBytes([]))).toEqual([]);
  });

  it('gives what is still there of it where its end is missing', () => {
    const packed = packedBytes(FILES);
    expect(unpacked(packed.subarray(0, packed.byteLength - 2))).toEqual([
      ...FILES.slice(0, 2),
      { index: 7, bytes: Buffer.from([0, 10]) },
    ]);
  });

  it.each(['', '\n', 'nothing of ours', '{}\nx', '[[0,-1]]\nx', '[[0]]\nx', '["a"]\nx', '[[0,1e99]]\nx'])(
    'gives nothing where its first line is %j',
    (text) => {
      expect(unpacked(Buffer.from(text))).toEqual([]);
    },
  );
});
