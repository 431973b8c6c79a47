/** A file as it is on disk; a text is UTF-8. */
export type Content = string | Uint8Array | { readonly text: string; readonly executable: boolean };

/** Path → content. */
export type Files = Readonly<Record<string, Content>>;

/** One project between two versions of a template: what every tool is asked to bring together. */
export interface Case {
  readonly name: string;
  /** What the template wrote, and what it writes now. */
  readonly before: Files;
  readonly after: Files;
  /** What the user did in between; null is a deletion. Their words begin with YOURS_, those of the template with THEIRS_. */
  readonly yours: Readonly<Record<string, Content | null>>;
  /** Old path → new path in the template. */
  readonly renames?: Readonly<Record<string, string>>;
  /** The one right result where everybody would agree on it; absent where a person has to choose. */
  readonly right?: Readonly<Record<string, Content | null>>;
}

const TEXT = lines('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine');

const FUNCTIONS = ['load', 'clean', 'train'].map(functionText).join('\n\n');

const TOML = lines('[project]', 'name = "acme"', 'dependencies = [', '  "numpy",', '  "pandas",', ']');

const YAML = lines('jobs:', '  lint:', '    run: ruff check', '  test:', '    run: pytest');

/** Situations that updates of a generated project meet, each as small as it can be. */
export const CASES: readonly Case[] = [
  {
    name: 'nothing in the template changed',
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT },
    yours: { 'a.txt': TEXT.replace('two', 'YOURS_1') },
    right: { 'a.txt': TEXT.replace('two', 'YOURS_1') },
  },
  {
    name: 'separate lines of one file',
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT.replace('eight', 'THEIRS_1') },
    yours: { 'a.txt': TEXT.replace('two', 'YOURS_1') },
    right: { 'a.txt': TEXT.replace('two', 'YOURS_1').replace('eight', 'THEIRS_1') },
  },
  {
    name: 'the same line',
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT.replace('five', 'THEIRS_1') },
    yours: { 'a.txt': TEXT.replace('five', 'YOURS_1') },
  },
  {
    name: 'the user made the same change already',
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT.replace('five', 'THEIRS_1') },
    yours: { 'a.txt': TEXT.replace('five', 'THEIRS_1').replace('one', 'YOURS_1') },
    right: { 'a.txt': TEXT.replace('five', 'THEIRS_1').replace('one', 'YOURS_1') },
  },
  {
    name: 'an insertion among blocks that look alike',
    before: { 'steps.py': FUNCTIONS },
    after: { 'steps.py': FUNCTIONS.replace('train()', 'train_THEIRS_1()') },
    yours: { 'steps.py': FUNCTIONS.replace('load()', 'load_YOURS_1()') },
    right: {
      'steps.py': FUNCTIONS.replace('train()', 'train_THEIRS_1()').replace('load()', 'load_YOURS_1()'),
    },
  },
  {
    name: 'both add a dependency at one place',
    before: { 'pyproject.toml': TOML },
    after: { 'pyproject.toml': TOML.replace('"pandas",\n', '"pandas",\n  "THEIRS_1",\n') },
    yours: { 'pyproject.toml': TOML.replace('"pandas",\n', '"pandas",\n  "YOURS_1",\n') },
    right: { 'pyproject.toml': TOML.replace('"pandas",\n', '"pandas",\n  "YOURS_1",\n  "THEIRS_1",\n') },
  },
  {
    name: 'both add a job at one place',
    before: { 'ci.yml': YAML },
    after: { 'ci.yml': `${YAML}  THEIRS_1:\n    run: build\n` },
    yours: { 'ci.yml': `${YAML}  YOURS_1:\n    run: docs\n` },
    right: { 'ci.yml': `${YAML}  YOURS_1:\n    run: docs\n  THEIRS_1:\n    run: build\n` },
  },
  {
    name: 'both add a line to .gitignore',
    before: { '.gitignore': lines('*.pyc', 'dist/') },
    after: { '.gitignore': lines('*.pyc', 'dist/', 'THEIRS_1/') },
    yours: { '.gitignore': lines('*.pyc', 'dist/', 'YOURS_1/') },
    right: { '.gitignore': lines('*.pyc', 'dist/', 'YOURS_1/', 'THEIRS_1/') },
  },
  {
    name: "no newline at the end of the user's file",
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT.replace('one', 'THEIRS_1') },
    yours: { 'a.txt': `${TEXT}YOURS_1` },
    right: { 'a.txt': `${TEXT.replace('one', 'THEIRS_1')}YOURS_1` },
  },
  {
    name: "the user's editor wrote CRLF",
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT.replace('eight', 'THEIRS_1') },
    yours: { 'a.txt': TEXT.replace('two', 'YOURS_1').replaceAll('\n', '\r\n') },
    right: { 'a.txt': TEXT.replace('two', 'YOURS_1').replace('eight', 'THEIRS_1').replaceAll('\n', '\r\n') },
  },
  {
    name: 'Latin-1',
    before: { 'a.txt': latin1(TEXT.replace('nine', 'neuf é')) },
    after: { 'a.txt': latin1(TEXT.replace('nine', 'neuf é').replace('one', 'THEIRS_1 ü')) },
    yours: { 'a.txt': latin1(TEXT.replace('nine', 'neuf é').replace('five', 'YOURS_1 à')) },
    right: {
      'a.txt': latin1(
        TEXT.replace('nine', 'neuf é').replace('one', 'THEIRS_1 ü').replace('five', 'YOURS_1 à'),
      ),
    },
  },
  {
    name: 'text that holds =======',
    before: { 'a.rst': `Title\n=======\n\n${TEXT}` },
    after: { 'a.rst': `Title\n=======\n\n${TEXT.replace('eight', 'THEIRS_1')}` },
    yours: { 'a.rst': `YOURS_1\n=======\n\n${TEXT}` },
    right: { 'a.rst': `YOURS_1\n=======\n\n${TEXT.replace('eight', 'THEIRS_1')}` },
  },
  {
    name: 'a binary that both changed',
    before: { 'logo.bin': binary('old') },
    after: { 'logo.bin': binary('THEIRS_1') },
    yours: { 'logo.bin': binary('YOURS_1') },
  },
  {
    name: 'a binary that only the template changed',
    before: { 'logo.bin': binary('old') },
    after: { 'logo.bin': binary('THEIRS_1') },
    yours: { 'notes.txt': 'YOURS_1\n' },
    right: { 'logo.bin': binary('THEIRS_1'), 'notes.txt': 'YOURS_1\n' },
  },
  {
    name: 'the user made it executable, the template edited it',
    before: { 'run.sh': TEXT },
    after: { 'run.sh': TEXT.replace('two', 'THEIRS_1') },
    yours: { 'run.sh': { text: TEXT.replace('eight', 'YOURS_1'), executable: true } },
    right: {
      'run.sh': { text: TEXT.replace('two', 'THEIRS_1').replace('eight', 'YOURS_1'), executable: true },
    },
  },
  {
    name: 'deleted by the user, same in the template',
    before: { 'a.txt': TEXT, 'b.txt': 'b\n' },
    after: { 'a.txt': TEXT, 'b.txt': 'THEIRS_1\n' },
    yours: { 'a.txt': null, 'c.txt': 'YOURS_1\n' },
    right: { 'a.txt': null, 'b.txt': 'THEIRS_1\n', 'c.txt': 'YOURS_1\n' },
  },
  {
    name: 'deleted by the user, changed in the template',
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT.replace('two', 'THEIRS_1') },
    yours: { 'a.txt': null, 'c.txt': 'YOURS_1\n' },
  },
  {
    name: 'dropped by the template, untouched',
    before: { 'a.txt': TEXT, 'b.txt': 'b\n' },
    after: { 'b.txt': 'THEIRS_1\n' },
    yours: { 'c.txt': 'YOURS_1\n' },
    right: { 'a.txt': null, 'b.txt': 'THEIRS_1\n', 'c.txt': 'YOURS_1\n' },
  },
  {
    name: 'dropped by the template, edited',
    before: { 'a.txt': TEXT, 'b.txt': 'b\n' },
    after: { 'b.txt': 'THEIRS_1\n' },
    yours: { 'a.txt': TEXT.replace('two', 'YOURS_1') },
  },
  {
    name: "a file of the user's in a folder that is dropped",
    before: { 'old/a.txt': TEXT, 'b.txt': 'b\n' },
    after: { 'b.txt': 'THEIRS_1\n' },
    yours: { 'old/mine.txt': 'YOURS_1\n' },
    right: { 'old/a.txt': null, 'old/mine.txt': 'YOURS_1\n', 'b.txt': 'THEIRS_1\n' },
  },
  {
    name: 'both add one path, the same',
    before: { 'b.txt': 'b\n' },
    after: { 'b.txt': 'b\n', 'new.txt': lines('THEIRS_1', ...TEXT.split('\n')) },
    yours: { 'new.txt': lines('THEIRS_1', ...TEXT.split('\n')), 'c.txt': 'YOURS_1\n' },
    right: { 'new.txt': lines('THEIRS_1', ...TEXT.split('\n')), 'c.txt': 'YOURS_1\n' },
  },
  {
    name: 'both add one path, different',
    before: { 'b.txt': 'b\n' },
    after: { 'b.txt': 'b\n', 'new.txt': lines('THEIRS_1', 'theirs') },
    yours: { 'new.txt': lines('YOURS_1', 'yours') },
  },
  {
    name: 'renamed by the template, edited by the user',
    before: { 'old.txt': TEXT },
    after: { 'new.txt': TEXT.replace('eight', 'THEIRS_1') },
    renames: { 'old.txt': 'new.txt' },
    yours: { 'old.txt': TEXT.replace('two', 'YOURS_1') },
    right: { 'old.txt': null, 'new.txt': TEXT.replace('two', 'YOURS_1').replace('eight', 'THEIRS_1') },
  },
  {
    name: "a formatter indented the user's file, one line changed in the template",
    before: { 'a.txt': TEXT },
    after: { 'a.txt': TEXT.replace('five', 'THEIRS_1') },
    yours: { 'a.txt': indented(TEXT), 'c.txt': 'YOURS_1\n' },
  },
  {
    name: 'an edited file that git ignores',
    before: { '.gitignore': '.env\n', '.env': TEXT },
    after: { '.gitignore': '.env\n', '.env': TEXT.replace('eight', 'THEIRS_1') },
    yours: { '.env': TEXT.replace('two', 'YOURS_1') },
    right: { '.env': TEXT.replace('two', 'YOURS_1').replace('eight', 'THEIRS_1') },
  },
  {
    name: 'odd names',
    before: { 'it\'s a "name" [1].txt': TEXT },
    after: { 'it\'s a "name" [1].txt': TEXT.replace('eight', 'THEIRS_1') },
    yours: { 'it\'s a "name" [1].txt': TEXT.replace('two', 'YOURS_1') },
    right: { 'it\'s a "name" [1].txt': TEXT.replace('two', 'YOURS_1').replace('eight', 'THEIRS_1') },
  },
];

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

function functionText(name: string): string {
  return lines(
    `def ${name}(rows):`,
    '    result = []',
    '    for row in rows:',
    `        ${name}()`,
    '    return result',
  );
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function binary(word: string): Uint8Array {
  return Buffer.concat([Buffer.from([0, 1, 2, 255, 0]), Buffer.from(word), Buffer.from([0, 254])]);
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ');
}
