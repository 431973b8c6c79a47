import type { Explanation } from './eight-parts.ts';
import { roundedProbability } from './probabilities.ts';
import type { ReportParts } from './report-html.ts';
import type { Verdict } from './verdict.ts';

/** A verdict as `--json` prints it. Keys stay, once published; `schema` counts the changes that break a reader. */
export function verdictJson({
  verdict,
  explanation,
  override,
  notes,
}: Omit<ReportParts, 'generator'>): object {
  return {
    schema: 1,
    status: verdict.status,
    archetype: verdict.archetype,
    confidence: verdict.confidence,
    runnerUp: verdict.runnerUp,
    margin: roundedProbability(verdict.margin),
    scores: verdict.scores,
    probabilities: Object.fromEntries(
      Object.entries(verdict.probabilities).map(([archetype, probability]) => [
        archetype,
        roundedProbability(probability),
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
    pitfalls: explanation.pitfalls,
    growth: growthJson(explanation),
    nearest: explanation.article.nearest,
    override: override === undefined ? null : { ...override, reason: override.reason ?? null },
    notes,
  };
}

function growthJson({ growth }: Explanation): object {
  return { triggers: growth.triggers, notYet: growth.notYet };
}

function facetsJson({ maturity }: Verdict): object {
  return Object.fromEntries(Object.entries(maturity.facets).map(([facet, level]) => [facet, level ?? null]));
}
