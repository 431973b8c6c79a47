import { gitHolds } from '../../io/git.ts';
import type { OnDisk } from '../../io/on-disk.ts';
import { APPLIED_ANSWERS, BASE_LOCK } from '../../merge/state.ts';
import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import { listed, shellWords } from '../words.ts';

const MENDED = 'it is taken from git, or made again from the answers, or else the file counts as your own';

/** Whether the base is what its lock says; `regenerate` makes it again. */
export function baseFindings(project: Examined): Finding[] {
  const { lock, call } = project;
  if (lock === undefined) return [lockMissing(project)];
  const states = baseStates(project);
  const paths = (kind: string) => [...states].filter(([, state]) => state === kind).map(([path]) => path);
  const [missing, damaged, foreign] = [paths('missing'), paths('damaged'), paths('foreign')];
  const extra = extraPaths(project);
  const mend = call('regenerate');
  const finding = (code: string, found: readonly string[], message: string, command: string) =>
    found.length === 0 ? [] : [problem(code, message, command)];
  return [
    ...finding(
      'BASE_LOCK_DAMAGED',
      lock.unreadable.map(String),
      `.mlops/base.lock cannot be read at line ${listed(lock.unreadable.map(String))}.`,
      mend,
    ),
    ...finding('BASE_MISSING', missing, `The base of ${listed(missing)} is missing; ${MENDED}.`, mend),
    ...finding(
      'BASE_DAMAGED',
      damaged,
      `Something changed the base of ${listed(damaged)}, such as a search and replace; ${MENDED}.`,
      mend,
    ),
    ...finding(
      'BASE_FOREIGN',
      foreign,
      `What is in the place of the base of ${listed(foreign)} is no file.`,
      `rm -r ${shellWords(foreign.map(placeOf))} && ${mend}`,
    ),
    ...finding(
      'BASE_EXTRA',
      extra,
      `.mlops/base holds what is the base of nothing: ${listed(extra)}.`,
      `rm -r ${shellWords(extra)}`,
    ),
  ];
}

function lockMissing({ root, call }: Examined): Finding {
  return problem(
    'BASE_LOCK_MISSING',
    '.mlops/base.lock is missing, so nobody knows what was last written, and files that you edited count as your own.',
    gitHolds(root, BASE_LOCK) ? `git checkout -- ${BASE_LOCK}` : call('regenerate'),
  );
}

type BaseState = Examined['managed'][number]['base']['kind'];

/** By path as the templates know it, the answers among them. */
function baseStates({ managed, disk, answers }: Examined): ReadonlyMap<string, BaseState> {
  const { applied: spec, kits, appliedKits } = answers.kind === 'saved' ? answers.saved : NOTHING_SAVED;
  // A kit that stands alone has no answers but itself.
  const isUsable =
    answers.kind !== 'saved' || spec !== undefined || (kits.length > 0 && appliedKits.length > 0);
  const applied = answersState(disk.look(APPLIED_ANSWERS), isUsable);
  return new Map([
    ...managed.map(({ path, base }): [string, BaseState] => [path, base.kind]),
    ['mlops.yaml', applied],
  ]);
}

const NOTHING_SAVED = { applied: undefined, kits: [], appliedKits: [] };

function answersState({ kind }: OnDisk, isUsable: boolean): BaseState {
  if (kind === 'absent') return 'missing';
  if (kind === 'other') return 'foreign';
  return isUsable ? 'intact' : 'damaged';
}

function placeOf(path: string): string {
  return `.mlops/base/${path}.base`;
}

function extraPaths({ managed, disk }: Examined): string[] {
  const known = new Set(managed.map(({ path }) => placeOf(path)));
  return disk.leavesBelow('.mlops/base').filter((path) => path !== APPLIED_ANSWERS && !known.has(path));
}
