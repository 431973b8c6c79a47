import { visible, wrapped } from '../core/classify/layout.ts';
import type { Finding } from '../core/doctor/finding.ts';
import type { Painter } from './terminal.ts';

/** What was found, problems before notes, each with its command on a line of its own to be copied. */
export function findingsText(findings: readonly Finding[], paint: Painter): string {
  const of = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity);
  const [problems, notes] = [of('problem'), of('note')];
  const blocks = [
    ...(problems.length === 0
      ? [paint.good('Nothing to mend.')]
      : [block('To mend', problems, paint.bad, paint)]),
    ...(notes.length === 0 ? [] : [block('To know', notes, paint.warn, paint)]),
  ];
  return blocks.join('\n\n');
}

function block(
  title: string,
  findings: readonly Finding[],
  sign: (text: string) => string,
  paint: Painter,
): string {
  return [
    paint.strong(`${title}: ${findings.length}`),
    ...findings.map((finding) => lines(finding, sign, paint)),
  ].join('\n');
}

function lines({ code, message, command }: Finding, sign: (text: string) => string, paint: Painter): string {
  return [
    '',
    `${sign(code)}`,
    ...wrapped('  ', message),
    ...(command === null ? [] : [`    ${paint.accent(visible(command))}`]),
  ].join('\n');
}
