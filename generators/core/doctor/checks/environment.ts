import { isInsideGit } from '../../io/target.ts';
import { relPath } from '../../rel-path.ts';
import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import { listed } from '../words.ts';

const INSTALLS = /^\.github\/workflows\/|(^|\/)Dockerfile$/;

/** CI and images install what `uv.lock` says, and fail without it. */
export function missingUvLock({ root, managed, disk }: Examined): Finding[] {
  if (disk.look(relPath('uv.lock')).kind !== 'absent') return [];
  const locked = managed
    .map(({ place }) => place)
    .filter((place) => {
      const found = INSTALLS.test(place) ? disk.look(place) : undefined;
      return found?.kind === 'file' && Buffer.from(found.bytes).includes('--locked');
    });
  if (locked.length === 0) return [];
  return [
    problem(
      'UV_LOCK_MISSING',
      `uv.lock is missing, and ${listed(locked)} install${locked.length === 1 ? 's' : ''} what it says.`,
      isInsideGit(root) ? 'uv lock && git add uv.lock' : 'uv lock',
    ),
  ];
}
