/** A dotted number with what semantic versioning allows behind it: `1`, `1.10`, `2.0.0-rc.1`, `2026.11`. */
interface Version {
  readonly numbers: readonly number[];
  readonly early: readonly string[];
}

const VERSION = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;
const MAX_LENGTH = 64;

export function isVersion(text: string): boolean {
  return parseVersion(text) !== undefined;
}

/** Below 0 where the first version is older; what is no version counts as equal. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [parseVersion(a), parseVersion(b)];
  return first === undefined || second === undefined ? 0 : compared(first, second);
}

/** Whether a version is in a range such as `^1.2`, `>=0.1 <2` or `^0.9 || ^1`; undefined where that is no range. */
export function isInRange(version: string, range: string): boolean | undefined {
  const own = parseVersion(version);
  const sets = range.split('||').map((set) => set.trim().split(/\s+/).map(testOf));
  if (own === undefined || sets.flat().includes(undefined)) return undefined;
  return sets.some((set) => set.every((test) => test?.(own)));
}

type VersionTest = (version: Version) => boolean;

function testOf(comparator: string): VersionTest | undefined {
  const [, operator = '', text = ''] = /^(\^|>=|<)?(.+)$/.exec(comparator) ?? [];
  const bound = parseVersion(text);
  if (bound === undefined) return undefined;
  const isFrom: VersionTest = (version) => compared(version, bound) >= 0;
  switch (operator) {
    case '>=':
      return isFrom;
    case '<':
      return (version) => !isFrom(version);
    case '^':
      return (version) => isFrom(version) && compared(version, nextIncompatible(bound)) < 0;
    default:
      return (version) => compared(version, bound) === 0;
  }
}

/** `^1.2` ends before 2, `^0.3` before 0.4. */
function nextIncompatible({ numbers }: Version): Version {
  const used = numbers.findIndex((number) => number > 0);
  const at = used < 0 ? numbers.length - 1 : used;
  return { numbers: [...numbers.slice(0, at), (numbers[at] ?? 0) + 1], early: [] };
}

function parseVersion(text: string): Version | undefined {
  const [, dotted, early] = (text.length <= MAX_LENGTH && VERSION.exec(text)) || [];
  if (dotted === undefined) return undefined;
  return { numbers: dotted.split('.').map(Number), early: early?.split('.') ?? [] };
}

function compared(a: Version, b: Version): number {
  for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index++) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  // A release comes after what led to it.
  if (a.early.length === 0 || b.early.length === 0) return b.early.length - a.early.length;
  return comparedEarly(a.early, b.early);
}

/** As semantic versioning orders them: numbers by value and before words, the shorter list first. */
function comparedEarly(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  const [left, right] = at < 0 ? [] : [a[at], b[at]];
  if (left === undefined || right === undefined) return a.length - b.length;
  const [isNumber, isOther] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  if (isNumber) return Number(left) - Number(right);
  return left < right ? -1 : 1;
}
