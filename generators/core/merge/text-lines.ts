import { isUtf8 } from 'node:buffer';

/**
 * A text as lines without their ends. Each character of a line is one byte of the file, so that a text in whatever
 * encoding comes through unharmed and no line is ever decoded and encoded again.
 */
export interface TextLines {
  readonly hasBom: boolean;
  readonly lines: readonly string[];
  /** The end of each line as the file has it; the last may be empty. */
  readonly ends: readonly string[];
}

const BOM = '\xef\xbb\xbf';

/** Cuts bytes into lines at `\n` and `\r\n`. */
export function textLines(bytes: Uint8Array): TextLines {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const hasBom = all.startsWith(BOM);
  const text = hasBom ? all.slice(BOM.length) : all;
  const lines: string[] = [];
  const ends: string[] = [];
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from);
    const to = newline === -1 ? text.length : newline;
    const end = newline === -1 ? '' : newline > from && text[newline - 1] === '\r' ? '\r\n' : '\n';
    lines.push(text.slice(from, end === '\r\n' ? to - 1 : to));
    ends.push(end);
    from = newline === -1 ? text.length : newline + 1;
  }
  return { hasBom, lines, ends };
}

/** How most lines end. */
export function commonEnd({ ends }: TextLines): '\n' | '\r\n' {
  const windows = ends.filter((end) => end === '\r\n').length;
  return windows * 2 > ends.filter((end) => end !== '').length ? '\r\n' : '\n';
}

/** An empty text counts as ended: what is added to it is whole lines. */
export function endsWithNewline({ ends }: TextLines): boolean {
  return ends.at(-1) !== '';
}

/** The bytes of lines and ends. */
export function textBytes(hasBom: boolean, pieces: readonly string[]): Uint8Array {
  return Buffer.from((hasBom ? BOM : '') + pieces.join(''), 'latin1');
}

/** Byte characters as the text they stand for; bytes that are no UTF-8 stay as they are. */
export function readableText(byteText: string): string {
  const bytes = Buffer.from(byteText, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : byteText;
}

// As far as git looks.
const LOOKED_AT = 8000;

/** No NUL near the start, as git decides it, and no control characters in what is no UTF-8. */
export function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, LOOKED_AT);
  if (start.includes(0)) return false;
  return isUtf8(bytes) || !start.some((byte) => byte < 0x20 && !LAYOUT_BYTES.has(byte));
}

// Tab, newline, vertical tab, form feed, return, escape.
const LAYOUT_BYTES: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);
