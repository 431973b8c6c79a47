import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Contents, newFrom, ranJson, regenerateFrom } from '../support/kits.ts';
import { KitWorld, type Taken } from './fixtures/kit-world.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const LINES = 'T_one\ntwo\nthree\nfour\nT_five\n';

interface Row {
  readonly name: string;
  readonly v1: string | Uint8Array;
  /** What the user does to the bytes, read as Latin-1; nothing where it is left out. */
  readonly user?: (text: string) => string;
  readonly v2: string | Uint8Array;
  /** The bytes afterwards, read as Latin-1. */
  readonly becomes: string;
  readonly op: string;
  /** What is put beside it. */
  readonly side?: string;
}

const ROWS: readonly Row[] = [
  { name: 'an untouched text is updated', v1: LINES, v2: 'T_new\n', becomes: 'T_new\n', op: 'update' },
  {
    name: 'an edit elsewhere is merged',
    v1: LINES,
    user: (text) => text.replace('three', 'U_three'),
    v2: LINES.replace('T_five', 'T_six'),
    becomes: 'T_one\ntwo\nU_three\nfour\nT_six\n',
    op: 'merge',
  },
  {
    name: 'an edit of the same line gets markers',
    v1: 'T_a\n',
    user: () => 'U_a\n',
    v2: 'T_b\n',
    becomes:
      '<<<<<<< yours\nU_a\n||||||| base\nT_a\n=======\nT_b\n>>>>>>> template: kit acme 1.0 \xe2\x86\x92 1.1 (kit acme)\n',
    op: 'conflict',
  },
  {
    name: 'a file that the kit leaves alone keeps its edit',
    v1: LINES,
    user: (text) => `${text}U_more`,
    v2: LINES,
    becomes: `${LINES}U_more`,
    op: 'keep',
  },
  {
    name: 'the same edit on both sides is taken over',
    v1: LINES,
    user: (text) => text.replace('two', 'T_two'),
    v2: LINES.replace('two', 'T_two'),
    becomes: LINES.replace('two', 'T_two'),
    op: 'adopt',
  },
  {
    name: 'an untouched latin-1 text comes byte for byte',
    v1: latin1('caf\xe9\n'),
    v2: latin1('caf\xe9 cr\xe8me\n'),
    becomes: 'caf\xe9 cr\xe8me\n',
    op: 'update',
  },
  {
    name: 'an edited latin-1 text is merged without re-encoding',
    v1: latin1('caf\xe9\none\ntwo\nthree\n'),
    user: (text) => `${text}U_\xfc\n`,
    v2: latin1('caf\xe9 T_cr\xe8me\none\ntwo\nthree\n'),
    becomes: 'caf\xe9 T_cr\xe8me\none\ntwo\nthree\nU_\xfc\n',
    op: 'merge',
  },
  {
    name: 'UTF-16 comes byte for byte',
    v1: Buffer.from('\ufeffone\r\n', 'utf16le'),
    v2: Buffer.from('\ufefftwo\r\n', 'utf16le'),
    becomes: Buffer.from('\ufefftwo\r\n', 'utf16le').toString('latin1'),
    op: 'update',
  },
  {
    name: 'edited UTF-16 stays, with the new one beside it',
    v1: Buffer.from('\ufeffone\r\n', 'utf16le'),
    user: (text) => `${text}U\0`,
    v2: Buffer.from('\ufefftwo\r\n', 'utf16le'),
    becomes: `${Buffer.from('\ufeffone\r\n', 'utf16le').toString('latin1')}U\0`,
    op: 'conflict',
    side: Buffer.from('\ufefftwo\r\n', 'utf16le').toString('latin1'),
  },
  {
    name: 'a kit in CRLF stays in CRLF',
    v1: 'one\r\ntwo\r\nthree\r\n',
    user: (text) => `${text}U_four\r\n`,
    v2: 'T_one\r\ntwo\r\nthree\r\n',
    becomes: 'T_one\r\ntwo\r\nthree\r\nU_four\r\n',
    op: 'merge',
  },
  {
    name: 'a user who went to CRLF keeps it',
    v1: 'one\ntwo\nthree\n',
    user: (text) => text.replace('three', 'U_three').replaceAll('\n', '\r\n'),
    v2: 'T_one\ntwo\nthree\n',
    becomes: 'T_one\r\ntwo\r\nU_three\r\n',
    op: 'merge',
  },
  {
    name: 'a byte-order mark stays',
    v1: '\ufeffone\ntwo\nthree\n',
    user: (text) => `${text}U_four\n`,
    v2: '\ufeffT_one\ntwo\nthree\n',
    becomes: '\xef\xbb\xbfT_one\ntwo\nthree\nU_four\n',
    op: 'merge',
  },
  {
    name: 'a missing last newline stays missing',
    v1: 'one\ntwo\nthree',
    user: (text) => `${text} U_end`,
    v2: 'T_one\ntwo\nthree',
    becomes: 'T_one\ntwo\nthree U_end',
    op: 'merge',
  },
  {
    name: 'old Mac line ends are left alone',
    v1: 'one\rtwo\r',
    v2: 'one\rT_two\r',
    becomes: 'one\rT_two\r',
    op: 'update',
  },
  { name: 'an empty file gets content', v1: '', v2: 'T_x\n', becomes: 'T_x\n', op: 'update' },
  { name: 'a file becomes empty', v1: 'T_x\n', v2: '', becomes: '', op: 'update' },
  {
    name: 'an empty file that the user filled stays theirs where the kit leaves it empty',
    v1: '',
    user: () => 'U_x\n',
    v2: '',
    becomes: 'U_x\n',
    op: 'keep',
  },
  {
    name: 'an untouched binary is replaced',
    v1: Buffer.from([0, 1, 255, 10, 13]),
    v2: Buffer.from([0, 2, 254, 13, 10]),
    becomes: '\0\x02\xfe\r\n',
    op: 'update',
  },
  {
    name: 'an edited binary stays, with the new one beside it',
    v1: Buffer.from([0, 1]),
    user: (text) => `${text}\x07`,
    v2: Buffer.from([0, 2]),
    becomes: '\0\x01\x07',
    op: 'conflict',
    side: '\0\x02',
  },
  {
    name: 'a binary that becomes a text is replaced',
    v1: Buffer.from([0, 1]),
    v2: 'T_text\n',
    becomes: 'T_text\n',
    op: 'update',
  },
  {
    name: 'lines that look like conflict markers are text',
    v1: '<<<<<<< HEAD\nold\n=======\nnew\n>>>>>>> theirs\nlast\n',
    user: (text) => `${text}U_more\n`,
    v2: '<<<<<<< HEAD\nT_old\n=======\nnew\n>>>>>>> theirs\nlast\n',
    becomes: '<<<<<<< HEAD\nT_old\n=======\nnew\n>>>>>>> theirs\nlast\nU_more\n',
    op: 'merge',
  },
  {
    name: 'text that looks like a template is text',
    v1: '<%= process.env.HOME %> {{ cookiecutter.x }} ${USER} <% } %>\n',
    v2: '<%- include("/etc/passwd") %> {% raw %} $$ __name__\n',
    becomes: '<%- include("/etc/passwd") %> {% raw %} $$ __name__\n',
    op: 'update',
  },
];

