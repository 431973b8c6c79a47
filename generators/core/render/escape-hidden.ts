const RANGES = [
  String.raw`\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF0-\uFFFB`, // joiners, directions, line breaks
  String.raw`\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFFA0`, // letters and marks without a shape
  String.raw`\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}`, // formats of scripts and music, tags
].join('');

/**
 * One character that a reader of the file would not see, or would see in another order; literals spell it as an
 * escape. The list is fixed, since a property that grows with Unicode would give other bytes on another Node; the
 * two properties named here never change. Visible spaces, emoji and their U+FE0F are left alone.
 */
export const HIDDEN = new RegExp(String.raw`\p{Cc}|\p{Noncharacter_Code_Point}|[${RANGES}]`, 'u');

/** Half of a surrogate pair is no character and cannot be in a file: in every destination it becomes U+FFFD. */
export function withoutLoneSurrogates(text: string): string {
  return text.toWellFormed();
}
