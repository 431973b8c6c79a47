import type { Profile } from '../profile/profile.ts';
import type { AnswerValue } from '../profile/question.ts';
import type { Points } from './archetypes.ts';
import type { Scores, Worth } from './scores.ts';
import { answerInWords } from './sentences.ts';
import { CAPS, type Group, type ScoredQuestion } from './table.ts';
import { bonusTraits } from './traits.ts';
import { capitalised, listText } from './words.ts';

/** One answer as evidence. */
export interface Evidence {
  readonly question: ScoredQuestion | 'org_type';
  readonly value: AnswerValue;
  readonly source: 'answer' | 'detected';
  /** Where it was found, when it was detected or came from a file. */
  readonly where?: string;
  readonly group: Group;
  readonly points: Points;
  /** The answer in words, such as "a team of three people". */
  readonly says: string;
  /** A sentence: the answer in words, and why it counts as it does. */
  readonly reason: string;
}

export interface AdjustmentReason {
  readonly kind: 'cap' | 'bonus';
  readonly group: Group;
  readonly points: Points;
  readonly reason: string;
}

/** The answers that were scored, in the order of the table. */
export function evidenceOf(profile: Profile, scores: Scores): readonly Evidence[] {
  return scores.worths.map((worth) => evidence(profile, worth));
}

function evidence(profile: Profile, worth: Worth): Evidence {
  const known = profile.get(worth.from);
  const says = answerInWords(worth.question, profile);
  return {
    question: worth.from === 'org_type' ? 'org_type' : worth.question,
    value: worth.value,
    source: known?.source === 'detected' ? 'detected' : 'answer',
    ...(known?.where === undefined ? {} : { where: known.where }),
    group: worth.group,
    points: worth.points,
    says,
    reason: `${capitalised(says)}: ${worth.main.reason}.`,
  };
}

/** Why points were taken away or added beyond the single answers. */
export function adjustmentReasons(profile: Profile, scores: Scores): readonly AdjustmentReason[] {
  return scores.adjustments.map((one) => ({
    ...one,
    reason: adjustmentReason(profile, one.kind, one.group),
  }));
}

function adjustmentReason(profile: Profile, kind: 'cap' | 'bonus', group: Group): string {
  if (kind === 'cap') return `Answers about ${group} count at most ${capText(group)} together.`;
  return `${capitalised(listText(bonusTraits(profile)))}: together the marks of a large-scale organisation.`;
}

function capText(group: Group): string {
  const { most, least } = CAPS[group] ?? { most: 0, least: 0 };
  return Number.isFinite(least) ? `±${most}` : `+${most}`;
}
