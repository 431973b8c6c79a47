import type { Change } from '../core/merge/change.ts';
import type { ProjectNames } from '../core/plan/project.ts';

interface Place {
  /** The folder as typed after `cd`; `.` where the person is already there. */
  readonly shown: string;
  readonly insideGit: boolean;
}

interface StepsInput extends Place {
  readonly project: ProjectNames;
  readonly uvMissing: boolean;
}

/** What comes first whatever was written. */
export function firstSteps({ shown, insideGit }: Place): string[] {
  return [...(shown === '.' ? [] : [`cd ${quoted(shown)}`]), ...(insideGit ? [] : ['git init'])];
}

/** Commands that work when pasted, in the folder where the person stands. */
export function nextSteps({ project, shown, insideGit, uvMissing }: StepsInput): string[] {
  return [
    ...(shown === '.' ? [] : [`cd ${quoted(shown)}`]),
    ...(uvMissing ? ['python3 -m pip install uv'] : []),
    ...(insideGit ? [] : ['git init']),
    'uv lock && git add uv.lock',
    `uv run ${project.command} run`,
    'uv run pytest',
    `uv run ${project.command} use-data YOUR.csv --target COLUMN`,
  ];
}

/** How to settle what a run left to the user. */
export function settleStep({ path, side }: Change): string {
  return side === undefined
    ? `edit ${quoted(path)}, then git add ${quoted(path)}`
    : `compare ${quoted(path)} with ${quoted(side)}, then rm ${quoted(side)}`;
}

export function quoted(path: string): string {
  return /^[A-Za-z0-9._/~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
