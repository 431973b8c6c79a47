import type { SlotKind } from '../catalog/capability.ts';
import type { RelPath } from '../rel-path.ts';
import type { Workflow } from './jobs.ts';

/** `managed` is merged, `seed` is written once and then the user's, `generated` is always rewritten. */
export type Policy = 'managed' | 'seed' | 'generated';

export type FileMode = 0o644 | 0o755;

/** As in git: the bytes of such an entry are the text that the link leads by. */
export const LINK = 0o120000;

export type EntryMode = FileMode | typeof LINK;

export function isLink(entry: { readonly mode: number } | undefined): boolean {
  return entry?.mode === LINK;
}

/** A piece that a capability contributes to a file owned by another. */
export interface Fragment {
  readonly layer: string;
  readonly file: string;
}

export interface PlannedSlot {
  readonly name: string;
  readonly kind: SlotKind;
  readonly fragments: readonly Fragment[];
}

type Source =
  | { readonly kind: 'copy'; readonly file: string }
  | { readonly kind: 'template'; readonly file: string; readonly slots: readonly PlannedSlot[] }
  | { readonly kind: 'kit-copy'; readonly bytes: Uint8Array }
  /** `file` is how errors name it: its path in the kit. */
  | { readonly kind: 'kit-template'; readonly file: string; readonly bytes: Uint8Array }
  | { readonly kind: 'kit-link'; readonly target: string }
  | { readonly kind: 'workflow'; readonly workflow: Workflow };

/** One file to write: where it comes from, whose it is, and why it is there. */
export interface PlannedFile {
  readonly path: RelPath;
  readonly layer: string;
  readonly why: string;
  readonly policy: Policy;
  readonly mode: EntryMode;
  readonly source: Source;
}
