import type { SettledPart } from './parts.ts';
import { commonEnd, endsWithNewline, type TextLines, textBytes } from './text-lines.ts';

/** Lines of ours around a conflict: after the last of them there is always a newline. */
interface MarkedPart {
  readonly kind: 'marked';
  readonly lines: readonly string[];
  readonly ends: readonly string[];
}

export type TextWriter = (parts: readonly (SettledPart | MarkedPart)[]) => Uint8Array;

/** How parts become bytes. Line ends are the user's; the byte order mark and the last newline are merged. */
export function textWriter({
  base,
  yours,
  theirs,
}: Readonly<Record<'base' | 'yours' | 'theirs', TextLines>>): TextWriter {
  const hasBom = mergedFlag(base.hasBom, yours.hasBom, theirs.hasBom);
  const isEnded = mergedFlag(endsWithNewline(base), endsWithNewline(yours), endsWithNewline(theirs));
  const end = commonEnd(yours.ends.length > 0 ? yours : theirs);
  return (parts) => {
    const lastPart = parts.findLast(({ lines }) => lines.length > 0);
    const isCut = !isEnded && lastPart?.kind === 'lines';
    const pieces = parts.flatMap(({ lines, ends }) => lines.map((line, at) => [line, ends?.[at] || end]));
    return textBytes(hasBom, isCut ? pieces.flat().slice(0, -1) : pieces.flat());
  };
}

/** Between yes and no there is no conflict: who changed it decides. */
function mergedFlag(base: boolean, yours: boolean, theirs: boolean): boolean {
  return yours === base ? theirs : yours;
}
