import { answeredPitfalls, type PitfallAnswers } from './eight-parts.ts';
import type { Verdict } from './verdict.ts';

/** A verdict as `--json` prints it. Keys stay, once published; `schema` counts the changes that break a reader. */
export function verdictJson(verdict: Verdict, answers: PitfallAnswers = new Map()): object {
  return {
    schema: 1,
    status: verdict.status,
    archetype: verdict.archetype,
    confidence: verdict.confidence,
    runnerUp: verdict.runnerUp,
    margin: rounded(verdict.margin),
    scores: verdict.scores,
    probabilities: Object.fromEntries(
      Object.entries(verdict.probabilities).map(([archetype, probability]) => [
        archetype,
        rounded(probability),
      ]),
    ),
    answered: verdict.answered,
    asked: verdict.asked,
    evidence: verdict.evidence.map(({ question, value, source, where, points, reason }) => ({
      question,
      value,
      source,
      ...(where === undefined ? {} : { where }),
      points,
      reason,
    })),
    adjustments: verdict.adjustments.map(({ kind, group, points, reason }) => ({
      kind,
      group,
      points,
      reason,
    })),
    findings: verdict.findings,
    counterfactuals: verdict.counterfactuals,
    nextQuestion: verdict.nextQuestion ?? null,
    overlays: verdict.overlays,
    maturity: {
      level: verdict.maturity.level ?? null,
      facets: facetsJson(verdict),
      next: verdict.maturity.next,
    },
    pitfalls: answeredPitfalls(verdict, answers),
  };
}

function facetsJson({ maturity }: Verdict): object {
  return Object.fromEntries(Object.entries(maturity.facets).map(([facet, level]) => [facet, level ?? null]));
}

// Four digits are more than the table knows, and the same on every machine, whatever its Math.exp ends in.
function rounded(probability: number): number {
  return Math.round(probability * 1e4) / 1e4;
}
