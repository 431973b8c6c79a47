import { describe, expect, it } from 'vitest';
import { escapeds } from '../../generators/core/render/escape.ts';
import { parseTemplate, renderTemplate, templateNames } from '../../generators/core/render/template.ts';
import { problemsOf } from './problems-of.ts';

function rendered(text: string, data: object): string {
  return renderTemplate(parseTemplate('a.ejs', text), data);
}

function problems(text: string, data: object): string[] {
  const template = parseTemplate('a.ejs', text);
  return problemsOf(() => renderTemplate(template, data));
}

describe('a rendered template', () => {
  it('holds its text byte for byte', () => {
    const text = 'a: $' + '{{ x }}\n\t"\\n" `é` 😀 100 % < > $\n\n';
    expect(rendered(text, {})).toBe(text);
    expect(rendered('', {})).toBe('');
  });

  it('prints texts, numbers and booleans as they are', () => {
    const data = { a: { text: '<b> & "c"', number: 1.5, yes: true, no: false, empty: '' } };
    expect(rendered('<%= a.text %>|<%= a.number %>|<%= a.yes %>|<%= a.no %>|<%= a.empty %>', data)).toBe(
      '<b> & "c"|1.5|true|false|',
    );
  });

  it('does not render what a value holds', () => {
    expect(rendered('<%= a.b %>', { a: { b: '<%= a.c %>' } })).toBe('<%= a.c %>');
  });

  it('takes one branch of a condition', () => {
    const text = '<% if (a.on) { %>on<% } else { %>off<% } %><% if (!a.on) { %>!<% } %>';
    expect(rendered(text, { a: { on: true } })).toBe('on');
    expect(rendered(text, { a: { on: false } })).toBe('off!');
  });

  it('repeats a loop for each element, also in a loop', () => {
    const data = {
      a: {
        rows: [
          { name: 'x', cells: [1, 2] },
          { name: 'y', cells: [] },
        ],
      },
      b: { end: '.' },
    };
    const text =
      '<% for (const row of a.rows) { %><%= row.name %>:<% for (const cell of row.cells) { %><%= cell %><%= b.end %><% } %>;<% } %>';
    expect(rendered(text, data)).toBe('x:1.2.;y:;');
  });

  it('lets loops that follow each other share a name', () => {
    const text = '<% for (const x of a.b) { %><%= x %><% } %><% for (const x of a.b) { %><%= x %><% } %>';
    expect(rendered(text, { a: { b: ['1', '2'] } })).toBe('1212');
  });

  it('eats one newline behind ` -%>`, and no other', () => {
    expect(rendered('a\n<%# why -%>\nb <%= a.b -%> \n<%= a.b -%>\n\nc', { a: { b: 1 } })).toBe(
      'a\nb 1 \n1\nc',
    );
  });

  it('takes a word of JavaScript behind a dot', () => {
    expect(rendered('<%= project.package %>', { project: { package: 'churn' } })).toBe('churn');
  });

  it('places an answer in the spelling of its destination', () => {
    const data = { project: { about: escapeds('say "hi"\n') } };
    expect(rendered('about = <%= project.about.toml %>\n', data)).toBe('about = "say \\"hi\\"\\n"\n');
  });

  it('may nest four deep', () => {
    const text = `${'<% if (a.b) { %>'.repeat(4)}x${'<% } %>'.repeat(4)}`;
    expect(rendered(text, { a: { b: true } })).toBe('x');
  });

  it('is rendered from frozen data, and from data without a prototype', () => {
    const data = Object.freeze(
      Object.assign(Object.create(null), { a: Object.freeze({ b: Object.freeze(['x']) }) }),
    );
    expect(rendered('<% for (const x of a.b) { %><%= x %><% } %>', data)).toBe('x');
  });
});

describe('a name that stands for nothing', () => {
  it.each([
    ['x\n  <%= a.c %>', '2:7 `a.c` is unknown: `a` has b, list, text'],
    ['<%= other.b %>', '1:5 `other` is unknown: the data has a'],
    ['<%= a.b.c %>', '1:5 `a.b.c` is unknown: `a.b` has no names'],
    ['<%= a.text.length %>', '1:5 `a.text.length` is unknown: `a.text` is a text, which has no names'],
    ['<%= a.list.length %>', '1:5 `a.list.length` is unknown: `a.list` is a list, which has no names'],
    ['<%= a.list.at %>', '1:5 `a.list.at` is unknown: `a.list` is a list, which has no names'],
    ['<% if (a.on) { %><% } %>', '1:8 `a.on` is unknown: `a` has b, list, text'],
    ['<% if (!a.on) { %><% } %>', '1:9 `a.on` is unknown: `a` has b, list, text'],
    ['<% for (const x of a.rows) { %><% } %>', '1:20 `a.rows` is unknown: `a` has b, list, text'],
    [
      '<% for (const x of a.list) { %><%= x.y %><% } %>',
      '1:36 `x.y` is unknown: `x` is a text, which has no names',
    ],
  ])('%j is an error with its place', (text, problem) => {
    expect(problems(text, { a: { b: {}, text: 't', list: ['1', '2'] } })).toEqual([problem]);
  });

  it('is never found on a prototype, behind an accessor or in an object with behaviour', () => {
    const inherited = Object.create({ b: 'inherited' });
    const accessor = {
      get b() {
        throw new Error('code ran');
      },
    };
    for (const a of [inherited, accessor, new Map([['b', 1]]), { b: undefined }]) {
      expect(problems('<%= a.b %>', { a })).toEqual([expect.stringContaining('`a.b` is unknown')]);
    }
    expect(problems('<%= a.isFrozen %>', { a: Object })).toEqual([
      '1:5 `a.isFrozen` is unknown: `a` is a function, which has no names',
    ]);
  });

  it('is reported once for a loop, and together with all others', () => {
    const text = '<% for (const x of a.list) { %><%= x.y %><% } %>\n<%= a.c %><%= a.d %>';
    expect(problems(text, { a: { list: [{}, {}, {}] } })).toHaveLength(3);
  });

  it('costs nothing in a branch that is not taken', () => {
    expect(rendered('<% if (a.on) { %><%= a.missing %><% } %>', { a: { on: false } })).toBe('');
  });
});

