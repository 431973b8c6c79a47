import { parseRelPath } from '../../rel-path.ts';
import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import { counted, listed, shellWord, shellWords } from '../words.ts';

/** Templates that a run put beside files of the user's. */
export function sideFiles({ managed, disk }: Examined): Finding[] {
  const left = managed.filter(({ place }) => {
    const side = parseRelPath(`${place}.mlops-new`);
    return (
      side.kind === 'path' && (disk.look(side.path).kind === 'file' || disk.target(side.path) !== undefined)
    );
  });
  if (left.length === 0) return [];
  const sides = left.map(({ place }) => `${place}.mlops-new`);
  const [first] = left.map(({ place }) => shellWord(place));
  return [
    problem(
      'SIDE_FILES',
      `The template's version lies beside ${counted(left.length, 'file')} of yours: ${listed(sides)}; take over what you want, then delete it.`,
      left.length === 1
        ? `diff -u ${first} ${shellWords(sides)}; rm -i ${shellWords(sides)}`
        : `rm -i ${shellWords(sides)}`,
    ),
  ];
}
