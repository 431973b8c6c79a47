import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { mergeText } from '../../generators/core/merge/text-merge.ts';
import { tempFolder, withFiles } from '../support/folders.ts';
import { LABELS } from './fixtures/git-oracle.ts';

const MEGABYTE = 'x'.repeat(1024 * 1024);

function lines(count: number, line: (at: number) => string): string {
  return `${Array.from({ length: count }, (_, at) => line(at)).join('\n')}\n`;
}

/** Numbers that look random and are the same in every run. */
function scattered(seed: number): (at: number) => number {
  return (at) => ((Math.imul(at + seed, 2654435761) >>> 13) % 1009) % 3;
}

function spread(seed: number): string {
  const number = scattered(seed);
  return lines(20_000, (at) => `line ${number(at)}`);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('changes that take more effort than allowed', () => {
  const middle = (seed: number) => `${spread(seed)}last\n`;
  const texts = { base: middle(1), yours: middle(2_000_000), theirs: `${middle(1)}new\n` };
  const of = (convert: (text: string) => string) => ({
    base: Buffer.from(texts.base),
    yours: Buffer.from(convert(texts.yours)),
    theirs: Buffer.from(texts.theirs),
  });

  it('are found by git, and merged as it merges them', { timeout: 60_000 }, () => {
    const folder = withFiles(tempFolder(), texts);
    const files = ['-L', LABELS.yours, '-L', LABELS.base, '-L', LABELS.theirs, 'yours', 'base', 'theirs'];
    const expected = execFileSync('git', ['merge-file', '-p', '--diff3', ...files], { cwd: folder });
    const merge = mergeText('a.py', of(String), LABELS);
    expect(merge.kind).toBe('clean');
    expect('bytes' in merge && Buffer.compare(merge.bytes, expected)).toBe(0);
  });

  it('keep the ends of the user’s lines, as in any merge', { timeout: 60_000 }, () => {
    const merge = mergeText(
      'a.py',
      of((text) => text.replaceAll('\n', '\r\n')),
      LABELS,
    );
    const text = 'bytes' in merge ? Buffer.from(merge.bytes).toString() : '';
    expect(text.endsWith('last\r\nnew\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('are left where there is no git', () => {
    vi.stubEnv('PATH', '');
    expect(mergeText('a.py', of(String), LABELS)).toEqual({ kind: 'too-hard' });
  });
});

it.each([
  {
    what: '20,000 lines, 200 changed on each side',
    path: 'a.py',
    base: lines(20_000, (at) => `line ${at}`),
    yours: lines(20_000, (at) => (at % 100 === 50 ? `mine ${at}` : `line ${at}`)),
    theirs: lines(20_000, (at) => (at % 100 === 7 ? `new ${at}` : `line ${at}`)),
    kind: 'clean',
  },
  {
    what: '150,000 lines, every other one changed on each side',
    path: 'a.py',
    base: lines(150_000, (at) => `line ${at}`),
    yours: lines(150_000, (at) => (at % 2 === 0 ? `mine ${at}` : `line ${at}`)),
    theirs: lines(150_000, (at) => (at % 2 === 0 ? `line ${at}` : `new ${at}`)),
    kind: 'conflict',
  },
  {
    what: 'a list to which each side added more than 100,000 blank lines',
    path: '.gitignore',
    base: 'a\n',
    yours: `a${'\n'.repeat(130_000)}mine\n`,
    theirs: `a${'\n'.repeat(140_000)}new\n`,
    kind: 'clean',
  },
  {
    what: '20,000 lines, all rewritten by both',
    path: 'a.py',
    base: lines(20_000, (at) => `line ${at}`),
    yours: lines(20_000, (at) => `mine ${at}`),
    theirs: lines(20_000, (at) => `new ${at}`),
    kind: 'conflict',
  },
  {
    what: '20,000 lines turned around, which would take hours at worst',
    path: 'a.py',
    base: lines(20_000, (at) => `line ${at}`),
    yours: lines(20_000, (at) => `line ${20_000 - at}`),
    theirs: `${lines(20_000, (at) => `line ${at}`)}new\n`,
    kind: 'too-hard',
  },
  {
    what: '20,000 lines of three kinds, in another order on each side',
    path: 'a.py',
    base: spread(1),
    yours: spread(2_000_000),
    theirs: spread(3_000_001),
    kind: 'too-hard',
  },
  {
    what: '20,000 equal lines, more here and fewer there',
    path: 'a.py',
    base: '}\n'.repeat(20_000),
    yours: '}\n'.repeat(25_000),
    theirs: '}\n'.repeat(15_000),
    kind: 'conflict',
  },
  {
    what: 'a line of a megabyte',
    path: 'a.json',
    base: `{"a": "${MEGABYTE}"}`,
    yours: `{"a": "${MEGABYTE}mine"}`,
    theirs: `{"a": "${MEGABYTE}new"}`,
    kind: 'conflict',
  },
  {
    what: 'a megabyte of quotes that never close',
    path: 'a.toml',
    base: '\\"'.repeat(500_000),
    yours: `mine${'\\"'.repeat(500_000)}`,
    theirs: `${'\\"'.repeat(500_000)}new`,
    kind: 'conflict',
  },
  {
    what: 'YAML with three hundred conflicts',
    path: 'a.yaml',
    base: lines(3000, (at) => `key-${at}: 1`),
    yours: lines(3000, (at) => `key-${at}: ${at % 10 === 0 ? 2 : 1}`),
    theirs: lines(3000, (at) => `key-${at}: ${at % 10 === 0 ? 3 : 1}`),
    kind: 'conflict',
  },
  {
    what: 'JSON nested deeper than the stack holds',
    path: 'a.json',
    base: '1\n',
    yours: `${'['.repeat(50_000)}1${']'.repeat(50_000)}\n`,
    theirs: '2\n',
    kind: 'conflict',
  },
])('ends after a few seconds of work at most: $what', { timeout: 120_000 }, ({ path, kind, ...texts }) => {
  const versions = {
    base: Buffer.from(texts.base),
    yours: Buffer.from(texts.yours),
    theirs: Buffer.from(texts.theirs),
  };
  // It is our own work that has to end.
  vi.stubEnv('PATH', '');
  const before = process.cpuUsage();
  const merge = mergeText(path, versions, LABELS);
  const { user, system } = process.cpuUsage(before);
  expect(merge.kind).toBe(kind);
  // Of the processor, in seconds: waiting for a busy machine does not count.
  expect((user + system) / 1e6).toBeLessThan(10);
});
