/** What one `<% … %>` says. */
export type Tag =
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'if'; readonly name: string; readonly negated: boolean }
  | { readonly kind: 'for'; readonly item: string; readonly name: string }
  | { readonly kind: 'else' | 'end' }
  | { readonly kind: 'comment' }
  | { readonly kind: 'refused'; readonly reason: string; readonly meant: 'block' | 'end' | 'other' };

// Anchored, ASCII, single spaces: what these do not match is refused, whatever it may be.
const PART = '[A-Za-z][A-Za-z0-9_]*';
const NAME = `${PART}(?:\\.${PART})*`;
const VALUE = new RegExp(`^<%= (?<name>${NAME}) -?%>$`);
const IF = new RegExp(`^<% if \\((?<not>!?)(?<name>${NAME})\\) \\{ -?%>$`);
const FOR = new RegExp(`^<% for \\(const (?<item>${PART}) of (?<name>${NAME})\\) \\{ -?%>$`);
const ELSE = /^<% \} else \{ -?%>$/;
const END = /^<% \} -?%>$/;
const COMMENT = /^<%# (?:[ -$&-;=?-~]* )?-?%>$/;

/** Sentences for the usual mistakes, the first that fits; they only explain, the patterns above decide. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/\n/, 'a tag stands on one line'],
  [/[^ -~]/, 'a tag holds only printable ASCII characters'],
  [/^<%%|%%>$/, '`<%%` and `%%>` are not used here: a template cannot print `<%` or `%>`'],
  [/^<%-/, '`<%-` is not used here: `<%= a.b %>` prints a value as it is'],
  [/^<%_|_%>$/, '`<%_` and `_%>` are not used here: ` -%>` eats one newline'],
  [/^<%#/, 'a comment is `<%# text %>`, with single spaces at its ends and without `<`, `>` and `%`'],
  [/^<%= *-?%>$|^<% *-?%>$/, 'the tag is empty'],
  [/["'`]/, 'a tag holds names, no text in quotes'],
  [/\[/, 'a value is named by dots, not by brackets'],
  [
    /^<% if \(.*[&|=<>?+*/].*%>$/,
    'a condition is one name, or `!` and one name: make another name or a fragment',
  ],
  [/^<% *if\b/, 'a condition is written `<% if (a.b) { %>` or `<% if (!a.b) { %>`'],
  [/^<% *for\b/, 'a loop is written `<% for (const x of a.b) { %>`'],
  [/^<% *\} *else/, 'an alternative is written `<% } else { %>`'],
  [/^<% *\}/, 'the end of a block is written `<% } %>`'],
  [/^<%=.*\(/, 'a template calls no function'],
  [/^<%=.*[?|&+*/!-].*-?%>$/, 'a template calculates nothing: print one name'],
  [/\b_|\.[0-9]/, 'each part of a name begins with a letter'],
  [/^<%=/, 'a value is printed by `<%= a.b %>`, with single spaces'],
];

/** Reads one whole tag, delimiters included. */
export function parseTag(source: string): Tag {
  const { name: value } = VALUE.exec(source)?.groups ?? {};
  if (value !== undefined) return { kind: 'value', name: value };
  const { not, name } = IF.exec(source)?.groups ?? {};
  if (name !== undefined) return { kind: 'if', name, negated: not === '!' };
  const { item, name: list } = FOR.exec(source)?.groups ?? {};
  if (item !== undefined && list !== undefined) return { kind: 'for', item, name: list };
  if (ELSE.test(source)) return { kind: 'else' };
  if (END.test(source)) return { kind: 'end' };
  if (COMMENT.test(source)) return { kind: 'comment' };
  return { kind: 'refused', reason: reasonFor(source), meant: meantBy(source) };
}

/** What a refused tag was probably to be, so that the `}` of a refused loop is not reported as well. */
function meantBy(source: string): 'block' | 'end' | 'other' {
  const endsBlock = /^<%\s*\}/.test(source);
  const opensBlock = /\{\s*[-_%]?%>$/.test(source);
  if (endsBlock === opensBlock) return 'other';
  return endsBlock ? 'end' : 'block';
}

function reasonFor(source: string): string {
  const [, reason] = REASONS.find(([pattern]) => pattern.test(source)) ?? [];
  return reason ?? 'only names, if, else, for … of and comments are allowed in a tag';
}
