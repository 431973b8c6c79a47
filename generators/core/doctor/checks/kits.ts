import { resolve } from 'node:path';
import { MlopsError } from '../../errors.ts';
import { folderProblem } from '../../io/source-tree.ts';
import { type Kit, readKit } from '../../kit/kit.ts';
import type { KitRecord } from '../../kit/record.ts';
import { compareVersions } from '../../kit/version.ts';
import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import { editCommand, shellWord } from '../words.ts';

/** Recorded kits that no run could read, or that are not what was recorded. */
export function changedKits(project: Examined): Finding[] {
  return project.answers.kind === 'saved'
    ? project.answers.saved.kits.flatMap((record) => kitFindings(record, project))
    : [];
}

function kitFindings(record: KitRecord, project: Examined): Finding[] {
  const { name, source } = record;
  const folder = resolve(project.root, source);
  const reason = folderProblem(folder);
  if (reason !== undefined) {
    const message = `The kit ${name} cannot be read in ${source}: ${reason}; write in mlops.yaml where it is, and then run regenerate.`;
    return [problem('KIT_MISSING', message, editCommand(['mlops.yaml']))];
  }
  try {
    return differences(record, readKit(folder, source, project.generator), project);
  } catch (error) {
    if (error instanceof MlopsError) return [refused(source, error)];
    throw error;
  }
}

function refused(source: string, { message, details }: MlopsError): Finding {
  const paths = details.flatMap(({ path }) => (path === undefined ? [] : [`${source}/${path}`]));
  return problem('KIT_REFUSED', message, editCommand([...new Set(paths)]));
}

function differences({ name, version, hash, source }: KitRecord, kit: Kit, { call }: Examined): Finding[] {
  if (kit.name !== name) {
    const message = `${source} holds the kit ${kit.name}, and mlops.yaml records ${name} there.`;
    return [problem('KIT_CHANGED', message, editCommand(['mlops.yaml']))];
  }
  if (kit.hash === hash) return [];
  const age = compareVersions(kit.version, version);
  const what =
    kit.version === version
      ? `changed without a new version (${version})`
      : `is ${kit.version}, and mlops.yaml records ${version}`;
  return [
    problem(
      'KIT_CHANGED',
      `The kit ${name} in ${source} ${what}; this takes it as it is there.`,
      `${call('regenerate')} --kit=${shellWord(source)}${age < 0 ? ' --allow-downgrade' : ''}`,
    ),
  ];
}
