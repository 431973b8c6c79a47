import { excerptOf, type TemplateProblem } from './template-problem.ts';
import { parseTag, type Tag } from './template-tags.ts';
import type { Place } from './template-tree.ts';

/** A tag that the tree is made of; `block` stands for one that was refused, whose end is still to be found. */
type TreeTag =
  | Exclude<Tag, { readonly kind: 'comment' } | { readonly kind: 'refused' }>
  | { readonly kind: 'block' };

/** A run of text, or a tag with its source, in the order of the template. */
export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly at: Place }
  | { readonly kind: 'tag'; readonly tag: TreeTag; readonly source: string; readonly at: Place };

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly problems: readonly TemplateProblem[];
}

const MAX_BYTES = 256 * 1024;
const MAX_TAGS = 2000;

/** Cuts a template into text and tags; newlines eaten by ` -%>` are already gone. */
export function templateTokens(text: string): Tokens {
  const start = { line: 1, column: 1 };
  if (Buffer.byteLength(text) > MAX_BYTES) return refused(start, 'a template has at most 256 KiB');
  const placeOf = placesIn(text);
  const tokens: Token[] = [];
  const problems = hiddenCharacters(text, placeOf);
  let tags = 0;
  for (let from = 0; from < text.length; ) {
    const piece = pieceAt(text, from);
    const at = placeOf(from);
    const source = text.slice(from, piece.end);
    if (piece.kind !== 'text' && ++tags > MAX_TAGS)
      return refused(at, `a template has at most ${MAX_TAGS} tags`);
    if (piece.kind === 'problem') problems.push({ at, message: piece.message });
    if (piece.kind === 'text') tokens.push({ kind: 'text', text: source, at });
    if (piece.kind === 'tag') {
      const tag = parseTag(source);
      if (tag.kind === 'refused') problems.push({ at, message: `\`${excerptOf(source)}\`: ${tag.reason}` });
      const kept = treeTag(tag);
      if (kept !== undefined) tokens.push({ kind: 'tag', tag: kept, source, at });
    }
    from = piece.end + (source.endsWith('-%>') && text[piece.end] === '\n' ? 1 : 0);
  }
  return { tokens, problems };
}

function treeTag(tag: Tag): TreeTag | undefined {
  if (tag.kind === 'comment') return undefined;
  if (tag.kind !== 'refused') return tag;
  return tag.meant === 'other' ? undefined : { kind: tag.meant };
}

type Piece =
  | { readonly kind: 'text' | 'tag'; readonly end: number }
  | { readonly kind: 'problem'; readonly end: number; readonly message: string };

function pieceAt(text: string, from: number): Piece {
  if (text.startsWith('%>', from)) return { kind: 'problem', end: from + 2, message: '`%>` closes no tag' };
  if (!text.startsWith('<%', from)) return { kind: 'text', end: delimiterFrom(text, from) };
  const end = delimiterFrom(text, from + 2);
  if (text.startsWith('%>', end)) return { kind: 'tag', end: end + 2 };
  const [line = ''] = text.slice(from, end).split('\n', 1);
  return { kind: 'problem', end, message: `the tag \`${excerptOf(line)}\` is never closed` };
}

/** Where the next `<%` or `%>` begins, or the end. */
function delimiterFrom(text: string, from: number): number {
  const delimiter = /<%|%>/g;
  delimiter.lastIndex = from;
  return delimiter.exec(text)?.index ?? text.length;
}

// What an editor does not show, or shows in another order than it is read. A zero-width joiner may stay: emoji.
const HIDDEN = /(?![\n\t])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]|\p{Cs}/gu;

function hiddenCharacters(text: string, placeOf: (offset: number) => Place): TemplateProblem[] {
  return [...text.matchAll(HIDDEN)].map(({ 0: character, index }) => ({
    at: placeOf(index),
    message: `the character ${excerptOf(character)} is not allowed in a template`,
  }));
}

function refused(at: Place, message: string): Tokens {
  return { tokens: [], problems: [{ at, message }] };
}

/** The place of an offset, by a search in the starts of the lines. */
function placesIn(text: string): (offset: number) => Place {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
