import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { similarity } from '../../generators/core/merge/similarity.ts';
import { tempFolder, withFiles } from '../support/folders.ts';

const LINES = Array.from({ length: 40 }, (_, at) => `def function_number_${at}(): return ${at * 7919}`);

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function alike(a: string, b: string): number {
  return similarity(Buffer.from(a), Buffer.from(b));
}

it('is 1 for equal contents, also empty ones and in another order or with other line ends', () => {
  expect(alike('', '')).toBe(1);
  expect(alike(text(LINES), text(LINES))).toBe(1);
  expect(alike(text(LINES), text([...LINES].reverse()))).toBe(1);
  expect(alike(text(LINES), text(LINES).replaceAll('\n', '\r\n'))).toBe(1);
});

it('is 0 for contents that share nothing', () => {
  expect(alike(text(LINES), 'a\n')).toBe(0);
  expect(alike('', 'a\n')).toBe(0);
});

it('counts a change inside a long line for a part of it only', () => {
  const line = Array.from({ length: 1000 }, (_, at) => `word-${at}`).join(' ');
  expect(alike(line, line.replace('word-999', 'word-xxx'))).toBeGreaterThan(0.98);
});

it.each([1, 8, 16, 24, 32])(
  'is near what git says of a moved file with %i of 40 lines changed',
  (changed) => {
    const edited = LINES.map((line, at) =>
      at < changed ? `changed_${at} = "${at * 104729} is mine now, it is"` : line,
    );
    const folder = withFiles(tempFolder(), { 'old.py': text(LINES) });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'old');
    withFiles(folder, { 'new.py': text(edited) });
    git('rm', '-q', '--cached', 'old.py');
    git('add', 'new.py');
    const score = /R(\d+)/.exec(git('diff', '--cached', '-M1%', '--name-status', 'HEAD'))?.[1];
    expect(Math.abs(alike(text(LINES), text(edited)) - Number(score) / 100)).toBeLessThan(0.05);
  },
);
