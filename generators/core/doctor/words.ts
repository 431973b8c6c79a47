const MAX_LISTED = 10;

/** `a, b, c`, at most ten, with the number of those left out. */
export function listed(items: readonly string[]): string {
  const left = items.length - MAX_LISTED;
  return `${items.slice(0, MAX_LISTED).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}

/** `1 file`, `3 files`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** As many of the paths as are listed, as words of a shell; the next run shows the others. */
export function shellWords(paths: readonly string[]): string {
  return paths.slice(0, MAX_LISTED).map(shellWord).join(' ');
}

/** A path that a shell takes as one word and no program takes for an option. */
export function shellWord(path: string): string {
  const safe = path.startsWith('-') ? `./${path}` : path;
  return /^[A-Za-z0-9._/-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}

/** Opens files in the editor that the person has chosen for git and the like. */
export function editCommand(paths: readonly string[]): string {
  return `\${EDITOR:-vi} ${shellWords(paths)}`;
}
