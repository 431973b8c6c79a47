import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../generators/core/errors.ts';
import { type Kit, readKit } from '../../generators/core/kit/kit.ts';
import { planKit } from '../../generators/core/plan/kit-plan.ts';
import { tempFolder } from '../support/folders.ts';
import { type Contents, kitAt, writeContents } from '../support/kits.ts';

const NAMES = { name: 'acme-churn', package: 'acme_churn' };
const MINIMAL = 'name: acme\nversion: 1.0\nextends: none\n';

function kitFrom(manifest: string, files: Contents = { 'a.txt': 'a\n' }): string {
  const folder = kitAt(tempFolder(), { files });
  writeFileSync(join(folder, 'kit.yaml'), manifest);
  return folder;
}

function read(folder: string): Kit {
  const kit = readKit(folder, './kit', '0.1.0');
  planKit(kit, NAMES);
  return kit;
}

/** The problems of a kit that is refused, as `path:line:column message`. */
function problemsOf(folder: string, exit = 8): string[] {
  try {
    read(folder);
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    expect(error.exit).toBe(exit);
    expect(error.message).toMatch(/^[^\n]{1,400}\.$/);
    return error.details.map(({ path, line, column, message }) =>
      [[path, line, column].filter((part) => part !== undefined).join(':'), message].join(' '),
    );
  }
  throw new Error('the kit was taken');
}

it('a kit whose files are elsewhere is refused', () => {
  const elsewhere = tempFolder();
  writeFileSync(join(elsewhere, 'secret.txt'), 'x');
  const folder = kitFrom(MINIMAL);
  rmSync(join(folder, 'files'), { recursive: true });
  symlinkSync(elsewhere, join(folder, 'files'));
  expect(problemsOf(folder)).toEqual(['files it is a link']);
});

