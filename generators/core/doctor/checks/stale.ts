import { planRegeneration } from '../../answers-regeneration.ts';
import { MlopsError } from '../../errors.ts';
import type { Change } from '../../merge/change.ts';
import type { Regeneration } from '../../regeneration.ts';
import { parseRelPath } from '../../rel-path.ts';
import { readPins } from '../../render/pins.ts';
import { isOlder } from '../../version.ts';
import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import { counted, listed, shellWord } from '../words.ts';
import { newerPins } from './newer-pins.ts';

const OWN = ['.mlops/schema.json', '.mlops/.gitattributes', '.mlops/.gitignore'];

/** What this generator would write differently for the very answers that were last applied. */
export function staleFiles(project: Examined): Finding[] {
  const plan = planFromApplied(project);
  if (plan === undefined) return [];
  const changes = plan.changeset.changes.filter(({ writes }) => writes.length > 0);
  const pins = newerPins(changes, readPins());
  const others = changes.filter(({ path }) => !pins.paths.has(path));
  const own = plan.state.map(({ path }) => path).filter((path) => OWN.includes(path));
  return [
    ...blockedPlaces(project, plan),
    ...(pins.names.length === 0
      ? []
      : [
          problem(
            'PINS_STALE',
            `This generator writes newer versions: ${listed(pins.names)}, in ${listed([...pins.paths])}.`,
            project.call('regenerate'),
          ),
        ]),
    ...otherFiles(project, others, own),
  ];
}

/** Undefined where something else has to be mended first. */
function planFromApplied({
  root,
  catalog,
  generator,
  page,
  answers,
  managed,
}: Examined): Regeneration | undefined {
  const saved = answers.kind === 'saved' ? answers.saved : undefined;
  if (saved?.applied === undefined || isOlder(generator, saved.generator)) return undefined;
  if (managed.length === 0 || managed.some(({ base }) => base.kind !== 'intact')) return undefined;
  try {
    return planRegeneration(
      catalog,
      root,
      saved,
      { ...saved.applied, generator, page },
      { conflict: 'theirs' },
    );
  } catch (error) {
    if (error instanceof MlopsError) return undefined;
    throw error;
  }
}

function blockedPlaces({ disk }: Examined, { changeset }: Regeneration): Finding[] {
  const blocked = changeset.refused.flatMap(({ path = '' }) => {
    const parsed = parseRelPath(path);
    const found = parsed.kind === 'path' ? disk.look(parsed.path) : undefined;
    return found?.kind === 'other' ? [{ path, at: found.at }] : [];
  });
  if (blocked.length === 0) return [];
  const moves = [...new Set(blocked.map(({ at }) => at))].map(
    (place) => `mv ${shellWord(place)} ${shellWord(`${place}.old`)}`,
  );
  return [
    problem(
      'PLACE_BLOCKED',
      `Something that is no file is in the place of ${listed(blocked.map(({ path }) => path))}.`,
      moves.slice(0, 10).join(' && '),
    ),
  ];
}

function otherFiles({ call }: Examined, changes: readonly Change[], own: readonly string[]): Finding[] {
  const paths = [...changes.map(({ path }) => path), ...own];
  if (paths.length === 0) return [];
  const cause = changes.find((change) => change.cause !== '')?.cause;
  const why = cause === undefined ? '' : ` (${cause})`;
  return [
    problem(
      'FILES_STALE',
      `This generator writes ${counted(paths.length, 'file')} differently for the same answers${why}: ${listed(paths)}.`,
      call('regenerate'),
    ),
  ];
}
