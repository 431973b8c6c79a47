import type { GitAuthors } from '../io/git-authors.ts';
import type { SourceTree } from '../io/source-tree.ts';
import { ciSigns } from './ci.ts';
import { CLOUD_MARKS } from './cloud-marks.ts';
import { dataFound } from './data-volume.ts';
import { dependencySigns } from './dependencies.ts';
import { type Found, foundIn } from './found.ts';
import { HINT_MARKS } from './hint-marks.ts';
import { imageSigns } from './images.ts';
import { importSigns } from './imports.ts';
import { jvmSigns } from './jvm.ts';
import { markSigns } from './marks.ts';
import { filesOf, NO_PARTS, type OwnTexts, partsOf } from './own-texts.ts';
import { peopleSigns } from './people.ts';
import { PIPELINE_MARKS } from './pipeline-marks.ts';
import type { Sign } from './sign.ts';

/** Everything that a folder says about the organisation that works in it. */
export interface Detection {
  readonly facts: readonly Found[];
  /** What a person should know besides: what was not reached, data elsewhere, what fits a laptop. */
  readonly notes: readonly string[];
}

/**
 * Reads facts from a folder's files and its history; what nothing was seen of stays unknown, and is never "none". In a
 * project of this generator, `ours` holds what it wrote, by path: that says nothing about an organisation.
 */
export function detectFacts(
  tree: SourceTree,
  authors: GitAuthors,
  memoryBytes: number,
  ours?: OwnTexts,
): Detection {
  const { untouched, edited } = ours === undefined ? NO_PARTS : partsOf(tree, ours);
  const own = filesOf(tree, (path) => !untouched.has(path) && !edited.has(path));
  const data = dataFound(
    filesOf(tree, (path) => !untouched.has(path)),
    memoryBytes,
  );
  const signs = [...(ours === undefined ? [] : addedSigns(tree, edited, ours)), ...signsIn(own)];
  const facts = foundIn([...data.signs, ...signs]);
  const isDataWork =
    ours !== undefined || facts.some(({ key, strength }) => DATA_WORK.has(key) && strength === 'strong');
  return {
    facts: [...foundIn(peopleSigns(authors, isDataWork)), ...facts],
    notes: [
      ...(isDataWork || tree.files.length === 0
        ? []
        : ['nothing here is surely machine learning or data work']),
      ...data.notes,
      ...peopleNotes(authors),
      ...tree.unread(),
    ],
  };
}

function signsIn(tree: SourceTree): readonly Sign[] {
  // The few files that say most come first, in case time runs out among the many.
  const declared = [...dependencySigns(tree), ...jvmSigns(tree), ...imageSigns(tree), ...ciSigns(tree)];
  const written = [...importSigns(tree), ...markSigns(tree, [...CLOUD_MARKS, ...PIPELINE_MARKS])];
  return [...declared, ...written, ...markSigns(tree, HINT_MARKS)];
}

/** What files that were edited say, and did not say as they were written. */
function addedSigns(tree: SourceTree, edited: ReadonlySet<string>, ours: OwnTexts): readonly Sign[] {
  const now = filesOf(tree, (path) => edited.has(path));
  const before = signsIn({ ...now, text: (path) => ours.get(path) });
  const known = new Set(before.map(idOf));
  return signsIn(now).filter((sign) => !known.has(idOf(sign)));
}

function idOf({ key, value, where }: Sign): string {
  return JSON.stringify([key, value, where.replace(/:\d+$/, '')]);
}

// Who works on a web shop is not the data team.
const DATA_WORK = new Set(['frameworks', 'big_data_tools', 'registry', 'orchestration']);

/** A folder without git is nothing to speak of; a history that cannot be read is. */
function peopleNotes(authors: GitAuthors): readonly string[] {
  if (authors.kind === 'commits' || authors.reason === 'it is no git repository') return [];
  return [`the size of the team is not known from git: ${authors.reason}`];
}