describe('kit.yaml', () => {
  it('is read with versions as they are written', () => {
    const kit = read(kitFrom('name: "@acme/base_kit"\nversion: 1.10\ndescription: Ours.\nextends: none\n'));
    expect(kit).toMatchObject({ name: '@acme/base_kit', version: '1.10', description: 'Ours.' });
  });

  it('gives policies, modes and renames to the files', () => {
    const more = [
      'policies: {seed: [mine/**], generated: [".github/*.json"]}',
      'executable: ["*.sh"]',
      'renames: {old.txt: dot_new, older.txt: old.txt}',
      '',
    ].join('\n');
    const files = { 'mine/a': '', 'dot_github/x.json': '{}', 'run.sh': '', dot_new: '' };
    const { plan, renames } = planKit(read(kitFrom(MINIMAL + more, files)), NAMES);
    expect(plan.map(({ path, mode, policy, layer }) => [path, mode, policy, layer])).toEqual([
      ['.github/x.json', 0o644, 'generated', 'kit acme'],
      ['.new', 0o644, 'managed', 'kit acme'],
      ['mine/a', 0o644, 'seed', 'kit acme'],
      ['run.sh', 0o755, 'managed', 'kit acme'],
    ]);
    expect([...renames]).toEqual([
      ['old.txt', '.new'],
      ['older.txt', 'old.txt'],
    ]);
  });

  it.each([
    ['^0.1', true],
    ['>=0.1 <2', true],
    ['^9 || ^0.1.0', true],
    ['0.1.0', true],
    ['^1', false],
    ['>=0.2', false],
    ['<0.1.0', false],
    ['^0.0.9', false],
  ])('with compat %s is taken by generator 0.1.0: %s', (range, isTaken) => {
    const folder = kitFrom(`${MINIMAL}compat: {generator: "${range}"}\n`);
    if (isTaken) expect(read(folder).name).toBe('acme');
    else expect(problemsOf(folder)[0]).toContain(`the kit needs generator ${range}, and this is 0.1.0`);
  });

  it.each<[string, string, readonly string[]]>([
    [
      'an unknown key',
      `${MINIMAL}polices: {}\n`,
      ['kit.yaml:4:1 unknown key "polices"; the nearest is policies'],
    ],
    [
      'an unknown key of policies',
      `${MINIMAL}policies:\n  sed: [a]\n`,
      ['kit.yaml:5:3 unknown key "sed"; the nearest is seed'],
    ],
    [
      'what this version does not do',
      `${MINIMAL}questions: []\nsuggests: [x]\noverride: [a]\n`,
      [
        'kit.yaml:4:1 questions is not supported by this version',
        'kit.yaml:5:1 suggests is not supported by this version',
        'kit.yaml:6:1 override is not supported by this version',
      ],
    ],
    [
      'a kit that extends ours',
      'name: acme\nversion: 1\n',
      ['kit.yaml:1:1 this version reads only kits that say "extends: none"'],
    ],
    [
      'another extends',
      'name: acme\nversion: 1\nextends: small-data\n',
      ['kit.yaml:3:10 this version reads only kits that say "extends: none"'],
    ],
    [
      'no name and no version',
      'extends: none\n',
      [
        'kit.yaml:1:1 name has to be a name: letters, digits, "-", "_" and "."',
        'kit.yaml:1:1 version has to be a version such as 1.2.0',
      ],
    ],
    [
      'several problems',
      'name: a b\nversion: one\nextends: none\nexecutable: run.sh\nrenames: [a]\n',
      [
        'kit.yaml:1:7 name has to be a name: letters, digits, "-", "_" and "."',
        'kit.yaml:2:10 version has to be a version such as 1.2.0',
        'kit.yaml:4:13 executable has to be a list of paths or patterns',
        'kit.yaml:5:10 renames holds "old: new" lines',
      ],
    ],
    [
      'a bad range',
      `${MINIMAL}compat: {generator: soon}\n`,
      ['kit.yaml:4:21 generator is a range such as ^1.2 or ">=0.1 <2"'],
    ],
    [
      'an alias',
      `${MINIMAL}description: &d x\nexecutable: [*d]\n`,
      ['kit.yaml:5:14 an alias (*name) is not allowed'],
    ],
    ['a tag', `${MINIMAL}description: !!str x\n`, ['kit.yaml:4:20 a tag (!name) is not allowed']],
    ['a key that is there twice', `${MINIMAL}name: other\n`, ['kit.yaml:4:1 the key is there twice']],
    [
      '__proto__',
      `${MINIMAL}renames: {__proto__: a.txt}\n`,
      ['kit.yaml:4:11 the key __proto__ is not allowed'],
    ],
    ['two documents', `${MINIMAL}---\na: 1\n`, ['kit.yaml:4:1 it holds more than one YAML document']],
    ['a list', '- a\n', ['kit.yaml:1:1 kit.yaml holds "key: value" lines']],
    [
      '41 levels',
      `${MINIMAL}renames: ${'['.repeat(41)}${']'.repeat(41)}\n`,
      ['kit.yaml:4:49 it is nested more than 40 deep'],
    ],
    [
      'a large file',
      `${MINIMAL}# ${'x'.repeat(256 * 1024)}\n`,
      ['kit.yaml:1:1 the file is larger than 256 KiB'],
    ],
  ])('with %s is refused, with line and column', (_, manifest, problems) => {
    expect(problemsOf(kitFrom(manifest))).toEqual(expect.arrayContaining([...problems]));
  });

  it('that nests a hundred thousand levels is refused without a crash', () => {
    expect(problemsOf(kitFrom(`${MINIMAL}renames: ${'['.repeat(100_000)}`))).toContainEqual(
      expect.stringMatching(/nested more than 40 deep/),
    );
  });

  it('that is no UTF-8 is refused', () => {
    const folder = kitFrom('');
    writeFileSync(join(folder, 'kit.yaml'), Buffer.from(`${MINIMAL}description: caf\xe9\n`, 'latin1'));
    expect(problemsOf(folder)).toEqual(['kit.yaml kit.yaml: it is not UTF-8 text']);
  });

  it.each([
    ['nothing.txt: gone.txt', 'nothing.txt is renamed to a path that is no file of the kit'],
    ['a.txt: b.txt', 'a.txt is renamed, but it is still a file of the kit'],
    ['x: y, y: x', 'x is renamed to a path that is no file of the kit'],
    ['x: a.txt, y: a.txt', 'y and x are both renamed to a.txt'],
    ['../x: a.txt', 'the rename of ../x is refused: it has a part ".."'],
    ['x: mlops.yaml', 'the rename of x is refused: it belongs to the generator'],
  ])('with the renames {%s} is refused', (renames, problem) => {
    const folder = kitFrom(`${MINIMAL}renames: {${renames}}\n`, { 'a.txt': '', 'b.txt': '' });
    expect(problemsOf(folder)).toContainEqual(expect.stringContaining(`kit.yaml:4:`));
    expect(problemsOf(folder).join('\n')).toContain(problem);
  });
});

