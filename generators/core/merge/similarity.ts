import { textLines } from './text-lines.ts';

// As in git's rename detection: a long line counts in pieces, so that one change in it is not the loss of all.
const LONGEST_PIECE = 64;

/** Two files that are at least so much alike may be one. */
export const LIKELY = 0.6;

/** 0 to 1: the share of bytes, of the larger of two contents, that stand in lines which both have, in any order. */
export function similarity(a: Uint8Array, b: Uint8Array): number {
  const [inA, inB] = [byteCounts(a), byteCounts(b)];
  const larger = Math.max(total(inA), total(inB));
  if (larger === 0) return 1;
  let shared = 0;
  for (const [piece, bytes] of inA) shared += Math.min(bytes, inB.get(piece) ?? 0);
  return shared / larger;
}

/** How many bytes stand in each distinct piece; how a line ends does not count. */
function byteCounts(bytes: Uint8Array): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of textLines(bytes).lines) {
    for (let from = 0; from === 0 || from < line.length; from += LONGEST_PIECE) {
      const piece = line.slice(from, from + LONGEST_PIECE);
      counts.set(piece, (counts.get(piece) ?? 0) + piece.length + 1);
    }
  }
  return counts;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, bytes) => sum + bytes, 0);
}
