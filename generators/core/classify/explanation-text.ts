import type { Argument, Arguments } from './arguments.ts';
import type { Explanation, VerdictPart } from './eight-parts.ts';
import type { Finding } from './finding.ts';
import { type Painter, PLAIN, wrapped } from './layout.ts';
import { countOf, signed } from './words.ts';

const POINTS_WIDTH = 8;
// A screen holds what decides; everything else stands in ARCHETYPE.md, the report and the JSON.
const MOST_CHANGES = 2;
const MOST_FINDINGS = 3;

/** The explanation for a terminal: the essentials on one screen, in lines of at most 80 columns. */
export function explanationText(explanation: Explanation, paint: Painter = PLAIN): string {
  const parts = [
    verdictLines(explanation.verdict, paint),
    section('Why', argumentLines(explanation, paint), paint),
    section('What would change it', changeLines(explanation), paint),
    section('Look at', findingsLines(explanation.findings, paint), paint),
    section('Next', nextLines(explanation), paint),
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
  const bonus = all.adjustments.filter(({ kind }) => kind === 'bonus');
  return [
    ...all.strongest.flatMap((one) => argumentLine(one, paint.good)),
    ...all.opposing.flatMap((one) => argumentLine(one, paint.bad)),
    ...bonus.flatMap((one) => argumentLine(one, paint.faint)),
    ...restLines(all, paint),
    ...argumentLine({ words: `points for ${verdict.name}`, points: all.score }, paint.strong, '= '),
  ];
}

/** All that is not shown, in one line, so that the points on the screen add up to the score. */
function restLines({ rest, adjustments }: Arguments, paint: Painter): readonly string[] {
  const caps = adjustments.filter(({ kind }) => kind === 'cap');
  if (rest.count === 0 && caps.length === 0) return [];
  const others = countOf(rest.count, 'other answer', 'other answers');
  const words = caps.length === 0 ? others : `${others}, within the limits of their groups`;
  const points = caps.reduce((sum, one) => sum + one.points, rest.points);
  return argumentLine({ words, points }, paint.faint);
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

function findingsLines(findings: readonly Finding[], paint: Painter): readonly string[] {
  const lines = findings.slice(0, MOST_FINDINGS).flatMap((one) => findingLines(one, paint));
  const left = findings.length - MOST_FINDINGS;
  return left > 0 ? [...lines, `    and ${left} more`] : lines;
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

function nextLines({ next, maturity }: Explanation): readonly string[] {
  const [step] = maturity.next;
  return [
    ...(next === undefined ? [] : wrapped('  ', `${next.message} (${next.flag}) ${next.why}`)),
    ...(step === undefined ? [] : wrapped('  ', step)),
  ];
}
