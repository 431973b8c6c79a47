import { isUnmanaged } from '../../merge/unmanaged.ts';
import type { Examined } from '../examined.ts';
import { type Finding, note } from '../finding.ts';
import { counted, listed, shellWord, shellWords } from '../words.ts';

const MAX_RESTORED = 10;

/** Files of the template that the user deleted; they stay deleted. */
export function deletedFiles({ managed, disk, answers, call }: Examined): Finding[] {
  // Without answers nobody knows what was moved.
  if (answers.kind !== 'saved') return [];
  const { unmanaged, moved } = answers.saved;
  const gone = managed
    .filter(({ policy }) => policy !== 'detached')
    .filter(({ path }) => !moved.has(path) && !isUnmanaged(path, unmanaged))
    .filter(({ place }) => disk.look(place).kind === 'absent')
    .map(({ place }) => place);
  if (gone.length === 0) return [];
  const restore = gone
    .slice(0, MAX_RESTORED)
    .map((path) => `${call('regenerate')} --restore=${shellWord(path)}`);
  return [
    note(
      'FILES_DELETED',
      `You deleted ${counted(gone.length, 'file')} of the template: ${listed(gone)}; runs respect that, and this brings back what is listed.`,
      restore.join(' && '),
    ),
  ];
}

/** Files that the template has no more and that stayed because the user had edited them. */
export function detachedFiles({ managed, disk, call }: Examined): Finding[] {
  const detached = managed
    .filter(({ policy }) => policy === 'detached')
    .filter(({ place }) => disk.look(place).kind === 'file')
    .map(({ place }) => place);
  if (detached.length === 0) return [];
  return [
    note(
      'FILES_DETACHED',
      `The template no longer has ${counted(detached.length, 'file')} that you edited: ${listed(detached)}; runs leave that so, and this deletes what is listed.`,
      `rm ${shellWords(detached)} && ${call('regenerate')}`,
    ),
  ];
}
