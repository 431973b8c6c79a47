import { FACTS } from '../profile/facts.ts';

const NUMBER_WORDS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** `three data scientists`, `one model`, `no engineers`, `2,000 models`. */
export function countOf(count: number, one: string, many: string): string {
  return `${numberWord(count)} ${count === 1 ? one : many}`;
}

function numberWord(count: number): string {
  return NUMBER_WORDS[count] ?? shortNumber(count);
}

/** 1,200 stays; 2,000,000 becomes 2 million. */
export function shortNumber(count: number): string {
  if (count >= 1e12) return `${tidy(count / 1e12)} trillion`;
  if (count >= 1e9) return `${tidy(count / 1e9)} billion`;
  if (count >= 1e6) return `${tidy(count / 1e6)} million`;
  return grouped(count);
}

/** A size in decimal units, from GB. */
export function sizeText(gigabytes: number): string {
  if (gigabytes > 0 && gigabytes < 0.001) return `${tidy(gigabytes * 1e6)} kB`;
  if (gigabytes > 0 && gigabytes < 1) return `${tidy(gigabytes * 1000)} MB`;
  if (gigabytes < 1000) return `${tidy(gigabytes)} GB`;
  if (gigabytes < 1e6) return `${tidy(gigabytes / 1000)} TB`;
  return `${tidy(gigabytes / 1e6)} PB`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length <= 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** The label of a value of a fact, as its declaration has it; another word stays itself. */
export function labelOf(key: string, value: string): string {
  const fact = FACTS.find((one) => one.key === key);
  if (fact?.kind !== 'choice' && fact?.kind !== 'list') return value;
  return fact.values.find((one) => one.value === value)?.label ?? value;
}

/** `Spark, Kafka and another`. */
export function labelList(key: string, values: readonly string[]): string {
  return listText(values.map((value) => (value === 'other' ? 'another one' : labelOf(key, value))));
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `+1.5`, `-0.25`, `0`: quarters, so that two digits are always enough. */
export function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}

function tidy(value: number): string {
  return grouped(Number(value.toPrecision(3)));
}

// By hand: the first toLocaleString of a run costs as much as all the rest of a classification.
function grouped(value: number): string {
  const [whole = '', ...fraction] = String(value).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}
