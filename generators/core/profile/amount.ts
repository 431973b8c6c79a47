/** A number as people write it, in the unit that is asked for; a refusal is the rest of a sentence. */
export type ParsedAmount =
  | { readonly kind: 'amount'; readonly amount: number }
  | { readonly kind: 'refused'; readonly reason: string };

// Decimal units, as disks and the data classes are measured (1 TB = 1000 GB); the binary ones are converted.
const GIGABYTES: ReadonlyMap<string, number> = new Map([
  ['b', 1e-9],
  ['kb', 1e-6],
  ['mb', 1e-3],
  ['gb', 1],
  ['tb', 1e3],
  ['pb', 1e6],
  ['eb', 1e9],
  ['kib', 2 ** 10 / 1e9],
  ['mib', 2 ** 20 / 1e9],
  ['gib', 2 ** 30 / 1e9],
  ['tib', 2 ** 40 / 1e9],
  ['pib', 2 ** 50 / 1e9],
]);

const MULTIPLES: ReadonlyMap<string, number> = new Map([
  ['k', 1e3],
  ['thousand', 1e3],
  ['m', 1e6],
  ['mio', 1e6],
  ['million', 1e6],
  ['g', 1e9],
  ['b', 1e9],
  ['bn', 1e9],
  ['billion', 1e9],
]);

const PLAIN = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?\d{1,3}([ ,_]\d{3})+(\.\d+)?$/;

/** Understands `300`, `1,200`, `1e6`, `300k`, `2 M`, and sizes such as `1.5 TB` where the unit is GB. */
export function parseAmount(text: string, unit: string | undefined): ParsedAmount {
  if (PLAIN.test(text)) return { kind: 'amount', amount: Number(text) };
  const [, digits = '', suffix = ''] = /^(.*?)\s*(\p{L}*)$/su.exec(withoutExponent(text)) ?? [];
  const number = parseDigits(digits.replace('\u0000', 'e'));
  if (number === undefined) return { kind: 'refused', reason: digitsRefusal(text) };
  if (suffix === '' || suffix.toLowerCase() === unit) return { kind: 'amount', amount: number };
  const factor = (unit === 'GB' ? GIGABYTES : MULTIPLES).get(suffix.toLowerCase());
  if (factor !== undefined) return { kind: 'amount', amount: tidied(number * factor) };
  const known = unit === 'GB' ? 'a unit such as "500 MB", "80 GB" or "1.5 TB"' : 'k, M or G, as in "300k"';
  return { kind: 'refused', reason: `does not understand "${suffix.slice(0, 20)}"; write ${known}` };
}

// The e of 1e9 is part of the number, not the beginning of a unit; no text that gets here holds a NUL.
function withoutExponent(text: string): string {
  return text.replace(/(?<=[\d.])e(?=[+-]?\d)/i, '\u0000');
}

function parseDigits(digits: string): number | undefined {
  if (PLAIN.test(digits)) return Number(digits);
  if (GROUPED.test(digits)) return Number(digits.replace(/[ ,_]/g, ''));
  return undefined;
}

function digitsRefusal(text: string): string {
  if (/^\d+,\d+$/.test(text)) return 'takes a decimal point, as in "1.5", or groups of three, as in "1,500"';
  return `takes a number, not "${text.slice(0, 40)}"`;
}

// 1.1 TB is 1100 GB, not 1100.0000000000002.
function tidied(amount: number): number {
  return Number(amount.toPrecision(12));
}
