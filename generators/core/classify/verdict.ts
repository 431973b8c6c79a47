import { listIn, type Profile } from '../profile/profile.ts';
import { ARCHETYPES, type Archetype, type Points, ranked } from './archetypes.ts';
import { type Counterfactual, counterfactualsOf } from './counterfactuals.ts';
import { type AdjustmentReason, adjustmentReasons, type Evidence, evidenceOf } from './evidence.ts';
import type { Finding } from './finding.ts';
import { contradictionsIn, INSUFFICIENT_EVIDENCE, warningsIn } from './findings.ts';
import { isGoverned } from './kinds.ts';
import { type Maturity, maturityOf } from './maturity.ts';
import { type NextReason, nextQuestionFor } from './next-question.ts';
import { PITFALLS, type Pitfall } from './pitfalls.ts';
import { probabilitiesOf } from './probabilities.ts';
import { SCORED_QUESTIONS, type Scores, scoreProfile } from './scores.ts';
import type { Group } from './table.ts';
import { groupsOf, isThin } from './thin.ts';
import { leaderIn, scoresWithout, trialsOn } from './trials.ts';

type Status = 'final' | 'needs-more-information' | 'contradictory';
export type Confidence = 'high' | 'medium' | 'low';
type Overlay = 'governance';

/** What an organisation is, how sure that is, and everything that it follows from. */
export interface Verdict {
  readonly status: Status;
  /** The leading one, even while the verdict is not final. */
  readonly archetype: Archetype;
  readonly confidence: Confidence;
  /** So close that the runner-up is to be offered too. */
  readonly isBorderline: boolean;
  readonly runnerUp: Archetype;
  /** The distance between the two highest probabilities. */
  readonly margin: number;
  readonly scores: Points;
  readonly probabilities: Points;
  readonly answered: number;
  readonly asked: number;
  /** Evidence and adjustments add up to the scores exactly. */
  readonly evidence: readonly Evidence[];
  readonly adjustments: readonly AdjustmentReason[];
  readonly findings: readonly Finding[];
  readonly counterfactuals: readonly Counterfactual[];
  /** The open question that can move the verdict most, and what hangs on it; none when nothing can change it. */
  readonly nextQuestion: string | undefined;
  readonly nextReason: NextReason | undefined;
  readonly overlays: readonly Overlay[];
  readonly maturity: Maturity;
  readonly pitfalls: readonly Pitfall[];
}

const BORDERLINE_MARGIN = 0.35;
const HIGH_MARGIN = 0.5;
const HIGH_GROUPS = 4;

/** Classifies an organisation from what is known about it; `skipped` facts are not proposed as the next question. Pure: the same answers give the same verdict. */
export function classifyProfile(profile: Profile, skipped?: ReadonlySet<string>): Verdict {
  const scores = scoreProfile(profile);
  const [archetype = ARCHETYPES[0], runnerUp = ARCHETYPES[1]] = ranked(scores.scores);
  const probabilities = probabilitiesOf(scores.scores);
  const margin = probabilities[archetype] - probabilities[runnerUp];
  const isBorderline = margin < BORDERLINE_MARGIN || isUnstable(profile, scores, archetype);
  const contradictions = contradictionsIn(profile);
  const status = statusOf(contradictions, scores);
  const trials = trialsOn(profile, scores);
  const next = nextQuestionFor(trials, skipped);
  const thin = status === 'needs-more-information' ? [INSUFFICIENT_EVIDENCE] : [];
  return {
    status,
    archetype,
    confidence: status === 'final' ? confidenceOf(isBorderline, margin, groupsOf(scores)) : 'low',
    isBorderline,
    runnerUp,
    margin,
    scores: scores.scores,
    probabilities,
    answered: scores.worths.length,
    asked: SCORED_QUESTIONS.length,
    evidence: evidenceOf(profile, scores),
    adjustments: adjustmentReasons(profile, scores),
    findings: [...contradictions, ...thin, ...warningsIn(profile, archetype)],
    counterfactuals: counterfactualsOf(trials),
    nextQuestion: next?.question,
    nextReason: next?.reason,
    overlays: isGoverned(listIn(profile, 'regulation') ?? []) ? ['governance'] : [],
    maturity: maturityOf(profile),
    pitfalls: PITFALLS[archetype],
  };
}

function statusOf(contradictions: readonly Finding[], scores: Scores): Status {
  if (contradictions.length > 0) return 'contradictory';
  return isThin(groupsOf(scores)) ? 'needs-more-information' : 'final';
}

function confidenceOf(isBorderline: boolean, margin: number, groups: ReadonlySet<Group>): Confidence {
  if (isBorderline) return 'low';
  return margin >= HIGH_MARGIN && groups.size >= HIGH_GROUPS ? 'high' : 'medium';
}

/** Whether the verdict hangs on one answer: without it another archetype would lead. */
function isUnstable(profile: Profile, scores: Scores, archetype: Archetype): boolean {
  return scores.worths.some((worth) => leaderIn(scoresWithout(profile, scores, worth)) !== archetype);
}
