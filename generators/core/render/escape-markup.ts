import { HIDDEN, withoutLoneSurrogates } from './escape-hidden.ts';

/**
 * Text for HTML, between tags or in a quoted attribute, on one line. What HTML has no valid spelling for
 * (controls but tab and line breaks, noncharacters) becomes U+FFFD. Not for `<script>` or `<style>`.
 */
export function escapeHtml(text: string): string {
  return withoutLoneSurrogates(text).replace(HTML_CODE, reference);
}

/**
 * Text for Markdown (CommonMark, GitHub), wherever inline text may stand: paragraph, heading, list item, table cell.
 * Nothing in it becomes markup, and no line begins in it; only an e-mail address may still be shown as a link.
 * What HTML cannot hold becomes U+FFFD.
 */
export function escapeMarkdown(text: string): string {
  return withoutLoneSurrogates(text).replace(MARKDOWN_CODE, (character) =>
    BACKSLASHED.includes(character) ? `\\${character}` : reference(character),
  );
}

// `${{` is inert in both, for pages and workflows that know expressions.
const HTML_CODE = new RegExp(`[&<>"'\`]|\\$(?=\\{)|${HIDDEN.source}`, 'gu');

// The escapes that the oldest Markdown readers know too; everything else is a character reference.
const BACKSLASHED = '\\`*_{}[]#+-!.()';

const MARKDOWN_CODE = new RegExp(
  [
    '[\\\\`*_{}[\\]#]|[&<>~|$]',
    // At the start: list markers, an underline that makes a heading, a link's address.
    '^[-+=(:]|(?<=^[0-9]*)[.)]',
    // Spaces at the ends would be dropped, or be code; `!` before a link makes an image of it.
    '^\\s|\\s$|!$',
    // On GitHub `:warning:` is a picture, and a bare web address a link, which would show the escapes in it.
    ':(?=//|[A-Za-z0-9_+-]+:)|(?<=www)\\.',
    HIDDEN.source,
  ].join('|'),
  'gu',
);

function reference(character: string): string {
  if (/(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}/u.test(character)) return '\uFFFD';
  return NAMED.get(character) ?? `&#${character.codePointAt(0)};`;
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);
