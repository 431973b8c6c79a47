// What users of cruft, jhipster, nx, projen and of actions that sync templates complained about, told in our words.
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { KitWorld, type Taken } from '../kit/fixtures/kit-world.ts';

interface Row {
  readonly name: string;
  readonly file: string;
  readonly v1: string;
  readonly user: (text: string) => string;
  readonly v2: string;
  /** The text afterwards. */
  readonly becomes: string | RegExp;
  readonly op: string;
}

const ALIKE = 'check\ncheck\ncheck\nend\n\n';
const BLOCKS = `first\n${ALIKE}second\n${ALIKE}`;
const SECTIONS = '[a]\nT_a = 1\n\n[b]\nT_b = 1\n\n[c]\nT_c = 1\n';

const ROWS: readonly Row[] = [
  {
    name: 'blocks that are all alike: one put before them, and a line in the last of them',
    file: 'alike.txt',
    v1: BLOCKS,
    user: () => `first\n${ALIKE}second\n${ALIKE.replace('check\n', 'check\nU_new\n')}`,
    v2: `T_zero\n${ALIKE}${BLOCKS}`,
    becomes: `T_zero\n${ALIKE}first\n${ALIKE}second\n${ALIKE.replace('check\n', 'check\nU_new\n')}`,
    op: 'merge',
  },
  {
    name: 'white space at the ends of lines is nobody’s business',
    file: 'spaces.md',
    v1: 'T_one  \n\ttwo\t\n   \nthree \n',
    user: (text) => `${text}U_four  \n\n`,
    v2: 'T_zero  \n\ttwo\t\n   \nthree \n',
    becomes: 'T_zero  \n\ttwo\t\n   \nthree \nU_four  \n\n',
    op: 'merge',
  },
  {
    name: 'JSON that the user laid out anew, without a last newline, is not laid out again',
    file: 'package.json',
    v1: '{\n  "T_a": 1,\n  "b": [1, 2],\n  "c": 3\n}\n',
    user: () => '{\n\t"T_a": 1,\n\t"b": [1,2],\n\t"c": 3,\n\t"U_d": 4\n}',
    v2: '{\n  "T_a": 1,\n  "T_new": 2,\n  "b": [1, 2],\n  "c": 3\n}\n',
    becomes: '{\n\t"T_a": 1,\n  "T_new": 2,\n\t"b": [1,2],\n\t"c": 3,\n\t"U_d": 4\n}',
    op: 'merge',
  },
  {
    name: 'comments in JSON stay',
    file: 'tsconfig.json',
    v1: '{\n  // T_strict is for all\n  "strict": true,\n\n  "lib": []\n}\n',
    user: (text) => text.replace('"strict"', '// U_asked on Monday\n  "strict"'),
    v2: '{\n  // T_strict is for all\n  "strict": true,\n\n  "lib": ["T_dom"]\n}\n',
    becomes:
      '{\n  // T_strict is for all\n  // U_asked on Monday\n  "strict": true,\n\n  "lib": ["T_dom"]\n}\n',
    op: 'merge',
  },
  {
    name: 'a block that the user deleted and the template changed is in conflict, not gone',
    file: 'deleted.ini',
    v1: SECTIONS,
    user: (text) => text.replace('[b]\nT_b = 1\n\n', '# U_no_b\n'),
    v2: SECTIONS.replace('T_b = 1', 'T_b = T_two'),
    becomes: /<{7} yours\n# U_no_b\n[\s\S]*={7}\n[\s\S]*T_b = T_two\n/,
    op: 'conflict',
  },
  {
    name: 'a block that the template deleted and the user changed is in conflict, not gone',
    file: 'dropped.ini',
    v1: SECTIONS,
    user: (text) => text.replace('T_b = 1', 'T_b = U_two'),
    v2: SECTIONS.replace('[b]\nT_b = 1\n\n', ''),
    becomes: /<{7} yours\n[\s\S]*T_b = U_two\n[\s\S]*={7}\n/,
    op: 'conflict',
  },
  {
    name: 'a block that the template moved and the user changed keeps the change',
    file: 'moved.ini',
    v1: SECTIONS,
    user: (text) => text.replace('T_a = 1', 'T_a = U_two'),
    v2: '[b]\nT_b = 1\n\n[c]\nT_c = 1\n\n[a]\nT_a = 1\n',
    becomes: /U_two/,
    op: 'conflict',
  },
  {
    name: 'a template that went to CRLF leaves the line ends of an edited file as they are',
    file: 'ends.txt',
    v1: 'T_one\ntwo\nthree\n',
    user: (text) => text.replace('two', 'U_two'),
    v2: 'T_one\r\ntwo\r\nthree\r\nT_four\r\n',
    becomes: 'T_one\nU_two\nthree\nT_four\n',
    op: 'merge',
  },
  {
    name: 'a template that gained its last newline, and nothing else, meets an edit elsewhere',
    file: 'newline.txt',
    v1: 'T_one\ntwo\nthree',
    user: (text) => text.replace('T_one', 'U_one'),
    v2: 'T_one\ntwo\nthree\n',
    becomes: /^U_one\ntwo\nthree\n?$/,
    op: 'merge',
  },
  {
    name: 'characters beyond the basic plane are kept on both sides of a conflict',
    file: 'snake.txt',
    v1: 'a\u{1f40d}\nT_\u{1f40d}\nz\u{1f40d}\n',
    user: (text) => text.replace('T_\u{1f40d}', 'U_\u{1f98a}'),
    v2: 'a\u{1f40d}\nT_\u{1f409}\nz\u{1f40d}\n',
    becomes:
      /^a\u{1f40d}\n<{7} yours\nU_\u{1f98a}\n\|{7} base\nT_\u{1f40d}\n={7}\nT_\u{1f409}\n>{7} .*\nz\u{1f40d}\n$/u,
    op: 'conflict',
  },
];

