const MAX_PARTS = 8;
const MAX_PART_LENGTH = 64;

/** Words that JavaScript or a compiled EJS template gives a meaning to: no name may begin with one. */
const TAKEN = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally
  for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield async of get set
  arguments eval undefined NaN Infinity globalThis global window self process require module exports console
  Function Object Array String Number Boolean Symbol Proxy Reflect Promise Date Math JSON RegExp Error Buffer
  include locals escapeFn rethrow print`.split(/\s+/),
);

/** What every object inherits; refused in any place, although only own properties are ever read. */
const INHERITED = new Set(
  `constructor prototype hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
  caller callee`.split(/\s+/),
);

/**
 * Why a dotted name may not be used, or `undefined`. Behind a dot, words of JavaScript are plain properties
 * (`project.package`), so only the inherited names are refused there.
 */
export function nameRefusal(parts: readonly string[]): string | undefined {
  const [first = ''] = parts;
  if (TAKEN.has(first)) return `\`${first}\` is a word of JavaScript or EJS and cannot begin a name`;
  const inherited = parts.find((part) => INHERITED.has(part));
  if (inherited !== undefined) return `\`${inherited}\` is a property that every object inherits, not a name`;
  if (parts.length > MAX_PARTS) return `a name has at most ${MAX_PARTS} parts`;
  if (parts.some((part) => part.length > MAX_PART_LENGTH)) {
    return `a part of a name has at most ${MAX_PART_LENGTH} characters`;
  }
  return undefined;
}
