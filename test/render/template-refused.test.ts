import { describe, expect, it } from 'vitest';
import { EXIT } from '../../generators/core/errors.ts';
import { parseTemplate } from '../../generators/core/render/template.ts';
import { problemsOf } from './problems-of.ts';

type Case = readonly [text: string, place: string, reason: RegExp];

const FUNCTIONS: readonly Case[] = [
  ['<%= a.b() %>', '1:1', /calls no function/],
  ['one\ntwo <%= process.exit(1) %>', '2:5', /calls no function/],
  ['<%= require("fs") %>', '1:1', /no text in quotes/],
  ['<%= a.b.toString() %>', '1:1', /calls no function/],
  ['<%= include("/etc/passwd") %>', '1:1', /no text in quotes/],
  ['<%= (() => 1)() %>', '1:1', /calls no function/],
  ['<%= new Date %>', '1:1', /single spaces/],
  ['<%= a.b`x` %>', '1:1', /no text in quotes/],
  ['<%= import("x") %>', '1:1', /no text in quotes/],
  ['<% process.exit(1) %>', '1:1', /only names, if, else/],
  ['<% include("x") %>', '1:1', /no text in quotes/],
];

const EXPRESSIONS: readonly Case[] = [
  ['<%= a["b"] %>', '1:1', /no text in quotes/],
  ['<%= a[0] %>', '1:1', /not by brackets/],
  ['<%= a?.b %>', '1:1', /calculates nothing/],
  ['<%= a.b || a.c %>', '1:1', /calculates nothing/],
  ['<%= a.b ? a.c : a.d %>', '1:1', /calculates nothing/],
  ['<%= a.b + 1 %>', '1:1', /calculates nothing/],
  ['<%= a.b = 1 %>', '1:1', /single spaces/],
  ['<%= a.b; a.c %>', '1:1', /single spaces/],
  ['<%= a.b // x %>', '1:1', /calculates nothing/],
  ['<%= a.b /* x */ %>', '1:1', /calculates nothing/],
  ['<%= !a.b %>', '1:1', /calculates nothing/],
  ['<%= 1 %>', '1:1', /single spaces/],
  ["<%= 'x' %>", '1:1', /no text in quotes/],
  ['<%= a.0 %>', '1:1', /begins with a letter/],
  ['<%= a..b %>', '1:1', /single spaces/],
  ['<%= .a %>', '1:1', /single spaces/],
  ['<%= a. b %>', '1:1', /single spaces/],
  ['<%= {} %>', '1:1', /single spaces/],
  ['<% var x = a.b %>', '1:1', /only names, if, else/],
  ['<% a.b %>', '1:1', /only names, if, else/],
];

const BLOCKS: readonly Case[] = [
  ['<% if (a.b && a.c) { %>x<% } %>', '1:1', /a condition is one name/],
  ['<% if (!!a.b) { %>x<% } %>', '1:1', /a condition is written/],
  ['<% if (a.b === 1) { %>x<% } %>', '1:1', /a condition is one name/],
  ['<% if (a.b = true) { %>x<% } %>', '1:1', /a condition is one name/],
  ['<% if(a.b) { %>x<% } %>', '1:1', /a condition is written/],
  ['<% if (a.b){ %>x<% } %>', '1:1', /a condition is written/],
  ['<% if ( a.b ) { %>x<% } %>', '1:1', /a condition is written/],
  ['<% if (a.b) %>', '1:1', /a condition is written/],
  ['<% if (a.b) { { %>x<% } %>', '1:1', /a condition is written/],
  ['<% if (a.b) { %>x<% } else if (a.c) { %>y<% } %>', '1:18', /an alternative is written/],
  ['<% if (a.b) { %>x<% }else{ %>y<% } %>', '1:18', /an alternative is written/],
  ['<% if (a.b) { %>x<% } else { %>y<% } else { %>z<% } %>', '1:33', /one `else`/],
  ['<% if (a.b) { %>x<% }} %>', '1:18', /end of a block is written/],
  ['<% if (a.b) { %>x', '1:1', /never closed/],
  ['<% if (a.b) { %>x<% } else { %>y', '1:1', /never closed/],
  ['x<% } %>', '1:2', /closes no block/],
  ['x\n<% } else { %>', '2:1', /closes no block/],
  ['<% while (a.b) { %>x<% } %>', '1:1', /only names, if, else/],
  ['<% switch (a.b) { %><% } %>', '1:1', /only names, if, else/],
  ['<% for (const x in a.b) { %>x<% } %>', '1:1', /a loop is written/],
  ['<% for (let x of a.b) { %>x<% } %>', '1:1', /a loop is written/],
  ['<% for (const [x, y] of a.b) { %>x<% } %>', '1:1', /not by brackets/],
  ['<% for (const { x } of a.b) { %>x<% } %>', '1:1', /a loop is written/],
  ['<% for (;;) { %>x<% } %>', '1:1', /a loop is written/],
  ['<% for (const x of a.b()) { %>x<% } %>', '1:1', /a loop is written/],
  ['<% for (const x of a.b) { %>x', '1:1', /never closed/],
  ['<% for (const x of a.b) { %>x<% } else { %>y<% } %>', '1:30', /not to a loop/],
  ['<% a.b.forEach(x => { %>x<% }) %>', '1:1', /only names, if, else/],
];

