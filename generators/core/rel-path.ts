declare const relPathBrand: unique symbol;

/**
 * A path below the project's root, with `/` between its parts, that no system resolves to somewhere else.
 * Only `parseRelPath` makes one, and only a RelPath is ever written.
 */
export type RelPath = string & { readonly [relPathBrand]: true };

export type RelPathResult =
  | { readonly kind: 'path'; readonly path: RelPath }
  | { readonly kind: 'refused'; readonly reason: string };

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
const MAX_PART_BYTES = 255;
const MAX_PATH_BYTES = 1024;

/** Accepts a safe relative path, or says in a few words why it is refused. */
export function parseRelPath(text: string): RelPathResult {
  const reason = refusal(text);
  // The one place where the brand is given.
  return reason === undefined ? { kind: 'path', path: text as RelPath } : { kind: 'refused', reason };
}

/** `parseRelPath` for literals of ours and paths already checked; a refusal is a bug. */
export function relPath(text: string): RelPath {
  const result = parseRelPath(text);
  if (result.kind === 'refused') throw new Error(`unsafe path ${JSON.stringify(text)}: ${result.reason}`);
  return result.path;
}

/** The folders above a path, outermost first: `a/b/c` gives `a`, `a/b`. */
export function parentsOf(path: RelPath): RelPath[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => relPath(parts.slice(0, index + 1).join('/')));
}

function refusal(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (Buffer.byteLength(text) > MAX_PATH_BYTES) return 'it is longer than 1024 bytes';
  if (text.startsWith('/')) return 'it is absolute';
  if (/^[a-z]:/i.test(text)) return 'it starts with a drive letter';
  if (text.includes('\\')) return 'it has a backslash';
  if (hasControlCharacter(text)) return 'it has a control or direction character';
  for (const part of text.split('/')) {
    const reason = partRefusal(part);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function partRefusal(part: string): string | undefined {
  if (part === '') return 'it has an empty part';
  if (part === '.' || part === '..') return `it has a part "${part}"`;
  if (/[. ]$/.test(part)) return 'a part ends in a dot or a space';
  if (WINDOWS_DEVICE.test(part)) return `"${part}" is a device name on Windows`;
  if (part.toLowerCase() === '.git') return 'it is inside .git';
  if (/[<>:"|?*]/.test(part)) return 'it has a character that Windows refuses';
  if (Buffer.byteLength(part) > MAX_PART_BYTES) return 'a part is longer than 255 bytes';
  return undefined;
}

function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}