describe('a value of the wrong kind', () => {
  const data = {
    a: { text: 'true', number: 1, list: [1], group: { b: 1, c: 2 }, nothing: null, nan: Number.NaN },
  };

  it.each([
    ['<% if (a.text) { %><% } %>', '1:8 `a.text` is a text: a condition needs true or false'],
    ['<% if (a.number) { %><% } %>', '1:8 `a.number` is a number: a condition needs true or false'],
    ['<% if (!a.list) { %><% } %>', '1:9 `a.list` is a list: a condition needs true or false'],
    ['<% if (a.nothing) { %><% } %>', '1:8 `a.nothing` is null: a condition needs true or false'],
    ['<% for (const x of a.text) { %><% } %>', '1:20 `a.text` is a text: a loop needs a list'],
    ['<% for (const x of a.group) { %><% } %>', '1:20 `a.group` is a group of names: a loop needs a list'],
    ['<%= a.list %>', '1:5 `a.list` is a list: only a text, a number, true and false can be printed'],
    ['<%= a.nothing %>', '1:5 `a.nothing` is null: only a text, a number, true and false can be printed'],
    [
      '<%= a.nan %>',
      '1:5 `a.nan` is not a finite number: only a text, a number, true and false can be printed',
    ],
    [
      '<%= a.group %>',
      '1:5 `a.group` is a group of names: only a text, a number, true and false can be printed; it has .b, .c',
    ],
  ])('%j is an error with its place', (text, problem) => {
    expect(problems(text, data)).toEqual([problem]);
  });

  it('includes a loop name that the data has too', () => {
    expect(problems('<% for (const a of b.c) { %><%= a %><% } %>', { a: 'x', b: { c: ['y'] } })).toEqual([
      '1:20 the loop name `a` is also a name of the data',
    ]);
  });
});

describe('the bounds of rendering', () => {
  const ten = Array.from({ length: 10 }, (_, index) => index);

  it('stop loops that print nothing', () => {
    const loops = ['v', 'w', 'x', 'y'].map((item) => `<% for (const ${item} of a.b) { %>`).join('');
    const text = `${loops}${'<% } %>'.repeat(4)}`;
    expect(rendered(text, { a: { b: ten } })).toBe('');
    expect(problems(text, { a: { b: [...ten, ...ten] } })).toEqual([
      expect.stringMatching(/^1:\d+ the loops take more than 100000 steps$/),
    ]);
  });

  it('stop loops that only decide', () => {
    const text = `<% for (const x of a.b) { %>${'<% if (a.off) { %><% } %>'.repeat(500)}<% } %>`;
    const data = (turns: number) => ({ a: { off: false, b: Array(turns).fill(1) } });
    expect(rendered(text, data(199))).toBe('');
    expect(problems(text, data(200))).toEqual([expect.stringContaining('more than 100000 steps')]);
  });

  it('stop a text at 1 MiB, in bytes', () => {
    const text = '<% for (const x of a.b) { %>\n<%= a.c %><% } %>';
    const data = (bytes: number) => ({ a: { b: ten, c: 'é'.repeat(bytes / 2) } });
    expect(rendered(text, data(100_000))).toHaveLength(500_010);
    expect(problems(text, data(104_858))).toEqual(['2:5 the text grows beyond 1 MiB here']);
  });
});

describe('the names that a template reads', () => {
  it('are those of the data, from every branch, sorted, each once', () => {
    const text = `<%= b.c %><%= b.c %><% if (a.on) { %><%= slots.x %><% } else { %><%= slots.y.z %><% } %>
      <% for (const item of a.list) { %><%= item.name %><%= item %><%= b.d %><% } %>`;
    expect(templateNames(parseTemplate('a.ejs', text))).toEqual([
      'a.list',
      'a.on',
      'b.c',
      'b.d',
      'slots.x',
      'slots.y.z',
    ]);
  });

  it('are none for plain text', () => {
    expect(templateNames(parseTemplate('a.ejs', 'text <%# a.b %>'))).toEqual([]);
  });
});
