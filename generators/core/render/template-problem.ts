import { EXIT, MlopsError } from '../errors.ts';
import type { Place } from './template-tree.ts';

/** One thing wrong with a template. */
export interface TemplateProblem {
  readonly at: Place;
  readonly message: string;
}

// A file of control characters would otherwise give a report larger than itself.
const MAX_SHOWN = 100;

/** One error for all problems of a template, in the order of the text. */
export function templateError(path: string, problems: readonly TemplateProblem[]): MlopsError {
  const sorted = problems.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  const details = sorted.slice(0, MAX_SHOWN).map(({ at, message }) => ({ path, ...at, message }));
  const [first] = details;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new MlopsError({
    code: 'MLOPS_E_TEMPLATE',
    exit: EXIT.kit,
    message: `${path}:${first?.line ?? 1}:${first?.column ?? 1}: ${first?.message ?? 'refused'}${more}`,
    hint: 'Correct the template: besides text it may hold names, if, else, for … of, and comments.',
    details,
  });
}

/** A piece of a template for a sentence: on one line, short, and with nothing in it that a terminal obeys. */
export function excerptOf(source: string): string {
  const visible = source.replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
  return visible.length > 60 ? `${visible.slice(0, 60)}…` : visible;
}
