import { ARCHETYPE_WORDS } from './archetypes.ts';
import type { Argument } from './arguments.ts';
import type { Explanation, VerdictPart } from './eight-parts.ts';
import type { Finding } from './finding.ts';
import { type Painter, PLAIN, visible, wrapped } from './layout.ts';
import { FACETS, LEVEL_WORDS } from './maturity.ts';
import { capitalised, listText, signed } from './words.ts';

const POINTS_WIDTH = 8;
// A screen: what is left out here stands in ARCHETYPE.md and in the JSON.
const MOST_CHANGES = 3;
const MOST_FINDINGS = 4;

/** The explanation for a terminal: plain text of about one screen, in lines of at most 80 columns. */
export function explanationText(explanation: Explanation, paint: Painter = PLAIN): string {
  const parts = [
    verdictLines(explanation.verdict, paint),
    argumentLines(explanation, paint),
    section('What would change it', changeLines(explanation), paint),
    section(
      'Look at',
      explanation.findings.slice(0, MOST_FINDINGS).flatMap((one) => findingLines(one, paint)),
      paint,
    ),
    section('Expect', pitfallLines(explanation), paint),
    section('Practice', maturityLines(explanation), paint),
    section('Growth', growthLines(explanation), paint),
    section('The article', articleLines(explanation), paint),
  ];
  return `${parts.flat().join('\n')}\n`;
}

function section(title: string, lines: readonly string[], paint: Painter): readonly string[] {
  return lines.length === 0 ? [] : [paint.strong(title), ...lines];
}

function verdictLines(verdict: VerdictPart, paint: Painter): readonly string[] {
  const strength = `${verdict.confidence} confidence, ${verdict.answered} of ${verdict.asked} answered`;
  const notFinal = verdict.notFinal === undefined ? [] : [paint.bad(verdict.notFinal)];
  const close = verdict.isBorderline ? [paint.warn(`Close to ${verdict.runnerUp}; either may fit.`)] : [];
  return [...notFinal, `${paint.strong(verdict.name)}: ${strength}`, ...close];
}

function argumentLines({ arguments: all, verdict }: Explanation, paint: Painter): readonly string[] {
  const { strongest, opposing, rest, adjustments, score } = all;
  const others = rest.count === 1 ? 'one other answer' : `${rest.count} other answers`;
  const restLine = rest.count === 0 ? [] : argumentLine({ words: others, points: rest.points }, paint.faint);
  const lines = [
    ...strongest.flatMap((one) => argumentLine(one, paint.good)),
    ...opposing.flatMap((one) => argumentLine(one, paint.bad)),
    ...restLine,
    ...adjustments.flatMap((one) => argumentLine(one, paint.faint)),
    ...argumentLine({ words: `points for ${verdict.name}`, points: score }, paint.strong, '= '),
  ];
  return section('Why', lines, paint);
}

function argumentLine(one: Argument, colour: (text: string) => string, mark = ''): readonly string[] {
  const lead = `${mark}${signed(one.points)}`.padStart(POINTS_WIDTH);
  const where = one.where === undefined ? '' : ` (${one.where})`;
  const [first = '', ...others] = wrapped(`${lead}  `, `${one.words}${where}`);
  return [colour(first.slice(0, POINTS_WIDTH)) + first.slice(POINTS_WIDTH), ...others];
}

function changeLines({ changes, verdict }: Explanation): readonly string[] {
  if (changes.length === 0)
    return wrapped('  ', `No other answer to one or two of the questions: ${verdict.name} is far ahead.`);
  return changes
    .slice(0, MOST_CHANGES)
    .flatMap(({ words, towards }) => wrapped('  ', `with ${words}: ${towards}`));
}

function findingLines(finding: Finding, paint: Painter): readonly string[] {
  const [first = '', ...rest] = wrapped(
    '  ! ',
    `${finding.message} (${finding.questions.slice(0, 2).join(', ')})`,
  );
  const colour =
    finding.severity === 'blocking' ? paint.bad : finding.severity === 'warning' ? paint.warn : paint.faint;
  return [colour(first.slice(0, 4)) + first.slice(4), ...rest];
}

function pitfallLines({ pitfalls }: Explanation): readonly string[] {
  const answered = pitfalls.filter(({ answer }) => answer.length > 0);
  if (answered.length === 0) return wrapped('  ', pitfalls.map(({ id, text }) => `${id} ${text}`).join('; '));
  return answered.map(({ id, text, answer }) => shortened(`  ${id} ${text}: ${visible(answer[0] ?? '')}`));
}

function shortened(line: string): string {
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}

function maturityLines({ maturity }: Explanation): readonly string[] {
  if (maturity.level === undefined) return ['  nothing is known yet about how models are made and released'];
  const facets = FACETS.flatMap((facet) => {
    const level = maturity.facets[facet];
    return level === undefined ? [] : [`${facet.replace('_', ' ')} ${level}`];
  });
  return [
    ...wrapped('  ', `level ${maturity.level} of 4, ${LEVEL_WORDS[maturity.level]} (${facets.join(', ')})`),
    ...maturity.next.flatMap((step, index) => wrapped(`  ${index + 1}. `, step)),
  ];
}

function growthLines({ growth }: Explanation): readonly string[] {
  return [
    ...growth.triggers.flatMap(({ when, towards }) =>
      wrapped('  ', `${ARCHETYPE_WORDS[towards].name} when ${when}`),
    ),
    ...wrapped('  ', `not yet: ${growth.notYet.join('; ')}`),
  ];
}

function articleLines({ article }: Explanation): readonly string[] {
  const nearest = article.nearest.map(({ name, label }) => `${name}, labelled ${label}`);
  return [
    ...wrapped('  ', `${capitalised(article.sentence)}.`),
    ...(nearest.length === 0 ? [] : wrapped('  ', `nearest labelled cases: ${listText(nearest)}.`)),
  ];
}
