import { unusableAnswers } from './checks/answers.ts';
import { retiredAnswers, unappliedAnswers } from './checks/applied.ts';
import { baseFindings } from './checks/base.ts';
import { missingUvLock } from './checks/environment.ts';
import { changedKits } from './checks/kits.ts';
import { deletedFiles, detachedFiles } from './checks/left.ts';
import { conflictMarkers } from './checks/markers.ts';
import { unusedMoves, unusedUnmanaged } from './checks/places.ts';
import { runFindings } from './checks/run.ts';
import { sideFiles } from './checks/side-files.ts';
import { staleFiles } from './checks/stale.ts';
import { foreignPlaces } from './checks/state.ts';
import { missingGit, missingPython } from './checks/tools.ts';
import { writtenByOther } from './checks/version.ts';
import type { Examined } from './examined.ts';
import type { Finding } from './finding.ts';

type Check = (project: Examined) => readonly Finding[];

/** In the order in which one mends them; the machine comes last. */
const STATE: readonly Check[] = [foreignPlaces, runFindings];

const FILES: readonly Check[] = [
  unusableAnswers,
  writtenByOther,
  conflictMarkers,
  sideFiles,
  baseFindings,
  changedKits,
  unappliedAnswers,
  retiredAnswers,
  staleFiles,
  unusedMoves,
  unusedUnmanaged,
  deletedFiles,
  detachedFiles,
  missingUvLock,
];

const MACHINE: readonly Check[] = [missingPython, missingGit];

/** All that is wrong in a project, problems first. Reads only. */
export function findingsIn(project: Examined): readonly Finding[] {
  // While a run is half done, or its state lies elsewhere, what the files look like says nothing.
  const isWhole = project.run.kind === 'none' || project.run.kind === 'leftovers';
  const checks = [...STATE, ...(isWhole ? FILES : []), ...MACHINE];
  const findings = checks.flatMap((check) => check(project));
  return [...findings.filter(isProblem), ...findings.filter((finding) => !isProblem(finding))];
}

export function isProblem({ severity }: Finding): boolean {
  return severity === 'problem';
}
