import { isUnmanaged } from '../../merge/unmanaged.ts';
import { parseRelPath } from '../../rel-path.ts';
import type { Examined } from '../examined.ts';
import { type Finding, note, problem } from '../finding.ts';
import { editCommand, listed } from '../words.ts';

/** A path that is misspelt protects nothing; one for a file that is still to come is fine. */
export function unusedUnmanaged(project: Examined): Finding[] {
  const { answers } = project;
  if (answers.kind !== 'saved') return [];
  const unused = answers.saved.unmanaged.filter((entry) => !namesSomething(entry, project));
  if (unused.length === 0) return [];
  const message = `unmanaged: in mlops.yaml names nothing that is there: ${listed(unused)}.`;
  return [note('UNMANAGED_UNUSED', message, editCommand(['mlops.yaml']))];
}

function namesSomething(entry: string, { managed, disk }: Examined): boolean {
  if (managed.some(({ path }) => isUnmanaged(path, [entry]))) return true;
  const plain = parseRelPath(entry.replace(/\/+$/, ''));
  return plain.kind === 'path' && disk.look(plain.path).kind !== 'absent';
}

/** A move that leads nowhere: the file would count as deleted. */
export function unusedMoves({ answers, managed, disk }: Examined): Finding[] {
  if (answers.kind !== 'saved') return [];
  const known = new Set(managed.map(({ path }) => path));
  const unused = [...answers.saved.moved].filter(
    ([old, now]) => !known.has(old) || disk.look(now).kind === 'absent',
  );
  if (unused.length === 0) return [];
  const places = unused.map(([old, now]) =>
    known.has(old) ? `${now} is not there` : `${old} is no file of the template`,
  );
  return [
    problem(
      'MOVED_UNUSED',
      `moved: in mlops.yaml leads nowhere: ${listed(places)}.`,
      editCommand(['mlops.yaml']),
    ),
  ];
}
