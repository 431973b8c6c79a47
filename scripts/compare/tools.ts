import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { PeerPrograms } from '../bench/peers.ts';
import type { Case, Files } from './cases.ts';
import { removeFiles, writeFiles } from './files.ts';

/** How an update ended. */
export interface Ended {
  readonly code: number;
  readonly said: string;
}

/** A tool that writes a project from a template and later brings a new version of the template into it. */
export interface Tool {
  readonly name: string;
  /** Writes the project into `project`, with templates and whatever else in `scratch`. */
  readonly create: (one: Case, project: string, scratch: string) => void;
  readonly update: (one: Case, project: string, scratch: string) => Ended;
}

const MAIN = resolve(import.meta.dirname, '../../generators/cli/main.ts');
const QUIET = ['--yes', '--no-install', '--no-detect'];

/** What every tool gets: no configuration of the person who runs this, and a clock that stands still. */
const ENV: NodeJS.ProcessEnv = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
  NO_COLOR: '1',
  PYTHONPATH: undefined,
};

export function toolsToCompare(programs: PeerPrograms): readonly Tool[] {
  return [OURS, copier(programs.copier), cruft(programs.cruft), GIT];
}

const OURS: Tool = {
  name: 'generator-mlops',
  create: (one, project, scratch) => {
    writeKit(join(scratch, '1'), '1.0.0', one.before);
    must(scratch, process.execPath, MAIN, 'new', project, `--kit=${join(scratch, '1')}`, ...QUIET);
  },
  update: ({ after, renames }, project, scratch) => {
    writeKit(join(scratch, '2'), '2.0.0', after, renames);
    return run(project, process.execPath, MAIN, 'regenerate', `--kit=${join(scratch, '2')}`, '--yes');
  },
};

function copier(program: string): Tool {
  const template = (scratch: string) => join(scratch, 'template');
  return {
    name: 'copier',
    create: ({ before }, project, scratch) => {
      writeFiles(template(scratch), {
        'copier.yml': '_subdirectory: project\n',
        ...below('project', before),
      });
      writeFiles(template(scratch), {
        'project/{{_copier_conf.answers_file}}.jinja': '{{ _copier_answers|to_nice_yaml }}\n',
      });
      commitAll(template(scratch), 'v1.0.0');
      must(scratch, program, 'copy', '--quiet', '--defaults', template(scratch), project);
    },
    update: ({ before, after }, project, scratch) => {
      replaceFiles(template(scratch), below('project', before), below('project', after));
      commitAll(template(scratch), 'v2.0.0');
      return run(project, program, 'update', '--defaults');
    },
  };
}

function cruft(program: string): Tool {
  const template = (scratch: string) => join(scratch, 'template');
  const root = '{{cookiecutter.name}}';
  const context = (project: string) => ({
    name: project.split('/').at(-1),
    _copy_without_render: ['*'],
  });
  return {
    name: 'cruft',
    create: ({ before }, project, scratch) => {
      const json = JSON.stringify(context(project));
      writeFiles(template(scratch), { 'cookiecutter.json': json, ...below(root, before) });
      commitAll(template(scratch), 'v1.0.0');
      must(join(project, '..'), program, 'create', '--no-input', template(scratch));
    },
    update: ({ before, after }, project, scratch) => {
      replaceFiles(template(scratch), below(root, before), below(root, after));
      commitAll(template(scratch), 'v2.0.0');
      return run(project, program, 'update', '--skip-apply-ask');
    },
  };
}

/** The template on a branch of its own, merged: what people do by hand. */
const GIT: Tool = {
  name: 'git merge',
  create: ({ before }, project) => {
    writeFiles(project, before);
    commitAll(project);
    must(project, 'git', 'branch', 'template');
  },
  update: ({ before, after }, project) => {
    const here = must(project, 'git', 'branch', '--show-current').trim();
    must(project, 'git', 'switch', '--quiet', 'template');
    replaceFiles(project, before, after);
    commitAll(project);
    must(project, 'git', 'switch', '--quiet', here);
    return run(project, 'git', '-c', 'merge.conflictStyle=diff3', 'merge', '--no-edit', 'template');
  },
};

function writeKit(folder: string, version: string, files: Files, renames: Case['renames'] = {}): void {
  writeFiles(folder, {
    'kit.yaml': JSON.stringify({ name: 'acme', version, extends: 'none', renames }),
    ...below('files', files),
  });
}

function below(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));
}

function replaceFiles(root: string, before: Files, after: Files): void {
  removeFiles(root, Object.keys(before));
  writeFiles(root, after);
}

/** Commits everything, ignored files too: the tools look at what is committed. */
export function commitAll(folder: string, tag?: string): void {
  must(folder, 'git', 'init', '--quiet');
  must(folder, 'git', 'add', '--all', '--force');
  must(folder, 'git', 'commit', '--quiet', '--allow-empty', '--message', 'Commit');
  if (tag !== undefined) must(folder, 'git', 'tag', tag);
}

function must(cwd: string, program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { cwd, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function run(cwd: string, program: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env: ENV, encoding: 'utf8' });
  return { code: status ?? -1, said: `${stdout}${stderr}` };
}
