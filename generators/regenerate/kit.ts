import { kitFolder, refuseAnswers } from '../app/kit-source.ts';
import { everyQuestion } from '../app/known.ts';
import type { CommandInput } from '../cli/command.ts';
import { givenAnswers } from '../cli/given-answers.ts';
import { EXIT, type ExitCode, MlopsError, usageError } from '../core/errors.ts';
import { folderFrom } from '../core/io/kit-folder.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { type Kit, readKit } from '../core/kit/kit.ts';
import type { KitRecord } from '../core/kit/record.ts';
import { compareVersions } from '../core/kit/version.ts';
import { planKitRegeneration } from '../core/kit-regeneration.ts';
import type { RegenerationOptions } from '../core/regeneration.ts';
import type { SavedProject } from '../core/saved-project.ts';
import { carriedOut } from './carried-out.ts';
import { plannedWithMoves } from './moves.ts';

/** Brings a project to what its kit says now: the recorded one, or the version of it that `--kit` names. */
export async function regeneratedKit(
  input: CommandInput,
  root: string,
  saved: SavedProject,
  options: RegenerationOptions,
): Promise<ExitCode> {
  const record = onlyRecord(saved);
  refuseAnswers(record.name, givenAnswers(input.args, everyQuestion(), input.cwd));
  refuseDetection(input, record.name);
  const { kit, source } = kitNow(input, root, record);
  const before = saved.appliedKits.find(({ name }) => name === record.name) ?? record;
  refuseOlder(input, before, kit);
  const spec = { generator: packageVersion(), project: saved.project, kit, source };
  const last = { record: before, kit: () => kitBefore(before, root) };
  const plan = await plannedWithMoves(input, root, (moves) =>
    planKitRegeneration(root, saved, last, spec, { ...options, moves }),
  );
  return carriedOut(input, root, { ...plan, archetype: null, from: null, title: 'Regenerate' });
}

function refuseDetection({ args }: CommandInput, kit: string): void {
  if (!args.switches.has('detect') && !args.texts.has('detect')) return;
  throw usageError(`The kit ${kit} stands alone (extends: none): it has no facts.`, 'Leave out --detect.');
}

function onlyRecord({ kits, known }: SavedProject): KitRecord {
  const [record, ...others] = kits;
  if (record !== undefined && known.has('archetype')) {
    throw usageError(
      `mlops.yaml names an archetype and the kit ${record.name}, which stands alone (extends: none).`,
      'Leave one of the two in mlops.yaml.',
    );
  }
  if (record !== undefined && others.length === 0) return record;
  throw usageError(
    record === undefined
      ? 'mlops.yaml records no kit, and this version adds none to a project.'
      : `mlops.yaml records ${kits.length} kits, and this version takes one.`,
    record === undefined
      ? 'Leave out --kit, or write a new project with mlops new DIR --kit=FOLDER.'
      : 'Leave one of them under kits: in mlops.yaml.',
  );
}

interface KitNow {
  readonly kit: Kit;
  readonly source: string;
}

function kitNow({ args, cwd }: CommandInput, root: string, record: KitRecord): KitNow {
  const typed = args.texts.get('kit');
  if (typed === undefined) {
    const kit = readKit(kitFolder(record.source, root), record.source, packageVersion());
    refuseOther(record, kit);
    refuseChanged(record, kit);
    return { kit, source: record.source };
  }
  const folder = kitFolder(typed, cwd);
  const kit = readKit(folder, typed, packageVersion());
  refuseOther(record, kit);
  return { kit, source: folderFrom(root, folder) };
}

/** The kit as it was recorded, where it is still so. */
function kitBefore({ source, hash }: KitRecord, root: string): Kit | undefined {
  try {
    const kit = readKit(kitFolder(source, root), source, packageVersion());
    return kit.hash === hash ? kit : undefined;
  } catch (error) {
    if (error instanceof MlopsError) return undefined;
    throw error;
  }
}

function refuseOther(record: KitRecord, { name, shown }: Kit): void {
  if (name === record.name) return;
  throw usageError(
    `The kit in ${shown} is ${name}, and mlops.yaml records ${record.name}.`,
    `Name a folder that holds ${record.name}.`,
  );
}

/** What was recorded is what is written; taking something else is a decision. */
function refuseChanged(record: KitRecord, { name, version, hash, shown }: Kit): void {
  if (hash === record.hash) return;
  const what =
    version === record.version
      ? `changed without a new version (${version})`
      : `is ${version}, and mlops.yaml records ${record.version}`;
  throw new MlopsError({
    code: 'MLOPS_E_KIT_CHANGED',
    exit: EXIT.refused,
    message: `The kit ${name} in ${shown} ${what}.`,
    hint: 'Run the command with --kit=FOLDER to take it as it is there, or bring the old one back.',
  });
}

function refuseOlder({ args }: CommandInput, before: KitRecord, kit: Kit): void {
  if (args.switches.has('allow-downgrade') || compareVersions(kit.version, before.version) >= 0) return;
  throw new MlopsError({
    code: 'MLOPS_E_DOWNGRADE',
    exit: EXIT.refused,
    message: `The kit ${kit.name} was ${before.version} and is ${kit.version} in ${kit.shown}.`,
    hint: 'Name a newer one, or add --allow-downgrade.',
  });
}
