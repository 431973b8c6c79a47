import { isUnmanaged } from '../../merge/unmanaged.ts';
import type { Examined } from '../examined.ts';
import { type Finding, note } from '../finding.ts';
import { counted, listed, shellWord, shellWords } from '../words.ts';

const MAX_RESTORED = 10;

/** Files of the template that the user deleted; they stay deleted. */
export function deletedFiles({ managed, disk, answers, call }: Examined): Finding[] {
  const { unmanaged, moved } = answers.kind === 'saved' ? answers.saved : { unmanaged: [], moved: new Map() };
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
      `You deleted ${counted(gone.length, 'file')} of the template, and they stay deleted: ${listed(gone)}; this brings them back.`,
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
      `${counted(detached.length, 'file')} that the template has no more stayed because you edited them: ${listed(detached)}; this deletes them.`,
      `rm ${shellWords(detached)} && ${call('regenerate')}`,
    ),
  ];
}
