import type { Sides } from './conflict-markers.ts';

/** Lines that are settled, or the three sides of a place that is not. */
export type Part = SettledPart | ConflictPart;

/** `ends`: how the user ends each of the lines; without it, as most lines of the user's file. */
export interface SettledPart {
  readonly kind: 'lines';
  readonly lines: readonly string[];
  readonly ends?: readonly string[] | undefined;
}

/** `ends`: of the user's lines. */
export interface ConflictPart {
  readonly kind: 'conflict';
  readonly sides: Sides;
  readonly ends: readonly string[];
}

/** A conflict that became lines, with the user's own line ends where the user's lines were taken as they are. */
export function settledAs(lines: readonly string[], { sides, ends }: ConflictPart): SettledPart {
  const isMine = lines.join('\n') === sides.yours.join('\n');
  return { kind: 'lines', lines, ends: isMine ? ends : undefined };
}

/** The lines of a part, on one side where it is not settled. */
export function linesAt(side: keyof Sides): (part: Part) => readonly string[] {
  return (part) => (part.kind === 'lines' ? part.lines : part.sides[side]);
}