const DELIMITERS: readonly Case[] = [
  ['<%- a.b %>', '1:1', /`<%-` is not used/],
  ['<%_ if (a.b) { _%>', '1:1', /`<%_` and `_%>` are not used/],
  ['<%= a.b _%>', '1:1', /`_%>` are not used/],
  ['<%% a.b %>', '1:1', /`<%%` and `%%>` are not used/],
  ['<%= a.b %%>', '1:1', /`<%%` and `%%>` are not used/],
  ['a %> b', '1:3', /closes no tag/],
  ['a %%> b', '1:4', /closes no tag/],
  ['a <%= a.b', '1:3', /never closed/],
  ['<%= a.b <%= a.c %>', '1:1', /never closed/],
  ['<%= "%>" %>', '1:1', /no text in quotes/],
  ['<%=a.b%>', '1:1', /single spaces/],
  ['<%=  a.b %>', '1:1', /single spaces/],
  ['<%= a.b -%%>', '1:1', /`%%>` are not used/],
  ['<%= a.b--%>', '1:1', /calculates nothing/],
  ['<% %>', '1:1', /empty/],
  ['<%=%>', '1:1', /empty/],
  ['<%', '1:1', /never closed/],
  ['<%>', '1:1', /never closed/],
  ['<%= a.b\n%>', '1:1', /one line/],
  ['<%= a.b\t%>', '1:1', /printable ASCII/],
  ['<%# a < b %>', '1:1', /a comment is/],
  ['<%# 100% %>', '1:1', /a comment is/],
  ['<%# é %>', '1:1', /printable ASCII/],
  ['<%#comment%>', '1:1', /a comment is/],
  ['<%# a\n b %>', '1:1', /one line/],
];

const CHARACTERS: readonly Case[] = [
  ['<%= a.é %>', '1:1', /printable ASCII/],
  ['<%= а.b %>', '1:1', /printable ASCII/], // the Cyrillic letter
  ['<%= \\u0061.b %>', '1:1', /single spaces/],
  ['<%=\u00a0a.b %>', '1:1', /printable ASCII/],
  ['<%= a.b\u200b %>', '1:1', /printable ASCII/],
  ['\ufeffx', '1:1', /\\u\{feff\} is not allowed/],
  ['x\r\n', '1:2', /\\u\{d\} is not allowed/],
  ['é\n\u202ex', '2:1', /\\u\{202e\} is not allowed/],
  ['x\u2066y', '1:2', /\\u\{2066\} is not allowed/],
  ['x\u2028y', '1:2', /\\u\{2028\} is not allowed/],
  ['x\u0085y', '1:2', /\\u\{85\} is not allowed/],
  ['x\0', '1:2', /\\u\{0\} is not allowed/],
  ['x\x1b[31m', '1:2', /\\u\{1b\} is not allowed/],
  ['x\ud800', '1:2', /\\u\{d800\} is not allowed/],
  ['<% if (a.b) { \u202e%>x<% } %>', '1:1', /printable ASCII/],
];

const NAMES: readonly Case[] = [
  ['<%= a %>', '1:5', /has a dot/],
  ['<%= a.constructor %>', '1:5', /every object inherits/],
  ['<%= a.b.prototype %>', '1:5', /every object inherits/],
  ['<%= a.hasOwnProperty %>', '1:5', /every object inherits/],
  ['<%= a.__proto__ %>', '1:1', /begins with a letter/],
  ['<%= _a.b %>', '1:1', /begins with a letter/],
  ['<%= $a.b %>', '1:1', /single spaces/],
  ['<%= process.env %>', '1:5', /word of JavaScript/],
  ['<%= globalThis.x %>', '1:5', /word of JavaScript/],
  ['<%= this.x %>', '1:5', /word of JavaScript/],
  ['<%= locals.x %>', '1:5', /word of JavaScript/],
  ['<%= escapeFn.x %>', '1:5', /word of JavaScript/],
  ['<% if (!arguments.x) { %><% } %>', '1:9', /word of JavaScript/],
  ['<% for (const eval of a.b) { %><% } %>', '1:15', /word of JavaScript/],
  ['<% for (const constructor of a.b) { %><% } %>', '1:15', /every object inherits/],
  ['<% for (const a of a.b) { %><% } %>', '1:15', /also used outside/],
  ['<% for (const x of a.b) { %><% for (const x of a.c) { %><% } %><% } %>', '1:43', /hides the loop name/],
  ['<% for (const x of a.b) { %><% } %><%= x.y %>', '1:15', /also used outside/],
  ['<% for (const x of a.b) { %><% } %><%= x %>', '1:15', /also used outside/],
  ['<%= a.b.c.d.e.f.g.h.i %>', '1:5', /at most 8 parts/],
  [`<%= a.${'b'.repeat(65)} %>`, '1:5', /at most 64 characters/],
];

