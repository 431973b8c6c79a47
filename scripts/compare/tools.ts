import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../bench/measure.ts';
import type { PeerPrograms } from '../bench/peers.ts';
import type { Case, Files } from './cases.ts';
import { removeFiles, writeFiles } from './files.ts';

/** A tool that writes a project from a template and later brings a new version of the template into it. */
export interface Tool {
  readonly name: string;
  /** Writes the project into `project`, with templates and whatever else in `scratch`. */
  readonly create: (one: Case, project: string, scratch: string) => void;
  /** Makes the new version of the template known. */
  readonly publish: (one: Case, project: string, scratch: string) => void;
  /** Brings it into the project. */
  readonly update: (project: string, scratch: string) => Command;
}

const QUIET = ['--yes', '--no-install', '--no-detect'];

/** What every tool gets: no configuration of the person who runs this and no names of theirs. */
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

/** `main` is our bin, packed or as a source. */
export function toolsToCompare(main: string, programs: PeerPrograms): readonly Tool[] {
  return [ours(main), copier(programs.copier), cruft(programs.cruft), GIT];
}

function ours(main: string): Tool {
  return {
    name: 'generator-mlops',
    create: ({ before }, project, scratch) => {
      writeKit(join(scratch, '1'), '1.0.0', before);
      must(scratch, process.execPath, main, 'new', project, `--kit=${join(scratch, '1')}`, ...QUIET);
    },
    publish: ({ after, renames }, _project, scratch) => writeKit(join(scratch, '2'), '2.0.0', after, renames),
    update: (project, scratch) =>
      command(project, process.execPath, main, 'regenerate', `--kit=${join(scratch, '2')}`, '--yes'),
  };
}

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
    publish: ({ before, after }, _project, scratch) => {
      replaceFiles(template(scratch), below('project', before), below('project', after));
      commitAll(template(scratch), 'v2.0.0');
    },
    update: (project) => command(project, program, 'update', '--defaults'),
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
    publish: ({ before, after }, _project, scratch) => {
      replaceFiles(template(scratch), below(root, before), below(root, after));
      commitAll(template(scratch), 'v2.0.0');
    },
    update: (project) => command(project, program, 'update', '--skip-apply-ask'),
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
  publish: ({ before, after }, project) => {
    const here = must(project, 'git', 'branch', '--show-current').trim();
    must(project, 'git', 'switch', '--quiet', 'template');
    replaceFiles(project, before, after);
    commitAll(project);
    must(project, 'git', 'switch', '--quiet', here);
  },
  update: (project) =>
    command(project, 'git', '-c', 'merge.conflictStyle=diff3', 'merge', '--no-edit', 'template'),
};

/** git waits for what it stores only if told to, and for the files of the work tree never. */
const MERGE_SYNCED =
  'git -c core.fsync=all -c core.fsyncMethod=fsync -c merge.conflictStyle=diff3 merge --no-edit template';
const WITH_FILES = `${MERGE_SYNCED} && git diff --name-only -z ORIG_HEAD HEAD | xargs -0 sync`;

/** A merge as `git merge` does it, and as it is when it waits for the disk as we do. */
export const SYNCED_MERGES: readonly Tool[] = [
  { ...GIT, name: 'git merge, core.fsync=all', update: (project) => shell(project, MERGE_SYNCED) },
  { ...GIT, name: 'git merge, all it wrote fsynced', update: (project) => shell(project, WITH_FILES) },
];

/** All that a person does who keeps the template on a branch: bring the new version there, commit it, merge it. */
export const BRANCH_UPDATE: Tool = {
  ...GIT,
  name: 'git: the new version onto its branch, then merge',
  publish: ({ after }, project, scratch) => {
    const here = must(project, 'git', 'branch', '--show-current').trim();
    writeFiles(join(scratch, '2'), after);
    writeFiles(scratch, {
      'update.sh': [
        'git switch --quiet template && git rm -r --quiet . && cp -r "$1/." .',
        'git add --all --force && git commit --quiet --message "New version"',
        `git switch --quiet ${here} && git -c merge.conflictStyle=diff3 merge --no-edit template`,
      ].join(' && '),
    });
  },
  update: (project, scratch) =>
    command(project, 'bash', '-e', join(scratch, 'update.sh'), join(scratch, '2')),
};

/** A project in `own` that a tool created and its user edited, all committed; the new template waits to be brought in. */
export function editedProject(tool: Tool, one: Case, own: string): string {
  const project = join(own, 'work', 'project');
  mkdirSync(join(own, 'work'), { recursive: true });
  tool.create(one, project, own);
  commitAll(project);
  writeFiles(project, one.yours);
  commitAll(project);
  tool.publish(one, project, own);
  return project;
}

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
function commitAll(folder: string, tag?: string): void {
  must(folder, 'git', 'init', '--quiet');
  must(folder, 'git', 'add', '--all', '--force');
  must(folder, 'git', 'commit', '--quiet', '--allow-empty', '--message', 'Commit');
  if (tag !== undefined) must(folder, 'git', 'tag', tag);
}

function must(cwd: string, program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { cwd, env: ENV, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function shell(cwd: string, script: string): Command {
  return command(cwd, 'bash', '-c', `set -o pipefail; ${script}`);
}

function command(cwd: string, program: string, ...args: readonly string[]): Command {
  return { program, args, cwd, env: ENV };
}
