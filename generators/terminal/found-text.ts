import { type Painter, visible, wrapped } from '../core/classify/layout.ts';
import type { Found } from '../core/detect/found.ts';
import type { DetectedAnswers } from '../core/profile/detected-answers.ts';
import { answerText } from '../core/profile/question.ts';

/** What was found in a folder, as a short list with its evidence; nothing where nothing was. */
export function foundLines({ folder, facts, notes }: DetectedAnswers, paint: Painter): readonly string[] {
  const of = (strength: Found['strength']) => facts.filter((found) => found.strength === strength);
  if (facts.length === 0) return [];
  return [
    ...section(`Found in ${visible(folder)}:`, of('strong').map(factText), paint),
    ...section('Seen, but not counted unless you say so:', of('weak').map(factText), paint),
    ...section('Worth a question:', of('hint').map(hintText), paint),
    ...section('Also:', notes, paint),
  ];
}

function section(title: string, items: readonly string[], paint: Painter): readonly string[] {
  if (items.length === 0) return [];
  return ['', paint.strong(title), ...items.flatMap((item) => wrapped('  ', item))];
}

function factText({ key, value, where, says }: Found): string {
  return `${key}: ${answerText(value)} — ${where}: ${says}`;
}

function hintText({ key, where, says }: Found): string {
  return `${key} — ${where}: ${says}`;
}

/** The same for `--json`; a hint has no value, since it is none. */
export function foundJson({ facts, notes }: DetectedAnswers): object {
  if (facts.length === 0) return {};
  const detected = facts.map(({ key, value, strength, where, says }) => ({
    question: key,
    ...(strength === 'hint' ? {} : { value }),
    strength,
    where,
    says,
  }));
  return { detected, detectionNotes: notes.map(visible) };
}