/** All rows are files of one kit, so that two runs serve them all. */
const fileOf = (row: Row) => `row-${ROWS.indexOf(row)}.txt`;
const filesOf = (version: 'v1' | 'v2') => Object.fromEntries(ROWS.map((row) => [fileOf(row), row[version]]));

describe('a file of a kit in its next version', () => {
  let world: KitWorld;
  let taken: Taken;

  beforeAll(() => {
    world = KitWorld.create({ files: filesOf('v1') });
    for (const row of ROWS) expect(world.read(fileOf(row))).toBe(Buffer.from(row.v1).toString('latin1'));
    for (const row of ROWS) if (row.user !== undefined) world.edit(fileOf(row), row.user);
    taken = world.take({ files: filesOf('v2') });
  });

  it.each(ROWS)('$name', (row) => {
    const file = fileOf(row);
    expect(world.read(file)).toBe(row.becomes);
    expect(taken.ops[file]).toBe(row.op);
    expect(world.has(`${file}.mlops-new`) ? world.read(`${file}.mlops-new`) : undefined).toBe(row.side);
  });

  it('is left to the user where both changed it, with exit 4, and refused again while markers are left', () => {
    expect(taken.code).toBe(4);
    const marked = ROWS.filter(({ becomes }) => becomes.includes('||||||| base')).map(fileOf);
    const again = world.take({ files: filesOf('v2') });
    expect(again.code).toBe(5);
    expect(again.details).toEqual(marked);
  });

  it('is as it was left in a second run, once all is settled', () => {
    for (const row of ROWS.filter(({ becomes }) => becomes.includes('||||||| base')))
      world.write(fileOf(row), 'U_settled\n');
    const before = world.tree();
    expect(world.take({ files: filesOf('v2') }).code).toBe(0);
    expect(world.tree()).toEqual(before);
  });

  it.each([
    [false, true, undefined, true],
    [true, false, undefined, false],
    [false, false, true, true],
    [true, true, false, false],
    [false, true, true, true],
  ])('has its mode by intent: kit %s → %s, user %s', (before, after, user, becomes) => {
    const files = { 'run me.sh': '#!/bin/sh\n' };
    const more = (isExecutable: boolean) => (isExecutable ? 'executable: ["run*"]\n' : '');
    const world = KitWorld.create({ files, more: more(before) });
    if (user !== undefined) world.setExecutable('run me.sh', user);
    const { code } = world.take({ files, more: more(after) });
    expect([code, world.isExecutable('run me.sh')]).toEqual([0, becomes]);
  });
});

