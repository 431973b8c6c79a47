import type { KitRecord } from './kit/record.ts';
import type { AnswerEdit } from './merge/answers-edit.ts';
import { movedEdits, planWish, type Regeneration, type RegenerationOptions } from './regeneration.ts';
import type { RelPath } from './rel-path.ts';
import type { SavedProject } from './saved-project.ts';
import { type KitSpec, kitRecordOf, wantedKitProject } from './wanted-kit.ts';

/** Holds a project on disk against what its kit asks for now; `before` is the kit that was last applied. */
export function planKitRegeneration(
  root: string,
  saved: SavedProject,
  before: KitRecord,
  spec: KitSpec,
  options: RegenerationOptions,
): Regeneration {
  const wanted = wantedKitProject(spec);
  const cause = causeOf(before, spec);
  const wish = {
    wanted,
    steps: [{ cause, tree: wanted.tree }],
    edits: (moved: ReadonlyMap<RelPath, RelPath>) => [...kitEdits(saved, spec), ...movedEdits(saved, moved)],
  };
  const plan = planWish(root, saved, wish, options);
  const isUnversioned = before.hash !== spec.kit.hash && before.version === spec.kit.version;
  const note = `Kit ${spec.kit.name} changed without a new version: it is ${before.version} still.`;
  return isUnversioned ? { ...plan, notes: [...plan.notes, note] } : plan;
}

function causeOf({ version, hash }: KitRecord, { kit }: KitSpec): string {
  if (version !== kit.version) return `kit ${kit.name} ${version} → ${kit.version}`;
  return hash === kit.hash ? '' : `kit ${kit.name} ${version}, changed`;
}

function kitEdits(saved: SavedProject, spec: KitSpec): AnswerEdit[] {
  const kits = [kitRecordOf(spec)];
  const isRecorded = JSON.stringify(saved.kits) === JSON.stringify(kits);
  return [
    ...(saved.generator === spec.generator ? [] : [{ key: 'generator', value: spec.generator }]),
    ...(isRecorded ? [] : [{ key: 'kits', value: kits }]),
  ];
}
