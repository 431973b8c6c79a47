import { HEAD_COUNTS } from '../../generators/core/classify/roles.ts';
import { SCORED_QUESTIONS } from '../../generators/core/classify/scores.ts';
import type { ScoredQuestion } from '../../generators/core/classify/table.ts';
import { classifyProfile } from '../../generators/core/classify/verdict.ts';
import { isStrong, type LabelledCase, labelOf, parsedCase } from '../../test/classify/labelled.ts';
import { share, table } from './tables.ts';

/** Agreement with one question left out at a time: no single one may carry the verdict. */
export function leaveOneOutTable(
  boundary: readonly LabelledCase[],
  published: readonly LabelledCase[],
): string {
  const strong = (cases: readonly LabelledCase[]) => cases.filter(isStrong);
  const rows = [undefined, ...SCORED_QUESTIONS].map((question) => {
    const dropped = question === undefined ? [] : factsOf(question);
    const cells = [boundary, published].map((cases) => {
      const judged = strong(cases);
      return share(judged.filter((one) => isExact(one, dropped)).length, judged.length);
    });
    const lost = strong([...boundary, ...published]).filter(
      (one) => isExact(one, []) && !isExact(one, dropped),
    );
    const names = lost.map(({ id }) => `\`${id}\``).join(', ');
    return [question === undefined ? 'nothing' : `\`${question}\``, ...cells, names || 'none'];
  });
  return table(['left out', 'boundary, exact', 'public, exact', 'lost'], rows);
}

function isExact(one: LabelledCase, dropped: readonly string[]): boolean {
  return classifyProfile(parsedCase(one, dropped).profile).archetype === labelOf(one);
}

function factsOf(question: ScoredQuestion): readonly string[] {
  if (question === 'roles_present') return ['roles_present', ...HEAD_COUNTS.map(([, key]) => key)];
  if (question === 'company_size') return ['company_size', 'org_type'];
  return [question];
}