const ODD = [
  ' leading',
  'trailing ',
  'two  spaces',
  '-dash',
  '--force',
  'new\nline',
  'tab\there',
  'carriage\r',
  'bell\x07',
  '"double"',
  "it's",
  '`tick`',
  '$HOME',
  '$(id)',
  '~',
  '#hash',
  '%41',
  'glob*?[a-z]{x,y}',
  'back\\slash',
  'colon:here',
  'pipe|and<angle>',
  'semi;colon&amp',
  'comma,equals=',
  '!bang',
  'caf\u00e9',
  'cafe\u0301e',
  '\u65e5\u672c\u8a9e',
  '\u{1f469}\u200d\u{1f4bb}.md',
  'line\u2028sep',
  '.hidden',
  '...three',
  'a.mlops-new',
  'x.base',
  'mlops.yaml.txt',
  '.gitignore',
  '.gitattributes',
  'x'.repeat(240),
];

describe('odd names', () => {
  it('are written, merged, kept deleted and dropped like others, in the root and in folders', () => {
    const named = (text: string): Contents =>
      Object.fromEntries(
        ODD.flatMap((name) => [`${name}`, `in ${name.slice(0, 200)}/${name}`].map((path) => [path, text])),
      );
    const world = KitWorld.create({ files: named('T_1\n\n\nlast\n') });
    expect(Object.keys(world.tree())).toHaveLength(2 * ODD.length);
    for (const name of ODD) world.append(name, 'U_1\n');
    world.remove('in new\nline');
    const { code, ops } = world.take({ files: named('T_2\n\n\nlast\n') });
    for (const name of ODD) {
      expect(ops[name], name).toBe('merge');
      expect(world.read(name), name).toBe('T_2\n\n\nlast\nU_1\n');
    }
    expect(ops['in new\nline/new\nline']).toBe('kept-deleted');
    expect(code).toBe(0);
    expect(world.take({ files: {} }).code).toBe(0);
    expect(Object.keys(world.tree()).sort()).toEqual([...ODD].sort());
  });

  it('may be renamed, and edits follow', () => {
    const world = KitWorld.create({ files: { 'new\nline "x"': 'T_a\n\n\nb\n' } });
    world.append('new\nline "x"', 'U_c\n');
    const more = 'renames: {"new\\nline \\"x\\"": "caf\\u00e9*?"}\n';
    const { ops } = world.take({ files: { 'caf\u00e9*?': 'T_a2\n\n\nb\n' }, more });
    expect(ops).toEqual({ 'caf\u00e9*?': 'rename' });
    expect(world.tree()).toEqual({ 'caf\u00e9*?': 'T_a2\n\n\nb\nU_c\n' });
  });
});

