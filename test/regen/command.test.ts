import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { contentsOf, tempFolder } from '../support/folders.ts';
import { MAIN, mlops } from '../support/mlops.ts';
import { givenToUser, mlopsUnprivileged } from '../support/unprivileged.ts';

const FACTS = ['--team-size=3', '--data-volume-gb=5', '--company-size=12'];
let made = '';

beforeAll(() => {
  const folder = tempFolder();
  const ran = mlops(folder, 'new', 'churn', '--archetype=small-data', '--yes', '--no-install', ...FACTS);
  expect(ran.code).toBe(0);
  made = join(folder, 'churn');
});

/** A fresh copy of a small-data project. */
function project(): string {
  const folder = join(tempFolder(), 'churn');
  cpSync(made, folder, { recursive: true });
  return folder;
}

function text(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

function edit(folder: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(folder, path), change(text(folder, path)));
}

/** All files but what the transaction keeps for undo. */
function treeIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contentsOf(folder)).filter(([path]) => !/^\.mlops\/undo|^\.git\//.test(path)),
  );
}

function regenerate(folder: string, ...args: string[]) {
  const ran = mlops(folder, 'regenerate', ...args);
  expect(ran.stderr).not.toMatch(/\n\s+at /);
  return ran;
}

describe('mlops regenerate', () => {
  it('leaves the model module to its owner, says so, and takes the template on request', () => {
    const folder = project();
    const plan = regenerate(folder, '--model-framework=scikit-learn', '--plan').stdout;
    expect(plan).toMatch(
      /Left as you have them: 1\n.*src\/churn\/model\.py {2}yours since it was written; --restore/,
    );
    const { code } = regenerate(
      folder,
      '--model-framework=scikit-learn',
      '--restore=src/churn/model.py',
      '--yes',
    );
    expect(code).toBe(0);
    expect(text(folder, 'src/churn/model.py')).toContain('FORMAT = "onnx"');
    expect(regenerate(folder).stdout).toMatch(/Nothing to do/);
  });

  it('has nothing to do right after new, whatever the facts were given by', () => {
    const folder = project();
    const before = contentsOf(folder);
    expect(regenerate(folder)).toMatchObject({ code: 0, stdout: expect.stringMatching(/Nothing to do/) });
    expect(regenerate(folder, '--check').code).toBe(0);
    expect(JSON.parse(regenerate(folder, '--json').stdout)).toEqual({
      schema: 1,
      archetype: 'small-data',
      from: 'small-data',
      status: 'up-to-date',
      files: [],
      backup: null,
      install: 'skipped',
      nextSteps: [],
      notes: [],
    });
    expect(contentsOf(folder)).toEqual(before);
  });

  it('applies an answer given as a flag, groups by cause, and says how to go back', () => {
    const folder = project();
    const { code, stdout } = regenerate(folder, '--ci=none');
    expect(code).toBe(0);
    expect(stdout).toMatch(/answer ci github → none: \+0 −4 ~1\n {2}− \.github\/dependabot\.yml/);
    expect(stdout).toMatch(/--undo takes it back \(\.mlops\/undo\/1\)/);
    expect(existsSync(join(folder, '.github'))).toBe(false);
    expect(parse(text(folder, 'mlops.yaml')).choices.ci).toBe('none');
  });

  it('applies an answer that was edited by hand, and changes nothing else in mlops.yaml', () => {
    const folder = project();
    edit(folder, 'mlops.yaml', (yaml) => `# ours\n${yaml.replace('ci: github', 'ci:   none   # for now')}`);
    const before = text(folder, 'mlops.yaml');
    expect(regenerate(folder).code).toBe(0);
    expect(text(folder, 'mlops.yaml')).toBe(before);
    expect(existsSync(join(folder, '.github'))).toBe(false);
  });

  it("keeps the user's comments, order and quotes when a flag changes an answer", () => {
    const folder = project();
    edit(folder, 'mlops.yaml', (yaml) => yaml.replace('ci: github', "ci: 'github'   # ours, since 2024"));
    const before = text(folder, 'mlops.yaml');
    expect(regenerate(folder, '--ci=none', '--ml-engineers=1').code).toBe(0);
    const changed = before
      .replace("ci: 'github'", 'ci: none')
      .replace(/ {2}# ml_engineers:.*\n/, '  ml_engineers: 1\n');
    expect(text(folder, 'mlops.yaml')).toBe(changed);
  });

  it('keeps a byte order mark of mlops.yaml, and takes it for no change', () => {
    const folder = project();
    edit(folder, 'mlops.yaml', (yaml) => `\ufeff${yaml}`);
    expect(regenerate(folder, '--check').code).toBe(0);
    expect(regenerate(folder, '--ci=none', '--yes').code).toBe(0);
    expect(text(folder, 'mlops.yaml')).toMatch(/^\ufeff# yaml-language-server[\s\S]*ci: none/);
    expect(regenerate(folder, '--check').code).toBe(0);
  });

  it('goes on where a version before asked what this one does not, and drops nothing', () => {
    const folder = project();
    for (const path of ['mlops.yaml', '.mlops/base/mlops.yaml.base'])
      edit(folder, path, (yaml) => yaml.replace('choices:\n', 'choices:\n  colour: red # ours\n'));
    const note = 'This version has no question colour: its line in mlops.yaml stays, and has no effect.';
    const ran = regenerate(folder, '--ci=none', '--yes', '--json');
    expect({ code: ran.code, ...JSON.parse(ran.stdout) }).toMatchObject({ code: 0, notes: [note] });
    expect(text(folder, 'mlops.yaml')).toMatch(/colour: red # ours[\s\S]*ci: none/);
    expect(regenerate(folder, '--check')).toMatchObject({ code: 0, stdout: expect.stringContaining(note) });
    edit(folder, 'mlops.yaml', (yaml) => yaml.replace('colour: red', 'color: red'));
    expect(regenerate(folder)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/unknown key "color"/),
    });
  });

  it('takes answers from a file, and works from a folder inside the project', () => {
    const folder = project();
    writeFileSync(join(folder, 'docs/a.yaml'), 'choices: {license: mit}\n');
    expect(mlops(join(folder, 'docs'), 'regenerate', '--answers=a.yaml').code).toBe(0);
    expect(text(folder, 'LICENSE')).toMatch(/MIT/);
  });

  it('plans what it then does, the same twice, and writes nothing meanwhile', () => {
    const folder = project();
    const before = contentsOf(folder);
    const plans = [1, 2].map(() => regenerate(folder, '--python=3.12', '--plan', '--json'));
    expect(plans[0]?.stdout).toBe(plans[1]?.stdout);
    expect([plans[0]?.code, contentsOf(folder)]).toEqual([0, before]);
    const planned = JSON.parse(plans[0]?.stdout ?? '');
    const written = JSON.parse(regenerate(folder, '--python=3.12', '--json').stdout);
    expect([planned.status, written.status]).toEqual(['planned', 'written']);
    expect(written.files).toEqual(planned.files);
    expect(written.nextSteps).toEqual(['uv lock']);
  });

  it('says with --check whether there is something to do (63)', () => {
    const folder = project();
    edit(folder, 'mlops.yaml', (yaml) => yaml.replace('ci: github', 'ci: none'));
    const before = contentsOf(folder);
    expect(regenerate(folder, '--check').code).toBe(9);
    expect(contentsOf(folder)).toEqual(before);
    regenerate(folder);
    edit(folder, 'mlops.yaml', (yaml) => yaml.replace(/^generator: .*/m, 'generator: 0.0.1'));
    expect(regenerate(folder, '--check').code).toBe(0);
    expect(regenerate(folder).code).toBe(0);
    expect(text(folder, 'mlops.yaml')).toMatch(/^generator: "?0\.1\.0/m);
  });

  it('prints with --plan --diff a patch that git applies', () => {
    const folder = project();
    edit(folder, 'README.md', (readme) => `${readme}\nMine.\n`);
    const patch = regenerate(
      folder,
      '--ci=none',
      '--license=mit',
      '--python=3.12',
      '--plan',
      '--diff',
    ).stdout;
    execFileSync('git', ['apply', '-'], { cwd: folder, input: patch });
    const applied = Object.entries(treeIn(folder)).filter(([path]) => !/^(\.mlops|mlops\.yaml)/.test(path));
    const other = project();
    edit(other, 'README.md', (readme) => `${readme}\nMine.\n`);
    regenerate(other, '--ci=none', '--license=mit', '--python=3.12');
    const written = Object.entries(treeIn(other)).filter(([path]) => !/^(\.mlops|mlops\.yaml)/.test(path));
    expect(applied).toEqual(written);
  });

  it('ends with 4 and markers, refuses the next run with 5, and takes it back with --undo', () => {
    const folder = project();
    edit(folder, 'pyproject.toml', (toml) =>
      toml.replace(/^requires-python.*$/m, 'requires-python = ">=3.11,<3.14"'),
    );
    const before = treeIn(folder);
    const ran = regenerate(folder, '--python=3.12', '--json');
    expect(ran.code).toBe(4);
    const result = JSON.parse(ran.stdout);
    expect(result).toMatchObject({ status: 'conflicts', backup: '.mlops/undo/1' });
    expect(result.files.filter((file: { op: string }) => file.op === 'conflict')).toEqual([
      {
        path: 'pyproject.toml',
        op: 'conflict',
        layer: 'project',
        why: 'answer python 3.11 → 3.12; you changed the same lines',
      },
    ]);
    expect(text(folder, 'Dockerfile')).toMatch(/python:3\.12/);
    for (const args of [[], ['--check'], ['--plan'], ['--ci=none']]) {
      expect(regenerate(folder, ...args)).toMatchObject({
        code: 5,
        stderr: expect.stringMatching(/pyproject\.toml/),
      });
    }
    expect(regenerate(folder, '--undo').code).toBe(0);
    expect(treeIn(folder)).toEqual(before);
  });

  it('undoes without git on the PATH, and names the runs that there are (51)', () => {
    const folder = project();
    const before = treeIn(folder);
    const env = { ...process.env, PATH: '/nonexistent' };
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [MAIN, 'regenerate', ...args], {
        cwd: folder,
        env,
        encoding: 'utf8',
        input: '',
      });
    expect(run('--undo')).toMatchObject({
      status: 5,
      stderr: expect.stringMatching(/no run that could be undone/),
    });
    expect(run('--ci=none').status).toBe(0);
    expect(run('--license=mit').status).toBe(0);
    expect(run('--undo=7')).toMatchObject({ status: 2, stderr: expect.stringMatching(/one of 1, 2/) });
    expect(run('--undo=1').status).toBe(0);
    expect(treeIn(folder)).toEqual(before);
  });

  it('restores a file, named from where the person stands', () => {
    const folder = project();
    execFileSync('rm', [join(folder, 'docs/operate.md')]);
    expect(mlops(join(folder, 'docs'), 'regenerate', '--restore=operate.md').code).toBe(0);
    expect(treeIn(folder)).toEqual(treeIn(made));
  });

  it('proposes a move of a file that the template changed, and with --yes follows one that is no guess (34)', () => {
    const folder = project();
    mkdirSync(join(folder, 'handbook'));
    execFileSync('mv', [join(folder, 'Dockerfile'), join(folder, 'handbook/Dockerfile')]);
    const before = contentsOf(folder);
    const planned = JSON.parse(regenerate(folder, '--python=3.12', '--plan', '--json').stdout);
    expect(planned.notes).toEqual([
      'handbook/Dockerfile may be Dockerfile, moved. If so, write moved: {Dockerfile: handbook/Dockerfile} in mlops.yaml.',
    ]);
    expect(contentsOf(folder)).toEqual(before);
    expect(regenerate(folder, '--python=3.12', '--yes').code).toBe(0);
    expect(text(folder, 'handbook/Dockerfile')).toMatch(/python:3\.12/);
    expect(parse(text(folder, 'mlops.yaml')).moved).toEqual({ Dockerfile: 'handbook/Dockerfile' });
    expect(regenerate(folder, '--check').code).toBe(0);
  });

  it('keeps an edited project whole through every choice, there and back (3)', () => {
    const folder = project();
    edit(folder, 'README.md', (readme) => `${readme}\nU_mine\n`);
    edit(folder, 'src/churn/features.py', (code) => `${code}\n# U_mine\n`);
    const before = treeIn(folder);
    for (const [there, back] of [
      ['--ci=none', '--ci=github'],
      ['--serving=batch', '--serving=both'],
      ['--license=mit', '--license=proprietary'],
      ['--python=3.13', '--python=3.11'],
    ] as const) {
      expect(regenerate(folder, there).code).toBe(0);
      expect(text(folder, 'README.md')).toMatch(/U_mine/);
      expect(regenerate(folder, back).code).toBe(0);
      expect(treeIn(folder)).toEqual(before);
    }
  });
});

describe('a project that mlops regenerate must not touch', () => {
  it.each([
    [
      'is none',
      (folder: string) => execFileSync('rm', ['-r', join(folder, 'mlops.yaml')]),
      [],
      2,
      /no generated project/,
    ],
    [
      'was written by a newer generator (40)',
      (folder: string) =>
        edit(folder, 'mlops.yaml', (yaml) => yaml.replace(/^generator: .*/m, 'generator: 99.0.0')),
      [],
      5,
      /Generator 99\.0\.0 wrote/,
    ],
    [
      'has a newer schema (40)',
      (folder: string) =>
        edit(folder, 'mlops.yaml', (yaml) =>
          yaml.replace('schema: 1', 'schema: 2').replace(/^generator: .*/m, 'generator: 3.1.0'),
        ),
      [],
      5,
      /Install generator-mlops 3\.1\.0/,
    ],
    [
      'was renamed',
      (folder: string) => edit(folder, 'mlops.yaml', (yaml) => yaml.replace('name: churn', 'name: other')),
      [],
      2,
      /fixed after its creation/,
    ],
    [
      'has answers that are none',
      (folder: string) => edit(folder, 'mlops.yaml', (yaml) => yaml.replace('ci: github', 'ci: gitlap')),
      [],
      2,
      /mlops\.yaml:\d+:\d+/,
    ],
    [
      'has unknown keys',
      (folder: string) => edit(folder, 'mlops.yaml', (yaml) => `${yaml}hello: 1\n`),
      [],
      2,
      /unknown key "hello"/,
    ],
    [
      'has paths that lead outside',
      (folder: string) =>
        edit(folder, 'mlops.yaml', (yaml) => yaml.replace('moved: {}', 'moved: {README.md: ../../x}')),
      [],
      2,
      /moved: cannot take/,
    ],
    [
      'has unmanaged paths that are none',
      (folder: string) => edit(folder, 'mlops.yaml', (yaml) => yaml.replace('unmanaged: []', 'unmanaged: 3')),
      [],
      2,
      /unmanaged: takes a list/,
    ],
    [
      'has git’s markers in mlops.yaml',
      (folder: string) =>
        edit(folder, 'mlops.yaml', (yaml) => `<<<<<<< ours\n${yaml}=======\n${yaml}>>>>>>> theirs\n`),
      [],
      5,
      /markers/,
    ],
    [
      'names no project',
      (folder: string) => edit(folder, 'mlops.yaml', () => 'schema: 1\ngenerator: 0.1.0\n'),
      [],
      2,
      /does not name its project/,
    ],
    [
      'names a path through an alias',
      (folder: string) =>
        edit(folder, 'mlops.yaml', (yaml) => yaml.replace('unmanaged: []', 'unmanaged: &a [x, *a]')),
      [],
      2,
      /unmanaged: takes paths/,
    ],
    [
      'is not YAML',
      (folder: string) => edit(folder, 'mlops.yaml', (yaml) => `${yaml}a: [\n`),
      [],
      2,
      /mlops\.yaml/,
    ],
    ['is asked for a kind that is not written', () => {}, ['--archetype=hybrid'], 2, /does not write it yet/],
    ['is asked for --force', () => {}, ['--force'], 2, /--conflict=theirs/],
    ['is given a wrong style', () => {}, ['--conflict=mine'], 2, /takes markers, side, yours, theirs/],
    ['is asked to go both ways', () => {}, ['--undo', '--ci=none'], 2, /at once/],
    ['is asked for an unknown path', () => {}, ['--restore=READNE.md'], 2, /Did you mean README\.md/],
    ['is asked for a path outside', () => {}, ['--restore=../x'], 2, /no file of this project/],
    ['is asked for a patch in JSON', () => {}, ['--diff', '--json'], 2, /patch/],
  ] as const)('%s', (_, prepare, args, code, sentence) => {
    const folder = project();
    prepare(folder);
    const before = contentsOf(folder);
    const ran = regenerate(folder, ...args);
    expect(`${ran.stderr}${ran.stdout}`).toMatch(sentence);
    expect([ran.code, contentsOf(folder)]).toEqual([code, before]);
  });

  it('is written by an older generator where that is allowed (40)', () => {
    const folder = project();
    edit(folder, 'mlops.yaml', (yaml) => yaml.replace(/^generator: .*/m, 'generator: 99.0.0'));
    expect(regenerate(folder, '--allow-downgrade').code).toBe(0);
    expect(text(folder, 'mlops.yaml')).toMatch(/^generator: "?0\.1\.0/m);
  });

  it.each(['.github/workflows', '.mlops', '.'])('is read-only in %s, and is left as it was (55)', (path) => {
    const folder = givenToUser(project());
    chmodSync(join(folder, path), 0o555);
    const before = contentsOf(folder);
    expect(mlopsUnprivileged(folder, 'regenerate', '--ci=none').code).toBe(7);
    expect(contentsOf(folder)).toEqual(before);
    chmodSync(join(folder, path), 0o755);
  });
});

describe('a verdict that changed', () => {
  it('is said with its reasons, and changes nothing by itself', () => {
    const folder = project();
    const { code, stdout } = regenerate(
      folder,
      '--team-size=400',
      '--company-size=90000',
      '--data-volume-gb=50000',
      '--data-engineers=60',
      '--regulation=hipaa',
    );
    expect(stdout).toMatch(
      /The verdict was Small Data Ops and is Large-scale MLOps\. The repository is Small Data Ops; --archetype=verdict changes it\./,
    );
    expect([code, parse(text(folder, 'mlops.yaml')).archetype]).toEqual([0, 'small-data']);
  });
});

describe('git states (50, 52)', () => {
  it.each([
    ['never committed', (folder: string) => execFileSync('git', ['init', '-q'], { cwd: folder })],
    [
      'with an odd index',
      (folder: string) => {
        execFileSync('git', ['init', '-q'], { cwd: folder });
        writeFileSync(join(folder, '.git/index'), 'nonsense');
      },
    ],
    ['with a .git that is none', (folder: string) => mkdirSync(join(folder, '.git'))],
  ])('a project %s is regenerated like any', (_, prepare) => {
    const folder = project();
    prepare(folder);
    edit(folder, 'pyproject.toml', (toml) =>
      toml.replace(/^requires-python.*$/m, 'requires-python = ">=3.11,<3.14"'),
    );
    expect(regenerate(folder, '--python=3.12').code).toBe(4);
    expect(text(folder, 'pyproject.toml')).toMatch(/<{7} yours/);
  });

  it('git add takes the base along, whatever the project ignores', () => {
    const folder = project();
    writeFileSync(join(folder, '.gitignore'), 'docs/\nconf/\n*.py\n*.base\n');
    execFileSync('git', ['init', '-q'], { cwd: folder });
    execFileSync('git', ['add', '-A'], { cwd: folder });
    const added = execFileSync('git', ['ls-files'], { cwd: folder, encoding: 'utf8' }).split('\n');
    expect(added).toEqual(
      expect.arrayContaining([
        '.mlops/base/docs/operate.md.base',
        '.mlops/base.lock',
        '.mlops/base/conf/data.yaml.base',
      ]),
    );
  });
});

describe('edits that are not committed', () => {
  const committed = (...init: string[]) => {
    const folder = project();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
    git('init', '-q', ...init);
    git('add', '-A');
    git('commit', '-qm', 'start');
    return { folder, git };
  };
  const notes = (folder: string, ...args: string[]): readonly string[] =>
    JSON.parse(regenerate(folder, '--ci=none', '--plan', '--json', ...args).stdout).notes;

  it('are named where the run changes their files, staged or not', () => {
    const { folder, git } = committed();
    expect(notes(folder)).toEqual([]);
    for (const path of ['docs/ARCHETYPE.md', 'src/churn/features.py'])
      edit(folder, path, (before) => `${before}\n# mine\n`);
    const note =
      'Not committed: your edits in docs/ARCHETYPE.md. The run keeps the old files in .mlops/undo.';
    expect(notes(folder)).toEqual([note]);
    git('add', '-A');
    expect(notes(folder)).toEqual([note]);
    expect(regenerate(folder, '--ci=none', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(note),
    });
  });

  it.each([
    ['filter=upper', 'ARCHETYPE'],
    ['ident', 'Id'],
    ['working-tree-encoding=ISO-8859-1', 'caf\u00e9'],
  ])(
    'are not guessed where git stores a file in other bytes (%s), and its filter is not run',
    (attribute, word) => {
      const folder = project();
      writeFileSync(join(folder, '.gitattributes'), `README.md filter=\ndocs/ARCHETYPE.md ${attribute}\n`);
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
      git('init', '-q');
      git('config', 'filter.upper.clean', 'touch filter-ran; tr a-z A-Z');
      git('config', 'filter.upper.smudge', 'tr A-Z a-z');
      edit(folder, 'docs/ARCHETYPE.md', (before) => `${before}\n$${word}: mine $\n`);
      git('add', '-A');
      git('commit', '-qm', 'start');
      rmSync(join(folder, 'filter-ran'), { force: true });
      expect(notes(folder)).toEqual([]);
      expect(existsSync(join(folder, 'filter-ran'))).toBe(false);
    },
  );

  it('are not told where git names its objects in another way', () => {
    expect(notes(committed('--object-format=sha256').folder)).toEqual([]);
  });

  it('are no edits where only the line ends are those of Windows, and none without git or a commit', () => {
    const { folder } = committed();
    edit(folder, 'docs/ARCHETYPE.md', (before) => before.replaceAll('\n', '\r\n'));
    expect(notes(folder)).toEqual([]);
    const other = project();
    edit(other, 'docs/ARCHETYPE.md', (before) => `${before}\n# mine\n`);
    expect(notes(other)).toEqual([]);
    execFileSync('git', ['init', '-q'], { cwd: other });
    expect(notes(other)).toEqual([]);
  });
});

describe('--undo of a run that told git of conflicts', () => {
  const inGit = (at: 'top' | 'below') => {
    const folder = project();
    const top = at === 'top' ? folder : join(folder, '..');
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
    execFileSync('git', ['init', '-q'], { cwd: top });
    git('add', '-A');
    git('commit', '-qm', 'start');
    edit(folder, 'pyproject.toml', (toml) =>
      toml.replace(/^requires-python.*$/m, 'requires-python = ">=3.9"'),
    );
    return { folder, git };
  };

  it.each([
    ['edited', 'top', () => []],
    ['staged', 'top', () => [['add', '-A']]],
    [
      'committed',
      'below',
      () => [
        ['add', '-A'],
        ['commit', '-qm', 'mine'],
      ],
    ],
    ['edited', 'below', () => []],
  ] as const)('leaves git as it was where the file was %s (project at the %s)', (_, at, commands) => {
    const { folder, git } = inGit(at);
    for (const command of commands()) git(...command);
    const before = [git('status', '--porcelain'), git('ls-files', '--stage')];
    expect(regenerate(folder, '--python=3.12', '--yes').code).toBe(4);
    expect(git('status', '--porcelain', 'pyproject.toml')).toMatch(/^UU/);
    const undone = regenerate(folder, '--undo', '--yes');
    expect(undone.code).toBe(0);
    expect(undone.stdout).not.toContain('git add');
    expect([git('status', '--porcelain'), git('ls-files', '--stage')]).toEqual(before);
  });

  it('does not touch what was settled since, or a conflict of another origin', () => {
    const { folder, git } = inGit('top');
    expect(regenerate(folder, '--python=3.12', '--yes').code).toBe(4);
    const ours = git('ls-files', '--unmerged');
    git('add', 'pyproject.toml');
    const added = git('ls-files', '--stage', 'pyproject.toml');
    const other = ours.replace(
      /^(\d+) [0-9a-f]{40} 3/m,
      `$1 ${git('hash-object', '-w', 'README.md').trim()} 3`,
    );
    regenerate(folder, '--undo', '--yes');
    expect(git('ls-files', '--stage', 'pyproject.toml')).toBe(added);
    regenerate(folder, '--undo', '--yes');
    execFileSync('git', ['update-index', '--index-info'], {
      cwd: folder,
      input: `0 ${'0'.repeat(40)}\tpyproject.toml\n${other}`,
    });
    regenerate(folder, '--undo=1', '--yes');
    expect(git('ls-files', '--unmerged')).toBe(other);
  });

  it('names what is to do where nobody knows any more what git had', () => {
    const { folder, git } = inGit('top');
    expect(regenerate(folder, '--python=3.12', '--yes').code).toBe(4);
    rmSync(join(folder, '.mlops/undo/1/git-index'));
    expect(regenerate(folder, '--undo', '--yes').stdout).toContain('git add pyproject.toml');
    expect(git('status', '--porcelain', 'pyproject.toml')).toMatch(/^UU/);
  });
});