const CAPS: readonly Case[] = [
  [`${'<% if (a.b) { %>'.repeat(5)}${'<% } %>'.repeat(5)}`, '1:65', /at most 4 deep/],
  ['\n'.repeat(2000) + '<%# x %>'.repeat(2001), '2001:16001', /at most 2000 tags/],
  ['%>'.repeat(200_000), '1:1', /at most 256 KiB/],
  ['<%'.repeat(100_000), '1:4001', /at most 2000 tags/],
  ['é'.repeat(131_073), '1:1', /at most 256 KiB/],
];

describe('a template is refused, with its place and the reason', () => {
  const groups = { FUNCTIONS, EXPRESSIONS, BLOCKS, DELIMITERS, CHARACTERS, NAMES, CAPS };
  for (const [group, cases] of Object.entries(groups)) {
    it.each(
      cases.map(([text, place, reason]) => ({
        shown: JSON.stringify(text).slice(0, 60),
        text,
        place,
        reason,
      })),
    )(`${group.toLowerCase()}: $shown`, ({ text, place, reason }) => {
      const [first = ''] = problemsOf(() => parseTemplate('kit/files/a.txt.ejs', text));
      expect(first).toMatch(reason);
      expect(first.split(' ')[0]).toBe(place);
    });
  }

  it('sees well over sixty hostile templates', () => {
    expect(Object.values(groups).flat().length).toBeGreaterThan(100);
  });
});

describe('the error of a refused template', () => {
  it('is one for all problems, in the order of the text', () => {
    const text =
      '<%- a.b %>\n<% if (a.b && a.c) { %>\n  <%= a %>\n<% } else { %>\u202e<% } %>\n<% } %>\n<%= a.b';
    expect(problemsOf(() => parseTemplate('a.ejs', text)).map((problem) => problem.split(' ')[0])).toEqual([
      '1:1',
      '2:1',
      '3:7',
      '4:15',
      '5:1',
      '6:1',
    ]);
  });

  it('names the template, the place and the count in its sentence, and says what to do', () => {
    expect(() => parseTemplate('kit/a.ejs', 'x\n<%- a.b %><%= a %>')).toThrowError(
      expect.objectContaining({
        code: 'MLOPS_E_TEMPLATE',
        exit: EXIT.kit,
        message: expect.stringMatching(/^kit\/a\.ejs:2:1: .* \(and 1 more\)$/),
        hint: expect.stringMatching(/^Correct /),
      }),
    );
  });

  it('shows nothing of a hostile template that a terminal would obey', () => {
    const [problem] = problemsOf(() => parseTemplate('a.ejs', '<%= a.\x1b]0;x\x07\u202e %>'));
    expect(problem).toMatch(/^[ -~]*$/);
  });

  it('is no stack overflow, however deep the blocks are nested', () => {
    for (const opener of ['<% if (a.b) { %>', '<% for (const x of a.b) { %>', '<% while (a) { %>']) {
      const problems = problemsOf(() => parseTemplate('a.ejs', opener.repeat(2000)));
      expect(
        problems.some((problem) => problem.endsWith('at most 4 deep') || problem.includes('only names')),
      ).toBe(true);
    }
  });

  it('lists at most a hundred places', () => {
    expect(problemsOf(() => parseTemplate('a.ejs', '\0'.repeat(1000)))).toHaveLength(100);
  });
});

describe('an answer in a file where GitHub evaluates expressions', () => {
  const files = [
    'capabilities/ci/files/dot_github/workflows/ci.yml.ejs',
    'capabilities/ci/fragments/.github/workflows/ci.yaml/steps.ejs',
    'jobs.yaml',
  ];

  it.each(files)('is refused in the spellings that would leave one live: %s', (path) => {
    for (const ending of ['yaml', 'json', 'toml', 'py']) {
      const [problem] = problemsOf(() => parseTemplate(path, `name: <%= a.text.${ending} %>`));
      expect(problem).toMatch(/^1:11 .*`\.gha`/);
    }
  });

  it.each(files)('is accepted in the spellings that cannot: %s', (path) => {
    expect(() => parseTemplate(path, '<%= a.text.gha %><%= a.text.sh %>')).not.toThrow();
  });

  it('is anything elsewhere', () => {
    expect(() => parseTemplate('files/.github/CODEOWNERS.ejs', '<%= a.text.yaml %>')).not.toThrow();
  });
});
