import { HIDDEN, withoutLoneSurrogates } from './escape-hidden.ts';
import { escapeHtml, escapeMarkdown } from './escape-markup.ts';

/**
 * A text in the spelling of each destination. The first six are whole literals with their quotes, so a template
 * writes `name = <%= project.description.toml %>`; `md` and `html` stand inside text. All are on one line.
 * There is no plain text on purpose: what a person typed reaches a file only through one of these.
 */
export interface Escapeds {
  readonly yaml: string;
  /** YAML in a workflow of GitHub. */
  readonly gha: string;
  readonly toml: string;
  readonly json: string;
  readonly py: string;
  readonly sh: string;
  readonly md: string;
  readonly html: string;
}

/** All spellings of a text, for the data of templates. */
export function escapeds(text: string): Escapeds {
  return Object.freeze({
    yaml: quoteYaml(text),
    gha: quoteGithubYaml(text),
    toml: quoteToml(text),
    json: quoteJson(text),
    py: quotePython(text),
    sh: quoteShell(text),
    md: escapeMarkdown(text),
    html: escapeHtml(text),
  });
}

export { escapeHtml, escapeMarkdown };

/**
 * A double-quoted YAML scalar that 1.1 and 1.2 readers take for the same string, never for `yes`, `null`, a number.
 * Exact: `${{ x }}` stays what it is, so in a file that GitHub reads use `quoteGithubYaml`.
 */
export function quoteYaml(text: string): string {
  return `"${withoutLoneSurrogates(text).replace(QUOTED, (character) => escapeSequence(character, longEscape))}"`;
}

/**
 * A YAML scalar for a workflow of GitHub, which evaluates `${{ … }}` in what YAML gives, however it was quoted:
 * each `${{` becomes an expression whose value is `${{`, the only spelling GitHub has for it.
 */
export function quoteGithubYaml(text: string): string {
  return quoteYaml(text.replaceAll(OPENS, () => `${OPENS} '${OPENS}' }}`));
}

/** A TOML basic string. */
export function quoteToml(text: string): string {
  return `"${withoutLoneSurrogates(text).replace(QUOTED_CODE, (character) => escapeSequence(character, longEscape))}"`;
}

/** A JSON string. */
export function quoteJson(text: string): string {
  return `"${withoutLoneSurrogates(text).replace(QUOTED_CODE, (character) => escapeSequence(character, surrogateEscapes))}"`;
}

/** A Python string literal, with the quotes that `ruff format` prefers: double, unless single need fewer escapes. */
export function quotePython(text: string): string {
  const singles = text.split("'").length;
  const doubles = text.split('"').length;
  const body = quoteToml(text).slice(1, -1);
  if (doubles <= singles) return `"${body}"`;
  return `'${body.replaceAll("'", "\\'").replace(/\\(["\\])/g, (pair) => (pair === '\\"' ? '"' : pair))}'`;
}

/**
 * One word for a shell. Plain text is in single quotes, for any POSIX shell. A text with newlines or other hidden
 * characters is in `$'…'`, for bash, with octal escapes and no quote inside: a shell that does not know `$'…'` reads
 * another text, but still one word and no command. NUL, which no shell can hold, becomes U+FFFD.
 * The word may begin with `-`: put `--` before it.
 */
export function quoteShell(text: string): string {
  const plain = withoutLoneSurrogates(text).replaceAll('\0', '\uFFFD');
  if (plain.search(HIDDEN) === -1) {
    return `'${plain.replaceAll("'", () => "'\\''").replace(EXPRESSION, () => "$''")}'`;
  }
  return `$'${plain.replace(SHELL_CODE, octalBytes)}'`;
}

const OPENS = '$' + '{{';

// A `$` that opens an expression for GitHub, GitLab, Azure or Terraform, when such a literal stands in their files.
const EXPRESSION = /\$(?=[{([])/g;
const QUOTED = new RegExp(`["\\\\]|${HIDDEN.source}`, 'gu');
const QUOTED_CODE = new RegExp(`${QUOTED.source}|${EXPRESSION.source}`, 'gu');
const SHELL_CODE = new RegExp(`['\\\\]|${HIDDEN.source}|${EXPRESSION.source}`, 'gu');

// The short escapes that YAML, TOML, JSON and Python have in common.
const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
]);

function escapeSequence(character: string, long: (character: string) => string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return short;
  return character.length === 1 ? `\\u${hex(character.charCodeAt(0), 4)}` : long(character);
}

/** `\U0001f600`: YAML, TOML and Python; a YAML or TOML reader need not join `\ud83d\ude00` to one character. */
function longEscape(character: string): string {
  return `\\U${hex(character.codePointAt(0) ?? 0, 8)}`;
}

/** `\ud83d\ude00`: JSON has no other. */
function surrogateEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`)
    .join('');
}

function octalBytes(character: string): string {
  return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
