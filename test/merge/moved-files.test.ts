import { describe, expect, it } from 'vitest';
import { likelyMoves } from '../../generators/core/merge/moved-files.ts';
import { relPath } from '../../generators/core/rel-path.ts';

const TEXT = Array.from({ length: 20 }, (_, line) => `line ${line} of a text that is long enough\n`).join('');

function file(path: string, text: string) {
  return { path: relPath(path), bytes: Buffer.from(text) };
}

describe('a file that is gone', () => {
  it('was moved to the only file with its bytes', () => {
    expect(likelyMoves([file('a.md', TEXT)], [file('b.md', TEXT), file('c.md', 'other\n')])).toEqual([
      { from: 'a.md', to: 'b.md', isSure: true },
    ]);
  });

  it.each([
    ['edited', [file('a.md', TEXT)], [file('b.md', `${TEXT}more\n`)]],
    ['of few bytes', [file('a.md', 'short\n')], [file('b.md', 'short\n')]],
  ])('may have been moved where it is %s, but that is a guess', (_, missing, strays) => {
    expect(likelyMoves(missing, strays)).toEqual([{ from: 'a.md', to: 'b.md', isSure: false }]);
  });

  it.each([
    ['nothing is like it', [file('a.md', TEXT)], [file('b.md', 'other\n')]],
    ['two files are', [file('a.md', TEXT)], [file('b.md', TEXT), file('c.md', TEXT)]],
    [
      'another one that is gone is like the same file',
      [file('a.md', TEXT), file('z.md', TEXT)],
      [file('b.md', TEXT)],
    ],
  ])('has no likely place where %s', (_, missing, strays) => {
    expect(likelyMoves(missing, strays)).toEqual([]);
  });
});
