declare const relPathBrand: unique symbol;

/**
 * A path below the project's root, with `/` between its parts, that no system resolves to somewhere else.
 * Only `parseRelPath` makes one, and only a RelPath is ever written.
 */
export type RelPath = string & { readonly [relPathBrand]: true };

export type RelPathResult =
  | { readonly kind: 'path'; readonly path: RelPath }
  | { readonly kind: 'refused'; readonly reason: string };

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]) *(\.|$)/i;
// What makes a name read in another order than it is written; a joiner may stay: emoji.
const TURNING = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;
const PRINTABLE_ASCII = /^[ -~]*$/;
const MAX_PART_BYTES = 255;
const MAX_PATH_BYTES = 1024;

// A run meets each of its paths several times.
const accepted = new Set<string>();

/** Accepts a safe relative path, or says in a few words why it is refused. */
export function parseRelPath(text: string): RelPathResult {
  const reason = accepted.has(text) ? undefined : refusal(text);
  if (reason === undefined) accepted.add(text);
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

/** The same for all spellings that some system takes for one name: case, Unicode form, invisible characters. */
export function oneNameOf(path: string): string {
  if (PRINTABLE_ASCII.test(path)) return path.toLowerCase();
  return path
    .replace(/\p{Cf}/gu, '')
    .normalize('NFC')
    .toLowerCase();
}

/** Why a path of ours is refused that a team's may have: some systems cannot hold it, or readers would not see it. */
export function unportable(text: string): string | undefined {
  if (text.includes('\\')) return 'it has a backslash';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return 'it has a control or direction character';
  if (/[<>:"|?*]/.test(text)) return 'it has a character that Windows refuses';
  if (/ (\/|$)/.test(text)) return 'a part ends in a space';
  return undefined;
}

function refusal(text: string): string | undefined {
  if (text === '') return 'it is empty';
  if (Buffer.byteLength(text) > MAX_PATH_BYTES) return 'it is longer than 1024 bytes';
  if (text.startsWith('/')) return 'it is absolute';
  if (/^[a-z]:/i.test(text)) return 'it starts with a drive letter';
  if (text.includes('\0')) return 'it has a NUL character';
  if (!text.isWellFormed()) return 'it has half of a character';
  if (TURNING.test(text)) return 'it has a direction character';
  // A system that takes the backslash for a separator must not be led out of the project either.
  for (const part of text.split(/[\\/]/)) {
    const reason = partRefusal(part);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function partRefusal(part: string): string | undefined {
  if (part === '') return 'it has an empty part';
  if (part === '.' || part === '..') return `it has a part "${part}"`;
  if (/\. *$/.test(part)) return 'a part ends in a dot';
  if (WINDOWS_DEVICE.test(part)) return `"${part}" is a device name on Windows`;
  if (/^(\.git|git~1) *$/.test(oneNameOf(part))) return 'it is inside .git';
  if (Buffer.byteLength(part) > MAX_PART_BYTES) return 'a part is longer than 255 bytes';
  return undefined;
}