it('a name too long for a file beside it is refused with a way out, and nothing is written', () => {
  const name = `${'n'.repeat(246)}.bin`;
  const files = (byte: number) => ({ files: { [name]: Buffer.from([0, byte]) } });
  const world = KitWorld.create(files(1));
  world.write(name, '\0U_own');
  const { code, json } = regenerateFrom(world.kit(files(2)), world.root);
  expect(code).toBe(5);
  expect(world.tree()).toEqual({ [name]: '\0U_own' });
  expect(json.error?.details[0]).toMatchObject({ path: name });
  expect(json.error?.details[0]?.message).toMatch(
    /a part is longer than 255 bytes; rename it, or decide with regenerate --conflict/,
  );
  expect(world.take(files(2), '--conflict=theirs')).toMatchObject({ code: 0 });
  expect(world.tree()).toEqual({ [name]: '\0\x02' });
});

describe('policies', () => {
  const seed = 'policies: {seed: [a.txt]}\n';
  const generated = 'policies: {generated: [a.txt]}\n';
  const one = { files: { 'a.txt': 'T_1\n' } };
  const two = { files: { 'a.txt': 'T_2\n' } };

  it('a seed is written once, and then it is the user\u2019s', () => {
    const world = KitWorld.create({ ...one, more: seed });
    expect(world.take({ ...two, more: seed }).ops).toEqual({ 'a.txt': 'keep' });
    world.write('a.txt', 'U_1\n');
    expect(world.take({ files: { 'a.txt': 'T_3\n' }, more: seed }).code).toBe(0);
    expect(world.read('a.txt')).toBe('U_1\n');
    world.remove('a.txt');
    world.take({ files: { 'a.txt': 'T_4\n' }, more: seed });
    expect(world.has('a.txt')).toBe(false);
  });

  it('a seed that the user deleted is told in the run that brought another example, and no more', () => {
    const world = KitWorld.create({ ...one, more: seed });
    world.remove('a.txt');
    expect(world.take({ ...two, more: seed }).ops).toEqual({ 'a.txt': 'kept-deleted' });
    expect(world.take({ ...two, more: seed }).ops).toEqual({});
    const { json } = ranJson(world.root, 'regenerate');
    expect([json.status, json.files]).toEqual(['up-to-date', []]);
    expect(world.take({ files: { 'a.txt': 'T_3\n' }, more: seed }).ops).toEqual({ 'a.txt': 'kept-deleted' });
    expect(world.tree()).toEqual({});
  });

  it('a seed that the kit drops goes where it was left alone, and stays where it was edited', () => {
    const files = { 'a.txt': 'T_1\n', 'b.txt': 'T_1\n' };
    const world = KitWorld.create({ files, more: 'policies: {seed: ["*.txt"]}\n' });
    world.append('b.txt', 'U_1\n');
    expect(world.take({ files: {} }).ops).toEqual({ 'a.txt': 'delete', 'b.txt': 'detach' });
    expect(world.tree()).toEqual({ 'b.txt': 'T_1\nU_1\n' });
  });

  it('what is generated is always rewritten; the edit is in the undo store', () => {
    const world = KitWorld.create({ ...one, more: generated });
    world.write('a.txt', 'U_1\n');
    expect(world.take({ ...two, more: generated })).toMatchObject({ code: 0, ops: { 'a.txt': 'update' } });
    expect(world.read('a.txt')).toBe('T_2\n');
  });

  it('what is generated never takes the place of a file that was the user\u2019s before', () => {
    const world = KitWorld.create({ files: {} });
    world.write('a.txt', 'U_own\n');
    const took = world.take({ ...one, more: generated });
    expect(took).toMatchObject({ code: 4, ops: { 'a.txt': 'conflict' } });
    expect(world.tree()).toEqual({ 'a.txt': 'U_own\n', 'a.txt.mlops-new': 'T_1\n' });
    world.remove('a.txt.mlops-new');
    expect(world.take({ ...one, more: generated })).toMatchObject({ code: 0, ops: { 'a.txt': 'keep' } });
    expect(world.take({ ...two, more: generated })).toMatchObject({ code: 0, ops: { 'a.txt': 'keep' } });
    expect(world.tree()).toEqual({ 'a.txt': 'U_own\n' });
    world.remove('a.txt');
    expect(world.take({ ...two, more: generated }).ops).toEqual({ 'a.txt': 'create' });
    world.append('a.txt', 'U_edit\n');
    expect(world.take({ ...two, more: generated }).ops).toEqual({ 'a.txt': 'update' });
  });

  it.each([
    ['seed', seed, 'generated', generated, 'U_1\n', 'keep'],
    ['managed', '', 'seed', seed, 'U_1\n', 'keep'],
    ['managed', '', 'generated', generated, 'T_2\n', 'update'],
    ['generated', generated, 'seed', seed, 'U_1\n', 'keep'],
  ])('may change: %s → %s', (_, before, __, after, becomes, op) => {
    const world = KitWorld.create({ ...one, more: before });
    world.write('a.txt', 'U_1\n');
    expect(world.take({ ...two, more: after }).ops).toEqual({ 'a.txt': op });
    expect(world.read('a.txt')).toBe(becomes);
  });

  it('a seed that becomes managed is merged from what was written', () => {
    const world = KitWorld.create({ files: { 'a.txt': 'T_1\n\n\nlast\n' }, more: seed });
    world.append('a.txt', 'U_1\n');
    expect(world.take({ files: { 'a.txt': 'T_2\n\n\nlast\n' } }).ops).toEqual({ 'a.txt': 'merge' });
    expect(world.read('a.txt')).toBe('T_2\n\n\nlast\nU_1\n');
  });

  it('are found by the path in the kit and by the path in the project', () => {
    const files = { 'dot_x/a': 'T_1', 'dot_y/b': 'T_1' };
    const more = 'policies: {seed: [dot_x/*, .y/*]}\n';
    const world = KitWorld.create({ files, more });
    world.take({ files: { 'dot_x/a': 'T_2', 'dot_y/b': 'T_2' }, more });
    expect(world.tree()).toEqual({ '.x/a': 'T_1', '.y/b': 'T_1' });
  });
});