const filesOf = (version: 'v1' | 'v2') => Object.fromEntries(ROWS.map((row) => [row.file, row[version]]));

describe('one file', () => {
  let world: KitWorld;
  let taken: Taken;
  const textOf = (file: string) => Buffer.from(world.read(file), 'latin1').toString();

  beforeAll(() => {
    world = KitWorld.create({ files: filesOf('v1') });
    for (const { file, user } of ROWS) world.write(file, user(textOf(file)));
    taken = world.take({ files: filesOf('v2') });
  });

  it.each(ROWS)('$name', ({ file, becomes, op }) => {
    if (typeof becomes === 'string') expect(textOf(file)).toBe(becomes);
    else expect(textOf(file)).toMatch(becomes);
    expect(taken.ops[file]).toBe(op);
  });
});

describe('what was decided once', () => {
  it('is not raised again: a change that the user took back stays back in later versions', () => {
    const files = (text: string) => ({ files: { a: text } });
    const world = KitWorld.create(files('T_1\n\n\nlast\n'));
    world.take(files('T_2\n\n\nlast\n'));
    world.write('a', 'U_back_to_1\n\n\nlast\n');
    expect(world.take(files('T_2\n\n\nT_end\n')).code).toBe(0);
    expect(world.read('a')).toBe('U_back_to_1\n\n\nT_end\n');
  });

  it('is kept where a conflict was settled and the next version changes the line beside it', () => {
    const files = (...lines: string[]) => ({ files: { a: `${lines.join('\n')}\n` } });
    const world = KitWorld.create(files('T_1', '', '', 'last'));
    world.edit('a', (text) => text.replace('T_1', 'U_1'));
    expect(world.take(files('T_2', '', '', 'last')).code).toBe(4);
    world.write('a', 'U_1 and T_2\n\n\nlast\n');
    expect(world.take(files('T_2', '', '', 'T_last')).code).toBe(0);
    expect(world.read('a')).toBe('U_1 and T_2\n\n\nT_last\n');
  });
});

describe('a file of the user', () => {
  it('that is a copy of one of ours stays when ours goes: what is inside does not make it ours', () => {
    const text = `# generated, do not edit\nT_1\n${'a line\n'.repeat(20)}`;
    const world = KitWorld.create({ files: { 'a.cfg': text, b: 'T_b\n' } });
    world.write('copy.cfg', text);
    world.write('in/a.cfg', `${text}U_mine\n`);
    expect(world.take({ files: { b: 'T_b\n' } }).ops).toEqual({ 'a.cfg': 'delete' });
    expect(Object.keys(world.tree())).toEqual(['b', 'copy.cfg', 'in/a.cfg']);
  });

  it('that is a copy of one of ours beside it is not taken for the place where ours went', () => {
    const text = `T_1\n${'a line\n'.repeat(20)}`;
    const world = KitWorld.create({ files: { a: text } });
    world.write('copy', text);
    world.take({ files: { a: text.replace('T_1', 'T_2') } });
    expect([world.read('copy'), world.read('a')]).toEqual([text, text.replace('T_1', 'T_2')]);
  });
});

describe('a whole folder', () => {
  const page = (name: string) => `T_${name}\n${`a line of ${name}\n`.repeat(20)}`;

  it('that the user deleted stays deleted, but for a file that is new in it', () => {
    const world = KitWorld.create({ files: { 'docs/a': 'T_1\n', 'docs/b': 'T_1\n' } });
    world.remove('docs');
    const { ops } = world.take({ files: { 'docs/a': 'T_2\n', 'docs/b': 'T_1\n', 'docs/c': 'T_c\n' } });
    expect(ops).toEqual({ 'docs/a': 'kept-deleted', 'docs/c': 'create' });
    expect(world.tree()).toEqual({ 'docs/c': 'T_c\n' });
  });

  it('that the user moved is followed file by file where it is no guess, and said where it is one', () => {
    const files = { 'src/old/a.py': page('a'), 'src/old/b.py': page('b'), 'src/old/c.py': page('c') };
    const world = KitWorld.create({ files });
    mkdirSync(join(world.root, 'lib'));
    renameSync(join(world.root, 'src/old'), join(world.root, 'lib/new'));
    world.append('lib/new/c.py', 'U_edit\n');
    const next = Object.entries(files).map(([path, text]) => [path, text.replace('T_', 'T_2')]);
    const { ops } = world.take({ files: Object.fromEntries(next) });
    expect(world.read('lib/new/a.py')).toMatch(/^T_2a/);
    expect(world.read('lib/new/b.py')).toMatch(/^T_2b/);
    expect([world.read('lib/new/c.py').slice(0, 3), ops['src/old/c.py']]).toEqual(['T_c', 'kept-deleted']);
    expect(world.has('src/old')).toBe(false);
  });
});
