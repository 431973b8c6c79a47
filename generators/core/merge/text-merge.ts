import type { RelPath } from '../rel-path.ts';
import { type MergeLabels, markedLines, markerSize } from './conflict-markers.ts';
import { type MergedText, mergedParts, type TextVersions } from './merged-parts.ts';

export { hasConflictMarkers, type MergeLabels } from './conflict-markers.ts';
export { isLockFile } from './lock-file.ts';
export type { TextVersions } from './merged-parts.ts';

/** `conflict`: diff3 markers are in the bytes. `too-hard`: finding the changes takes more effort than allowed, and git is not there. */
export type TextMerge =
  | { readonly kind: 'clean'; readonly bytes: Uint8Array }
  | { readonly kind: 'conflict'; readonly bytes: Uint8Array; readonly conflicts: number }
  | { readonly kind: 'not-text' }
  | { readonly kind: 'too-hard' };

/** As `TextMerge`, each conflict decided for one side; `decided` says how many there were. */
export type SideMerge =
  | { readonly kind: 'clean'; readonly bytes: Uint8Array; readonly decided: number }
  | { readonly kind: 'not-text' }
  | { readonly kind: 'too-hard' };

/** Merges the template's change into the user's file, byte for byte as the user has it wherever they agree. */
export function mergeText(path: RelPath | string, versions: TextVersions, labels: MergeLabels): TextMerge {
  const merged = mergedParts(path, versions);
  if (merged.kind !== 'parts') return merged;
  const places = conflictsIn(merged);
  const size = markerSize(places.map(({ sides }) => sides));
  const bytes = merged.bytesOf(
    merged.parts.map((part) =>
      part.kind === 'lines'
        ? part
        : {
            kind: 'marked' as const,
            lines: markedLines(part.sides, labels, size),
            // The first marker comes before the user's lines.
            ends: ['', ...part.ends],
          },
    ),
  );
  return places.length === 0
    ? { kind: 'clean', bytes }
    : { kind: 'conflict', bytes, conflicts: places.length };
}

/** `mergeText` for `--conflict=yours|theirs`: only places that would get markers are decided for that side. */
export function mergeSides(
  path: RelPath | string,
  versions: TextVersions,
  side: 'yours' | 'theirs',
): SideMerge {
  const merged = mergedParts(path, versions);
  if (merged.kind !== 'parts') return merged;
  const decided = merged.parts.map((part) =>
    part.kind === 'lines'
      ? part
      : { kind: 'lines' as const, lines: part.sides[side], ends: side === 'yours' ? part.ends : undefined },
  );
  return { kind: 'clean', bytes: merged.bytesOf(decided), decided: conflictsIn(merged).length };
}

function conflictsIn({ parts }: MergedText) {
  return parts.filter((part) => part.kind === 'conflict');
}
