import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectDisk } from '../../generators/core/io/on-disk.ts';
import { gitBlobId } from '../../generators/core/merge/blob-id.ts';
import { NOTHING_BEFORE, planChanges } from '../../generators/core/merge/changeset.ts';
import { stateFiles } from '../../generators/core/merge/state.ts';
import { parseAnswersFile } from '../../generators/core/profile/answers-file.ts';
import type { WantedProject } from '../../generators/core/wanted.ts';
import { tempFolder, withFiles } from '../support/folders.ts';
import { smallCatalog } from '../support/small-catalog.ts';
import { projectFrom, textsIn } from '../support/small-project.ts';

describe('a changeset for a new project', () => {
  const wanted = projectFrom(smallCatalog());

  function planIn(folder: string) {
    return planChanges(new Map(), wanted.tree, projectDisk(folder), NOTHING_BEFORE);
  }

  function opsIn(folder: string): Record<string, string> {
    return Object.fromEntries(planIn(folder).changes.map(({ path, op }) => [path, op]));
  }

  it('creates every file in an empty folder', () => {
    expect(new Set(Object.values(opsIn(tempFolder())))).toEqual(new Set(['create']));
  });

  it('takes over a file that is identical, and puts its own beside one that differs', () => {
    const same = textsIn(wanted)['run.sh'] ?? '';
    const folder = withFiles(tempFolder(), { 'run.sh': same, 'list.txt': 'mine\n' });
    expect(opsIn(folder)).toMatchObject({ 'run.sh': 'adopt', 'list.txt': 'conflict', '.env': 'create' });
    const conflict = planIn(folder).changes.find(({ path }) => path === 'list.txt');
    expect(conflict).toMatchObject({ side: 'list.txt.mlops-new', writes: [{ path: 'list.txt.mlops-new' }] });
  });

  it('refuses a folder, a link, and a linked parent in the place of a file', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'run.sh'));
    mkdirSync(join(folder, '.env'));
    symlinkSync('/etc/hostname', join(folder, 'list.txt'));
    symlinkSync(tempFolder(), join(folder, 'src'));
    withFiles(folder, { 'run.sh/inside.txt': 'mine\n' });
    expect(planIn(folder).refused).toEqual([
      { path: '.env', message: 'an empty folder is in its place' },
      { path: 'list.txt', message: 'a link is in its place' },
      { path: 'run.sh', message: 'a folder is in its place' },
      { path: 'src/acme_churn/mine.py', message: 'a link is in its place (src)' },
    ]);
  });
});

/** The texts that a new project's state holds, by path. */
function stateOf({ tree, answers, schema }: WantedProject): ReadonlyMap<string, string> {
  const { base } = planChanges(new Map(), tree, projectDisk(tempFolder()), NOTHING_BEFORE);
  const files = stateFiles({ base, answers, schema });
  return new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}

describe('the state beside a tree', () => {
  const wanted = projectFrom(smallCatalog());
  const state = stateOf(wanted);

  it('mirrors every file in the base, byte for byte', () => {
    for (const [path, text] of Object.entries(textsIn(wanted))) {
      expect(state.get(`.mlops/base/${path}.base`)).toBe(text);
    }
  });

  it('has one sorted line a path in the lock, with the name that git gives to the bytes', () => {
    const lines = (state.get('.mlops/base.lock') ?? '').trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[3])).toEqual([...wanted.tree.keys()]);
    const id = execFileSync('git', ['hash-object', '--stdin'], { input: textsIn(wanted)['run.sh'] });
    expect(lines).toContain(`${id.toString().trim()} 755 managed run.sh`);
  });

  it('gives answers that the generator reads back', () => {
    const text = state.get('.mlops/base/mlops.yaml.base') ?? '';
    const keys = ['name', 'package', 'archetype', 'colour', 'ci'];
    const questions = keys.map((key) => {
      return { kind: 'text', key, group: 'project', message: '', why: '', maxLength: 64 } as const;
    });
    const { answers, generator } = parseAnswersFile('mlops.yaml', text, questions, 'saved');
    expect(generator).toBe('0.0.0');
    expect(Object.fromEntries([...answers].map(([key, { raw }]) => [key, raw]))).toEqual({
      name: 'acme-churn',
      package: 'acme_churn',
      archetype: 'small-data',
      colour: 'blue',
      ci: 'github',
    });
  });

  it('is the same for the same answers', () => {
    expect(stateOf(projectFrom(smallCatalog()))).toEqual(state);
  });
});

describe('a blob id', () => {
  it('is what git says of no bytes', () => {
    expect(gitBlobId(new Uint8Array())).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  });
});
