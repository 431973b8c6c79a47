/**
 * How far a fact that was found can be trusted. Strong: this is in use. Weak: it may be, or only in development.
 * A hint says nothing about the answer, only that the question is worth asking.
 */
export type Strength = 'strong' | 'weak' | 'hint';

/** One piece of evidence for one value of a fact. */
export interface Sign {
  /** The key of the question. */
  readonly key: string;
  readonly value: string | number | boolean;
  readonly strength: Strength;
  /** `path:line`, or a few words where there is no line. */
  readonly where: string;
  /** What was seen there, as part of a sentence. */
  readonly says: string;
  /** A tool that is as often used on one machine as on a cluster: two of them count as one engine. */
  readonly isHalf?: boolean | undefined;
}

/** The place of a character in a text, as `path:line`. */
export function placeAt(path: string, text: string, index: number): string {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return `${path}:${line}`;
}

const ASIDE =
  /(^|\/)(tests?|testing|spec|docs?|examples?|samples?|demos?|tutorials?|benchmarks?|fixtures)\//i;

/** Whether a file shows or tests something rather than being what is in use. */
export function isAside(path: string): boolean {
  return ASIDE.test(path) || /(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(path);
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
