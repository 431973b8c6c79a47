import { globMatches } from '../plan/glob.ts';

/** Whether a path is one of those, in a folder among them, or matches a pattern. */
export function isUnmanaged(path: string, unmanaged: readonly string[]): boolean {
  return unmanaged.some((entry) => {
    const plain = entry.replace(/\/+$/, '');
    return path === plain || path.startsWith(`${plain}/`) || globMatches(plain, path);
  });
}
