import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentsOf, tempFolder } from '../support/folders.ts';
import { mlops, ROOT } from '../support/mlops.ts';

const MINUTES = 60_000;
const USER = 1000;
const IS_ROOT = process.getuid?.() === 0;
const FLAGS = ['--archetype=small-data', '--yes', '--name=acme-churn'];

const prefix = tempFolder();
let packed: string[] = [];

/** The package as a newcomer gets it: packed, and installed globally beside the real `yo`. */
beforeAll(() => {
  const env = { ...process.env, npm_config_prefix: prefix };
  const json = execFileSync('npm', ['pack', '--json', '--pack-destination', prefix], {
    cwd: ROOT,
    env,
    encoding: 'utf8',
  });
  const [{ filename, files }]: [{ filename: string; files: { path: string }[] }] = JSON.parse(
    json.slice(json.indexOf('[\n')),
  );
  packed = files.map(({ path }) => path).sort();
  execFileSync(
    'npm',
    ['install', '--global', '--no-audit', '--no-fund', 'yo@7.0.1', join(prefix, filename)],
    { env },
  );
  chmodSync(prefix, 0o755);
}, 10 * MINUTES);

interface As {
  readonly uid?: number;
}

function run(program: string, args: readonly string[], cwd: string, { uid }: As = {}) {
  const home = tempFolder();
  if (IS_ROOT && uid !== undefined) chownSync(home, uid, uid);
  const path = `${join(prefix, 'bin')}:${process.env.PATH}`;
  const env = { PATH: path, HOME: home, NO_COLOR: '1', NO_UPDATE_NOTIFIER: '1', npm_config_prefix: prefix };
  const lowered = IS_ROOT && uid !== undefined;
  const command = lowered ? 'setpriv' : program;
  const all = lowered ? [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', program, ...args] : args;
  return spawnSync(command, all, { cwd, env, encoding: 'utf8', input: '' });
}

function folderOf(uid: number): string {
  const folder = tempFolder();
  if (IS_ROOT) chownSync(folder, uid, uid);
  return folder;
}

describe('the packed package', { timeout: 5 * MINUTES }, () => {
  it('holds every template, the build and what a package shows, and nothing else', () => {
    const templates = readdirSync(join(ROOT, 'templates'), { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(ROOT, 'templates', name)).isFile())
      .map((name) => `templates/${name}`);
    expect(packed.filter((path) => path.startsWith('templates/'))).toEqual(templates.sort());
    const others = packed.filter((path) => !/^(templates|dist)\//.test(path));
    expect(others).toEqual(
      ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'].filter((path) => others.includes(path)),
    );
    expect(packed).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/generators/app/index.js',
        'dist/THIRD_PARTY_LICENSES.txt',
      ]),
    );
  });

  it('leaves no build behind in the checkout', () => {
    expect(readdirSync(ROOT)).not.toContain('dist');
  });

  it('is found by yo with exactly our names', () => {
    const { stdout } = run('yo', ['--generators'], folderOf(USER), { uid: USER });
    expect(stdout).toMatch(/^ {2}mlops\n {4}classify\n {4}doctor\n {4}regenerate$/m);
  });

  it('writes as an ordinary user, through yo and through mlops, what the sources write', () => {
    const folder = folderOf(USER);
    const yo = run('yo', ['mlops', 'yo', ...FLAGS], folder, { uid: USER });
    expect([yo.status, yo.stderr]).toEqual([0, '']);
    const bin = run('mlops', ['new', 'bin', ...FLAGS], folder, { uid: USER });
    expect([bin.status, bin.stderr]).toEqual([0, '']);
    const sources = tempFolder();
    mlops(sources, 'new', 'src', ...FLAGS);
    expect(contentsOf(join(folder, 'yo'))).toEqual(contentsOf(join(sources, 'src')));
    expect(contentsOf(join(folder, 'bin'))).toEqual(contentsOf(join(sources, 'src')));
  });

  it.runIf(IS_ROOT)('started by root, writes where the lowered user may, and else says what to do', () => {
    const mine = folderOf(USER);
    expect(run('yo', ['mlops', 'a', ...FLAGS], mine)).toMatchObject({ status: 0, stderr: '' });
    const roots = tempFolder();
    chmodSync(roots, 0o755);
    const { status, stderr } = run('yo', ['mlops', 'a', ...FLAGS], roots);
    expect(stderr).toMatch(/cannot be written by this user/);
    expect(stderr).toMatch(/mlops, which stays root/);
    expect(status).toBe(5);
    expect(run('mlops', ['new', 'a', ...FLAGS], roots)).toMatchObject({ status: 0 });
  });

  it('says on an older Node what it needs', () => {
    const folder = join(tempFolder(), 'old');
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--force',
      `node-${process.platform}-${process.arch}@20`,
    ]);
    const node = join(folder, 'node_modules/.bin/node');
    for (const args of [
      [join(prefix, 'bin/mlops'), 'new', 'a'],
      [join(prefix, 'bin/yo'), 'mlops', 'a'],
    ]) {
      const { status, stderr } = run(node, args, folderOf(USER));
      expect(stderr).toMatch(/needs Node 22\.18\+, 24\.11\+ or newer; this is Node 20\./);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(status).toBe(2);
    }
  });

  it('passes publint', () => {
    const installed = join(prefix, 'lib/node_modules/generator-mlops');
    const { status, stdout } = spawnSync(
      join(ROOT, 'node_modules/.bin/publint'),
      [installed, '--strict', '--pack', 'false'],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(/All good!/);
    expect(status).toBe(0);
  });
});
