import { quoteYaml } from '../../generators/core/render/escape.ts';

const LAST = 0x10ffff;

/**
 * How `quoteYaml` spells each character, as one line a range: `0080-009f \uXXXX`. A text is spelled character by
 * character (escape-readers.test.ts), so this says all that a reader of YAML will ever meet.
 */
export function yamlSpellings(): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let code = 1; code <= LAST + 1; code++) {
    if (code <= LAST && spelling(code) === spelling(start)) continue;
    lines.push(`${hex(start, 4)}-${hex(code - 1, 4)} ${spelling(start)}`);
    start = code;
  }
  return lines;
}

function spelling(code: number): string {
  if (code >= 0xd800 && code <= 0xdfff) return 'no character';
  const character = String.fromCodePoint(code);
  const body = quoteYaml(character).slice(1, -1);
  if (body === character) return 'itself';
  if (body === `\\u${hex(code, 4)}`) return '\\uXXXX';
  if (body === `\\U${hex(code, 8)}`) return '\\UXXXXXXXX';
  return body;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