describe('renames', () => {
  const text = 'T_1\n\n\nlast\n';

  it('carry edits along, through versions that were not taken', () => {
    const world = KitWorld.create({ files: { 'a/old.txt': text, 'a/other': 'x' } });
    world.append('a/old.txt', 'U_1\n');
    const more = 'renames: {a/old.txt: a/mid.txt, a/mid.txt: b/new.txt}\n';
    const { ops } = world.take({ files: { 'b/new.txt': text.replace('T_1', 'T_2'), 'a/other': 'x' }, more });
    expect(ops).toEqual({ 'b/new.txt': 'rename' });
    expect(world.tree()).toEqual({ 'a/other': 'x', 'b/new.txt': 'T_2\n\n\nlast\nU_1\n' });
  });

  it('without which the old file goes and a new one comes', () => {
    const world = KitWorld.create({ files: { 'old.txt': text } });
    expect(world.take({ files: { 'new.txt': text } }).ops).toEqual({
      'new.txt': 'create',
      'old.txt': 'delete',
    });
  });

  it('that the user made already are merged, and another file in the new place is not', () => {
    const world = KitWorld.create({ files: { old: text, gone: text } });
    for (const path of ['old', 'gone']) world.remove(path);
    world.write('new', `${text}U_1\n`);
    world.write('other', 'U_2\n');
    const now = text.replace('T_1', 'T_2');
    const { ops } = world.take({
      files: { new: now, other: now },
      more: 'renames: {old: new, gone: other}\n',
    });
    expect(ops).toEqual({ new: 'merge', other: 'conflict' });
    expect([world.read('new'), world.read('other')]).toEqual(['T_2\n\n\nlast\nU_1\n', 'U_2\n']);
  });

  it('of a file that the user deleted leave it deleted', () => {
    const world = KitWorld.create({ files: { 'old.txt': 'same\n' } });
    world.remove('old.txt');
    const { code } = world.take({ files: { 'new.txt': 'same\n' }, more: 'renames: {old.txt: new.txt}\n' });
    expect([code, world.tree()]).toEqual([0, {}]);
  });

  it('onto a file of the user\u2019s lose neither', () => {
    const world = KitWorld.create({ files: { 'old.txt': 'T_1\n' } });
    world.append('old.txt', 'U_old\n');
    world.write('new.txt', 'U_new\n');
    const { code } = world.take({ files: { 'new.txt': 'T_1\n' }, more: 'renames: {old.txt: new.txt}\n' });
    expect(code).toBe(4);
    expect(world.read('new.txt')).toBe('U_new\n');
    expect(world.read('old.txt')).toBe('T_1\nU_old\n');
  });

  it('may change the case alone', () => {
    const world = KitWorld.create({ files: { README: 'T_1\n' } });
    world.append('README', 'U_1\n');
    world.take({ files: { Readme: 'T_1\n' }, more: 'renames: {README: Readme}\n' });
    expect(world.tree()).toEqual({ Readme: 'T_1\nU_1\n' });
  });
});

