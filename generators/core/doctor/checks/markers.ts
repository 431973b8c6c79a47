import { sameBytes } from '../../merge/blob-id.ts';
import { markerLines } from '../../merge/conflict-markers.ts';
import { MANIFEST } from '../../merge/state.ts';
import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import type { Managed } from '../managed.ts';
import { counted, editCommand, listed } from '../words.ts';

/** Conflicts that the user has not settled yet; until then no run merges. */
export function conflictMarkers(project: Examined): Finding[] {
  const marked = [...project.managed.map((file) => marksIn(project, file)), marksInAnswers(project)].filter(
    ({ lines }) => lines.length > 0,
  );
  if (marked.length === 0) return [];
  const places = marked.map(({ place, lines }) => `${place}:${lines[0]}`);
  return [
    problem(
      'MARKERS',
      `Conflict markers are in ${counted(marked.length, 'file')}: ${listed(places)}; settle them, or take the run back with --undo.`,
      editCommand(marked.map(({ place }) => place)),
    ),
  ];
}

interface Marked {
  readonly place: string;
  readonly lines: readonly number[];
}

/** Markers that the base has too are the template's own text. */
function marksIn({ disk }: Examined, { place, base }: Managed): Marked {
  const found = disk.look(place);
  if (found.kind !== 'file') return { place, lines: [] };
  if (base.kind !== 'intact') return { place, lines: markerLines(found.bytes) };
  if (sameBytes(found.bytes, base.bytes)) return { place, lines: [] };
  const lines = markerLines(found.bytes);
  return { place, lines: lines.length > markerLines(base.bytes).length ? lines : [] };
}

function marksInAnswers({ disk }: Examined): Marked {
  const found = disk.look(MANIFEST);
  return { place: MANIFEST, lines: found.kind === 'file' ? markerLines(found.bytes) : [] };
}
