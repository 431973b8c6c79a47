import type { Kit } from './kit/kit.ts';
import type { KitRecord } from './kit/record.ts';
import type { AnswerEdit } from './merge/answers-edit.ts';
import { movedEdits, planWish, type Regeneration, type RegenerationOptions } from './regeneration.ts';
import type { RelPath } from './rel-path.ts';
import type { SavedProject } from './saved-project.ts';
import { type KitSpec, kitRecordOf, wantedKitProject } from './wanted-kit.ts';

/** The kit that was last applied, as it was recorded, and itself where it can still be read. */
export interface KitBefore {
  readonly record: KitRecord;
  readonly kit: () => Kit | undefined;
}

/** Holds a project on disk against what its kit asks for now. */
export function planKitRegeneration(
  root: string,
  saved: SavedProject,
  { record: before, kit }: KitBefore,
  spec: KitSpec,
  options: RegenerationOptions,
): Regeneration {
  const wanted = wantedKitProject(spec);
  const cause = causeOf(before, spec);
  const wish = {
    wanted,
    steps: [{ cause, tree: wanted.tree }],
    edits: (moved: ReadonlyMap<RelPath, RelPath>) => [...kitEdits(saved, spec), ...movedEdits(saved, moved)],
    recorded: () => {
      const last = kit();
      return [wanted.tree, ...(last === undefined ? [] : [wantedKitProject({ ...spec, kit: last }).tree])];
    },
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
