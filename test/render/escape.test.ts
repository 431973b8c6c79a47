import { describe, expect, it } from 'vitest';
import {
  escapeds,
  escapeHtml,
  escapeMarkdown,
  quoteGithubYaml,
  quoteJson,
  quotePython,
  quoteShell,
  quoteToml,
  quoteYaml,
} from '../../generators/core/render/escape.ts';

const OPEN = '$' + '{{';

describe('a quoted text', () => {
  it.each([
    [quoteYaml, 'yes', '"yes"'],
    [quoteYaml, ' 1.0 ', '" 1.0 "'],
    [quoteYaml, 'a: b # c', '"a: b # c"'],
    [quoteYaml, 'say "é"\\', '"say \\"é\\"\\\\"'],
    [quoteYaml, 'a\n\tb\r\0\u0085\u2028\u202e', '"a\\n\\tb\\r\\u0000\\u0085\\u2028\\u202e"'],
    [quoteYaml, '😀\u{e0041}', '"😀\\U000e0041"'],
    [quoteYaml, `${OPEN} x }}`, `"${OPEN} x }}"`],
    [quoteGithubYaml, `${OPEN} x }}`, `"${OPEN} '${OPEN}' }} x }}"`],
    [quoteToml, 'a "b" \\ \x7f', '"a \\"b\\" \\\\ \\u007f"'],
    [quoteToml, `${OPEN} x }} $5 $(id)`, '"\\u0024{{ x }} $5 \\u0024(id)"'],
    [quoteJson, 'a\b\f\v', '"a\\b\\f\\u000b"'],
    [quoteJson, '\u{e0041}', '"\\udb40\\udc41"'],
    [quotePython, 'plain', '"plain"'],
    [quotePython, "it's", '"it\'s"'],
    [quotePython, 'say "hi"', '\'say "hi"\''],
    [quotePython, 'both \' and "', '"both \' and \\""'],
    [quotePython, '"" \' \\', "'\"\" \\' \\\\'"],
    [quoteShell, '', "''"],
    [quoteShell, 'a b', "'a b'"],
    [quoteShell, "it's", "'it'\\''s'"],
    [quoteShell, '$(id) `id` $HOME', "'$''(id) `id` $HOME'"],
    [quoteShell, "a\nb'c\\", "$'a\\012b\\047c\\134'"],
    [quoteShell, '\u202e', "$'\\342\\200\\256'"],
  ] as const)('%o(%j) is %s', (quote, text, literal) => {
    expect(quote(text)).toBe(literal);
  });

  it('has U+FFFD where half a surrogate pair stood, whichever the destination', () => {
    for (const spelling of Object.values(escapeds('a\ud800b'))) expect(spelling).toContain('a\ufffdb');
  });

  it('has U+FFFD for NUL in a shell word', () => {
    expect(quoteShell('a\0b')).toBe("'a\ufffdb'");
  });
});

describe('a text in HTML', () => {
  it.each([
    ['<b class="x">&</b>', '&lt;b class=&quot;x&quot;&gt;&amp;&lt;/b&gt;'],
    ["it's `x`", 'it&#39;s &#96;x&#96;'],
    ['a\r\n\tb', 'a&#13;&#10;&#9;b'],
    ['\u202e\x1b', '&#8238;\ufffd'],
    [`${OPEN} x }}`, '&#36;{{ x }}'],
  ])('%j is %s', (text, escaped) => {
    expect(escapeHtml(text)).toBe(escaped);
  });
});

// In a trial, 20,000 texts were read back exactly by commonmark 0.31 and markdown-it 15 (paragraph, heading, lists,
// quotation, link, strong), by cmark-gfm, which is GitHub's (paragraph, heading, table cell), and by Python-Markdown.
describe('a text in Markdown', () => {
  it.each([
    [
      'A model for churn. Version 1.2, in-house (beta)!',
      'A model for churn. Version 1.2, in-house (beta)\\!',
    ],
    ['churn_model *new*', 'churn\\_model \\*new\\*'],
    ['[x](javascript:x)', '\\[x\\](javascript:x)'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['a | b', 'a &#124; b'],
    ['# title #', '\\# title \\#'],
    ['- item', '\\- item'],
    ['12. item', '12\\. item'],
    ['=== ---', '&#61;== ---'],
    ['    code ', '&#32;   code&#32;'],
    ['a\n\n# b', 'a&#10;&#10;\\# b'],
    ['~~~ $x$ :tada: 10:30', '&#126;&#126;&#126; &#36;x&#36; &#58;tada: 10:30'],
    ['https://a.b/c_d www.a.b', 'https&#58;//a.b/c\\_d www\\.a.b'],
    ['&lt; \\', '&amp;lt; \\\\'],
    [`${OPEN} x }} {% y %}`, '&#36;\\{\\{ x \\}\\} \\{% y %\\}'],
  ])('%j is %s', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });
});

describe('the spellings of a text', () => {
  it('are frozen, and the text itself is not among them', () => {
    const spellings = escapeds('a b');
    expect(Object.isFrozen(spellings)).toBe(true);
    expect(Object.keys(spellings)).toEqual(['yaml', 'gha', 'toml', 'json', 'py', 'sh', 'md', 'html']);
  });
});