describe('files that go and come', () => {
  it('dropped: the untouched goes with its folder, the edited and the user\u2019s own stay', () => {
    const files = { 'x/y/a': 'T_a\n', 'z/b': 'T_b\n', 'z/c': 'T_c\n' };
    const world = KitWorld.create({ files });
    world.append('z/b', 'U_b\n');
    world.write('z/own', 'U_own\n');
    const { ops } = world.take({ files: {} });
    expect(ops).toEqual({ 'x/y/a': 'delete', 'z/b': 'detach', 'z/c': 'delete' });
    expect(world.tree()).toEqual({ 'z/b': 'T_b\nU_b\n', 'z/own': 'U_own\n' });
    expect(world.has('x')).toBe(false);
  });

  it('returned: merged with what was remembered', () => {
    const world = KitWorld.create({ files: { a: 'T_1\n\n\nlast\n' } });
    world.append('a', 'U_1\n');
    world.take({ files: {} });
    expect(world.take({ files: { a: 'T_2\n\n\nlast\n' } })).toMatchObject({ code: 0, ops: { a: 'merge' } });
    expect(world.read('a')).toBe('T_2\n\n\nlast\nU_1\n');
  });

  it('deleted by the user: stays deleted, said where the kit changed it', () => {
    const world = KitWorld.create({ files: { same: 'T_s\n', other: 'T_1\n' } });
    world.remove('same');
    world.remove('other');
    expect(world.take({ files: { same: 'T_s\n', other: 'T_2\n' } }).ops).toEqual({ other: 'kept-deleted' });
    expect(world.tree()).toEqual({});
  });

  it('added by both: the identical is taken over, keys are united, the rest lies side by side', () => {
    const world = KitWorld.create({ files: {} });
    world.write('same', 'T_x\n');
    world.write('keys.json', '{\n  "U_mine": 1\n}\n');
    world.write('text', 'U_text\n');
    const files = { same: 'T_x\n', 'keys.json': '{\n  "T_theirs": 2\n}\n', text: 'T_text\n' };
    const { code, ops } = world.take({ files });
    expect([code, ops]).toEqual([4, { same: 'adopt', 'keys.json': 'merge', text: 'conflict' }]);
    expect(JSON.parse(world.read('keys.json'))).toEqual({ U_mine: 1, T_theirs: 2 });
    expect([world.read('text'), world.read('text.mlops-new')]).toEqual(['U_text\n', 'T_text\n']);
  });

  it('a file of the user in the place of one beside it is named, an older one of ours is not', () => {
    const world = KitWorld.create({ files: { a: 'T_\0', b: 'T_\0' } });
    for (const path of ['a', 'b']) world.write(path, `U_${path}\0`);
    world.write('a.mlops-new', 'U_beside\n');
    expect(world.take({ files: { a: 'T_1\0', b: 'T_1\0' } }).whys).toEqual([
      expect.stringMatching(/; what was in a\.mlops-new is in the undo store$/),
      expect.not.stringContaining('undo'),
    ]);
    const again = world.take({ files: { a: 'T_2\0', b: 'T_2\0' } }).whys;
    expect(again.join()).not.toContain('undo');
    expect([world.read('a.mlops-new'), world.read('b.mlops-new')]).toEqual(['T_2\0', 'T_2\0']);
  });

  it('a file becomes a folder, and a folder a file', () => {
    const world = KitWorld.create({ files: { a: 'T_a\n', 'b/c': 'T_c\n' } });
    expect(world.take({ files: { 'a/d': 'T_d\n', b: 'T_b\n' } }).code).toBe(0);
    expect(world.tree()).toEqual({ 'a/d': 'T_d\n', b: 'T_b\n' });
  });

  it('a file that the user edited is not turned into a folder: refused, nothing written', () => {
    const world = KitWorld.create({ files: { a: 'T_a\n', b: 'T_b\n' } });
    world.append('a', 'U_a\n');
    const before = world.tree();
    expect(world.take({ files: { 'a/d': 'T_d\n', b: 'T_2\n' } }).code).toBe(5);
    expect(world.tree()).toEqual(before);
  });

  it('a folder of the user\u2019s is in the place of a new file: refused, nothing written', () => {
    const world = KitWorld.create({ files: { b: 'T_b\n' } });
    mkdirSync(join(world.root, 'a'));
    world.write('a/own', 'U_own\n');
    expect(world.take({ files: { a: 'T_a\n', b: 'T_2\n' } }).code).toBe(5);
    expect(world.tree()).toEqual({ 'a/own': 'U_own\n', b: 'T_b\n' });
  });

  it.each([
    ['that the kit changes', { a: 'T_2\n' }],
    ['that the kit has under a new name', { new: 'T_2\n' }],
  ])(
    'an empty folder in the place of a file %s: refused in the plan with its path, nothing written',
    (_, files) => {
      const world = KitWorld.create({ files: { a: 'T_1\n', b: 'T_b\n' } });
      world.remove('a');
      for (const path of Object.keys(files)) mkdirSync(join(world.root, path));
      const more = 'new' in files ? 'renames: {a: new}\n' : '';
      const { code, details, notes } = world.take({ files: { ...files, b: 'T_2\n' }, more }, '--plan');
      expect([code, details]).toEqual([5, Object.keys(files)]);
      expect(notes.join()).toContain('cannot be written');
      expect(world.tree()).toEqual({ b: 'T_b\n' });
    },
  );

  it('a folder of the user\u2019s is in the place of a file that gets another name, mode and policy: settled in one run', () => {
    const world = KitWorld.create({ files: { a: 'T_a\n' }, more: 'policies: {seed: [a]}\n' });
    world.remove('a');
    world.write('a/own', 'U_own\n');
    const more = 'renames: {a: b}\nexecutable: [b]\n';
    expect(world.take({ files: { b: 'T_a\n' }, more }).code).toBe(0);
    expect(world.tree()).toEqual({ 'a/own': 'U_own\n' });
    expect(ranJson(world.root, 'regenerate').json.status).toBe('up-to-date');
  });

  it.each(['.mlops/base.lock', '.mlops/base/a.base'])(
    'a link in the place of %s is refused in the plan',
    (path) => {
      const world = KitWorld.create({ files: { a: 'T_1\n' } });
      world.write('other', 'U_other\n');
      world.remove(path);
      symlinkSync(join(world.root, 'other'), join(world.root, path));
      const { code, details, notes } = world.take({ files: { a: 'T_2\n' } }, '--plan');
      expect([code, details]).toEqual([5, [path]]);
      expect(notes.join()).toContain('cannot be written');
      expect(world.read('other')).toBe('U_other\n');
    },
  );

  it.each([
    ['.mlops/base.lock', true],
    ['.mlops/base', false],
  ])('%s as a folder or a link is refused in the plan', (path, isFolder) => {
    const world = KitWorld.create({ files: { a: 'T_1\n' } });
    world.remove(path);
    if (isFolder) mkdirSync(join(world.root, path));
    else symlinkSync(world.home, join(world.root, path));
    for (const args of [['--plan'], []]) {
      const { code, notes } = world.take({ files: { a: 'T_2\n' } }, ...args);
      expect([code, notes.join()]).toEqual([5, expect.stringContaining('cannot be written')]);
    }
  });

  it('a link where a new project keeps its lock is refused, and nothing is written', () => {
    const world = KitWorld.create({ files: { a: 'T_1\n' } });
    const root = join(world.home, 'new');
    mkdirSync(join(root, '.mlops'), { recursive: true });
    symlinkSync('../other', join(root, '.mlops/base.lock'));
    const { code, json } = newFrom(world.kit({ files: { a: 'T_1\n' } }), root);
    expect([code, json.error?.details.map(({ path }) => path)]).toEqual([5, ['.mlops/base.lock']]);
    expect(existsSync(join(root, 'a'))).toBe(false);
  });

  it('a file that stayed is named where its base is in the place of a new one', () => {
    const world = KitWorld.create({ files: { x: 'T_x\n' } });
    world.append('x', 'U_x\n');
    const next = { files: { 'x.base/y': 'T_y\n' } };
    expect(world.take(next)).toMatchObject({ code: 5, details: ['x.base/y'] });
    world.remove('x');
    expect(world.take(next).code).toBe(0);
  });

  it('moved by the user, byte for byte: changes of the kit follow', () => {
    const text = `T_1\n${'a line of the file\n'.repeat(10)}`;
    const world = KitWorld.create({ files: { 'a.md': text } });
    world.write('docs/b.md', text);
    world.remove('a.md');
    world.take({ files: { 'a.md': text.replace('T_1', 'T_2') } });
    expect(world.tree()).toEqual({ 'docs/b.md': text.replace('T_1', 'T_2') });
    expect(world.read('mlops.yaml')).toMatch(/^moved: \{.*a\.md.*docs\/b\.md.*\}/m);
  });

  it('unmanaged paths are left alone', () => {
    const world = KitWorld.create({ files: { 'docs/a': 'T_1\n', b: 'T_1\n' } });
    world.edit('mlops.yaml', (text) => text.replace('unmanaged: []', 'unmanaged: [docs/]'));
    expect(world.take({ files: { 'docs/a': 'T_2\n', b: 'T_2\n' } }).ops).toEqual({ b: 'update' });
    expect(world.read('docs/a')).toBe('T_1\n');
  });

  it('--conflict chooses a side where both changed the same line', () => {
    for (const [style, becomes] of [
      ['yours', 'U_a\n'],
      ['theirs', 'T_b\n'],
    ] as const) {
      const world = KitWorld.create({ files: { a: 'T_a\n' }, more: '' });
      world.write('a', 'U_a\n');
      expect(world.take({ files: { a: 'T_b\n' } }, `--conflict=${style}`).code).toBe(0);
      expect(world.read('a')).toBe(becomes);
    }
  });
});