describe('the folder of a kit', () => {
  it('without a manifest or without files/ is refused, and names what is near', () => {
    const folder = kitFrom(MINIMAL);
    rmSync(join(folder, 'files'), { recursive: true });
    mkdirSync(join(folder, 'Files'));
    expect(problemsOf(folder)).toEqual(['files there is no such folder; the nearest is Files']);
    rmSync(join(folder, 'kit.yaml'));
    expect(problemsOf(folder)).toEqual(['kit.yaml it has no kit.yaml']);
  });

  it('that is not there is exit 5', () => {
    expect(problemsOf(join(tempFolder(), 'gone'), 5)).toEqual([]);
  });

  it('with parts that this version does not lay is refused', () => {
    const folder = kitFrom(MINIMAL);
    writeContents(folder, {
      'fragments/README.md/x': '',
      'files+ci=github/a': '',
      'jobs.yaml': '',
      'README.md': '',
    });
    expect(problemsOf(folder)).toEqual([
      'files+ci=github it is not supported by this version',
      'fragments it is not supported by this version',
      'jobs.yaml it is not supported by this version',
    ]);
  });

  it('may hold no files at all, and empty folders, which are not laid', () => {
    const folder = kitFrom(MINIMAL, {});
    mkdirSync(join(folder, 'files/empty'));
    expect(read(folder).files).toEqual([]);
  });

  it('with a pipe among its files is refused', () => {
    const folder = kitFrom(MINIMAL);
    execFileSync('mkfifo', [join(folder, 'files/pipe')]);
    expect(problemsOf(folder)).toEqual(['files/pipe it is a special file']);
  });

  it.each([
    ['/etc'],
    ['/etc/passwd'],
    ['../kit.yaml'],
    ['../../../../../../etc/passwd'],
    ['folder'],
    ['folder/'],
    ['.'],
    ['..'],
    ['gone'],
    ['link'],
    ['a.txt/'],
    ['a.txt/../a.txt/x'],
    ['folder/../../files/a.txt'],
    ['.git/config'],
  ])('with a link to %s is refused: it leads to no file of the kit', (target) => {
    const folder = kitFrom(MINIMAL, { 'a.txt': '1\n', 'folder/b.txt': '1\n' });
    symlinkSync(target, join(folder, 'files/link'));
    expect(problemsOf(folder)).toEqual([
      `files/link it is a link to ${JSON.stringify(target)}, which is no file of the kit`,
    ]);
  });

  it('with a link in the place of the generator, of a folder or of another file is refused', () => {
    const folder = kitFrom(MINIMAL, { 'a.txt': '1\n', 'folder/b.txt': '1\n' });
    symlinkSync('a.txt', join(folder, 'files/mlops.yaml'));
    mkdirSync(join(folder, 'files/dot_git'));
    symlinkSync('../a.txt', join(folder, 'files/dot_git/config'));
    expect(problemsOf(folder)).toEqual([
      'files/dot_git/config it is inside .git',
      'files/mlops.yaml it belongs to the generator',
    ]);
    for (const name of ['dot_git/config', 'mlops.yaml']) rmSync(join(folder, 'files', name));
    symlinkSync('a.txt', join(folder, 'files/A.txt'));
    expect(problemsOf(folder)).toEqual([
      expect.stringMatching(/^files\/(a|A)\.txt it differs from (A|a)\.txt/),
    ]);
  });

  it('with links to its own files leads them to what these are called in the project', () => {
    const files = { 'dot_x/__package__.py.ejs': '1\n', 'a.txt': '1\n' };
    const folder = kitFrom(MINIMAL, files);
    mkdirSync(join(folder, 'files/docs'));
    symlinkSync('../dot_x/__package__.py.ejs', join(folder, 'files/docs/code'));
    symlinkSync('./docs/../a.txt', join(folder, 'files/b.txt'));
    const plan = planKit(read(folder), NAMES).plan.filter(({ source }) => source.kind === 'kit-link');
    expect(plan.map(({ path, mode, source }) => [path, mode, source])).toEqual([
      ['b.txt', 0o120000, { kind: 'kit-link', target: 'a.txt' }],
      ['docs/code', 0o120000, { kind: 'kit-link', target: `../.x/${NAMES.package}.py` }],
    ]);
  });

  it('with a file name that is not UTF-8 is refused, and says so', () => {
    const folder = kitFrom(MINIMAL);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/files/caf`), Buffer.from([0xe9])]), 'x');
    expect(problemsOf(folder)).toEqual(['files/caf\uFFFD its name is not UTF-8']);
  });

  it('has at most 2,000 files and 16 MiB', () => {
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`${index}`, '']));
    expect(problemsOf(kitFrom(MINIMAL, many))[0]).toContain('there are more than 2000 files');
    const large = kitFrom(MINIMAL, { a: new Uint8Array(16 * 1024 * 1024), b: 'x' });
    expect(problemsOf(large)).toEqual(['files/b the files have more than 16 MiB']);
    expect(read(kitFrom(MINIMAL, { a: new Uint8Array(16 * 1024 * 1024) })).files).toHaveLength(1);
  });

  it.each<[string, Contents, string]>([
    ['a repository', { '.git/hooks/post-checkout': 'x' }, 'it is inside .git'],
    ['a repository under another spelling', { 'a/.GIT/x': 'x' }, 'it is inside .git'],
    ['a repository behind a joiner', { '.g\u200dit/x': 'x' }, 'it is inside .git'],
    ['a repository by its dot_', { 'dot_git/config': 'x' }, 'it is inside .git'],
    ["the generator's own", { 'dot_mlops/base.lock': 'x' }, 'it belongs to the generator'],
    ["the generator's answers", { 'MLOPS.yaml': 'x' }, 'it belongs to the generator'],
    ['a device', { 'docs/NUL.txt': 'x' }, '"NUL.txt" is a device name on Windows'],
    ['a trailing dot', { 'a.': 'x' }, 'a part ends in a dot'],
    ['a drive', { 'C:/x': 'x' }, 'it starts with a drive letter'],
    ['a way out on Windows', { '..\\x': 'x' }, 'it has a part ".."'],
    ['a turned name', { 'a\u202egnp.exe': 'x' }, 'it has a direction character'],
    ['only a suffix', { 'a/.ejs': 'x' }, 'it has an empty part'],
    ['a name too long for the base', { ['x'.repeat(252)]: 'x' }, 'a part is longer than 255 bytes'],
    [
      'case twins',
      { 'Read.me': 'x', 'read.me': 'y' },
      'it differs from Read.me in nothing that every system sees',
    ],
    ['Unicode twins', { 'caf\u00e9': 'x', 'cafe\u0301': 'y' }, 'in nothing that every system sees'],
    [
      'folders that are twins',
      { 'Docs/a': 'x', 'docs/b': 'y' },
      'it differs from Docs/a in nothing that every system sees',
    ],
    ['one path twice', { dot_x: 'x', '.x': 'y' }, 'it differs from .x in nothing that every system sees'],
    ['a file in the place of a folder', { 'a.ejs': 'x', 'a/b': 'y' }, 'it needs a folder where a is a file'],
    ['a base in the place of a folder', { x: 'x', 'x.base/y': 'y' }, 'it needs a folder where x is a file'],
  ])('with %s is refused', (_, files, problem) => {
    expect(problemsOf(kitFrom(MINIMAL, files)).join('\n')).toContain(problem);
  });

  it('is the same by its hash wherever it lies and whatever else lies beside its files', () => {
    const [a, b] = [kitFrom(MINIMAL), kitFrom(MINIMAL)];
    writeContents(b, { 'README.md': 'notes', '.git/HEAD': 'x' });
    expect(read(a).hash).toBe(read(b).hash);
    expect(read(a).hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('is another by its hash with a link, and with one that leads elsewhere', () => {
    const kits = [undefined, 'a.txt', 'b.txt'].map((target) => {
      const folder = kitFrom(MINIMAL, { 'a.txt': '1\n', 'b.txt': '1\n' });
      if (target !== undefined) symlinkSync(target, join(folder, 'files/link'));
      return read(folder).hash;
    });
    expect(new Set(kits).size).toBe(3);
  });

  it.each<[string, string, Contents]>([
    ['a byte', MINIMAL, { 'a.txt': 'b\n' }],
    ['a path', MINIMAL, { 'b.txt': 'a\n' }],
    ['a mode', `${MINIMAL}executable: [a.txt]\n`, { 'a.txt': 'a\n' }],
    ['another file', MINIMAL, { 'a.txt': 'a\n', empty: '' }],
    ['where a file ends', MINIMAL, { 'a.tx': 't', 'a.txt': 'a\n' }],
  ])('is another by its hash with another %s', (_, manifest, files) => {
    expect(read(kitFrom(manifest, files)).hash).not.toBe(read(kitFrom(MINIMAL)).hash);
  });
});
