import { afterEach, describe, expect, it, vi } from 'vitest';
import { gitChanges } from '../../generators/core/io/git.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the changes that git finds between two texts', () => {
  it('are the heads of its hunks', () => {
    expect(gitChanges('a\nb\n', 'a\nc\n')).toEqual(['@@ -2 +2 @@']);
  });

  it('are unknown where there is no temporary folder', () => {
    vi.stubEnv('TMPDIR', '/nonexistent');
    expect(gitChanges('a\n', 'b\n')).toBeUndefined();
  });
});
