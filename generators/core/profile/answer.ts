import { parseAmount } from './amount.ts';
import {
  type AllowedValue,
  type ChoiceQuestion,
  type CountQuestion,
  type ListQuestion,
  type NumberQuestion,
  OTHER,
  type ParsedAnswer,
  type Question,
  type TextQuestion,
} from './declaration.ts';
import { nearest } from './nearest.ts';

const MAX_ANSWER = 1000;
const MAX_ITEMS = 100;
const UNKNOWN_WORDS = new Set(['', '?', 'unknown', "don't know", 'dont know', 'not sure']);
const NONE_WORDS = new Set(['none', 'no', 'nothing', '[]', '0']);
const YES_WORDS = new Set(['yes', 'y', 'true', 'on', '1']);
const NO_WORDS = new Set(['no', 'n', 'false', 'off', '0', 'none']);
// Cc and Cf are control and direction characters, Zl and Zp line separators: no answer needs one, and every one
// of them could forge a line in a file, a log or a terminal.
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Turns a flag's text, or a YAML or JSON value, into the answer to a question; a refusal is one sentence. */
export function parseAnswer(question: Question, raw: unknown): ParsedAnswer {
  if (raw === undefined || raw === null) return { kind: 'unknown' };
  if (Array.isArray(raw)) return parseItems(question, raw);
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') {
    return invalid(question, `takes ${expected(question)}, not ${kindOf(raw)}`);
  }
  const text = String(raw).trim();
  const refusal = textRefusal(text);
  if (refusal !== undefined) return invalid(question, refusal);
  if (question.kind === 'text' ? text === '' : UNKNOWN_WORDS.has(text.toLowerCase()))
    return { kind: 'unknown' };
  return parseText(question, text);
}

function parseText(question: Question, text: string): ParsedAnswer {
  switch (question.kind) {
    case 'count':
      return parseCount(question, text);
    case 'number':
      return parseNumber(question, text);
    case 'choice':
      return parseChoice(question, text);
    case 'list':
      return parseList(question, splitItems(question, text));
    case 'yes-no':
      return parseYesNo(question, text);
    case 'text':
      return parseFreeText(question, text);
  }
}

function parseCount(question: CountQuestion, text: string): ParsedAnswer {
  if (text.toLowerCase() === 'none') return { kind: 'value', value: 0 };
  const parsed = parseAmount(text, question.unit);
  if (parsed.kind === 'refused') return invalid(question, parsed.reason);
  const refusal = rangeRefusal(parsed.amount, 0, question.max);
  if (refusal !== undefined) return invalid(question, refusal);
  if (!Number.isInteger(parsed.amount)) return invalid(question, `takes a whole number, not ${text}`);
  return { kind: 'value', value: unsigned(parsed.amount) };
}

function parseNumber(question: NumberQuestion, text: string): ParsedAnswer {
  if (text.toLowerCase() === 'none' && question.min === 0) return { kind: 'value', value: 0 };
  const parsed = parseAmount(text, question.unit);
  if (parsed.kind === 'refused') return invalid(question, parsed.reason);
  const refusal = rangeRefusal(parsed.amount, question.min, question.max);
  if (refusal !== undefined) return invalid(question, refusal);
  return { kind: 'value', value: unsigned(parsed.amount) };
}

function rangeRefusal(amount: number, min: number, max: number): string | undefined {
  if (!Number.isFinite(amount)) return 'takes a finite number';
  if (amount < min) return min === 0 ? 'cannot be negative' : `must be at least ${min}`;
  if (amount > max) return `cannot be more than ${max.toLocaleString('en-US')}`;
  return undefined;
}

// -0 and 0 are one answer; JSON and the screen would show two.
function unsigned(amount: number): number {
  return amount === 0 ? 0 : amount;
}

function parseChoice(question: ChoiceQuestion, text: string): ParsedAnswer {
  const known = valueNamed(question.values, text);
  if (known !== undefined) return { kind: 'value', value: known };
  if (question.open === true) return { kind: 'value', value: OTHER, ...otherNote(question, [text]) };
  return invalid(question, unknownWord(question, text));
}

function parseYesNo(question: Question, text: string): ParsedAnswer {
  if (YES_WORDS.has(text.toLowerCase())) return { kind: 'value', value: true };
  if (NO_WORDS.has(text.toLowerCase())) return { kind: 'value', value: false };
  return invalid(question, `takes yes or no, not "${shown(text)}"`);
}

function parseFreeText(question: TextQuestion, text: string): ParsedAnswer {
  if (text.length <= question.maxLength) return { kind: 'value', value: text };
  return invalid(question, `takes at most ${question.maxLength} characters`);
}

function parseItems(question: Question, items: readonly unknown[]): ParsedAnswer {
  if (question.kind !== 'list') return invalid(question, `takes ${expected(question)}, not a list`);
  if (items.length === 0) return { kind: 'value', value: [] };
  if (items.length > MAX_ITEMS) return invalid(question, `takes at most ${MAX_ITEMS} items`);
  const words: string[] = [];
  for (const item of items) {
    if (typeof item !== 'string') return invalid(question, `takes a list of words, not ${kindOf(item)}`);
    const refusal = textRefusal(item.trim());
    if (refusal !== undefined) return invalid(question, refusal);
    if (item.trim() !== '') words.push(item.trim());
  }
  return parseList(question, words);
}

function parseList(question: ListQuestion, words: readonly string[]): ParsedAnswer {
  // Only blanks and commas: nothing was said, which is not the same as "none".
  if (words.length === 0) return { kind: 'unknown' };
  const none = words.filter((word) => NONE_WORDS.has(word.toLowerCase()));
  if (none.length > 0 && none.length < words.length)
    return invalid(question, 'takes either "none" or a list');
  const named = words.filter((word) => !none.includes(word));
  const strangers = named.filter((word) => valueNamed(question.values, word) === undefined);
  const [stranger] = strangers;
  if (stranger !== undefined && !question.open) return invalid(question, unknownWord(question, stranger));
  const values = new Set(named.map((word) => valueNamed(question.values, word) ?? OTHER));
  // In the declared order, so that the order in which somebody lists things is not information.
  const ordered = question.values.map(({ value }) => value).filter((value) => values.has(value));
  if (values.has(OTHER) && !ordered.includes(OTHER)) ordered.push(OTHER);
  return { kind: 'value', value: ordered, ...otherNote(question, strangers) };
}

// "spark kafka" is two tools, "power systems" is one word of the user's: spaces part only words that are all known.
function splitItems(question: ListQuestion, text: string): string[] {
  const items = text.replace(/^\[(.+)\]$/, '$1').split(/[,;]|\sand\s/);
  return items
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .flatMap((item) => {
      const words = item.split(/\s+/);
      if (valueNamed(question.values, item) !== undefined) return [item];
      return words.every((word) => valueNamed(question.values, word) !== undefined) ? words : [item];
    });
}

function valueNamed(values: readonly AllowedValue[], word: string): string | undefined {
  if (values.some(({ value }) => value === word)) return word;
  const wanted = spelling(word);
  return values.find(({ value, aliases = [] }) =>
    [value, ...aliases].some((name) => spelling(name) === wanted),
  )?.value;
}

function spelling(word: string): string {
  return word.toLowerCase().replace(/[\s_.-]+/g, '');
}

function otherNote(question: ChoiceQuestion | ListQuestion, words: readonly string[]): { note?: string } {
  const unnamed = words.filter((word) => word.toLowerCase() !== OTHER);
  if (unnamed.length === 0) return {};
  const list = unnamed.map((word) => `"${shown(word)}"`).join(', ');
  const hints = unnamed.map((word) =>
    nearest(
      word,
      question.values.map(({ value }) => value),
    ),
  );
  const hint = hints.find((name) => name !== undefined);
  const meant = hint === undefined ? '' : ` (if you meant ${hint}, write that)`;
  return { note: `${question.key}: ${list} counts as "other"${meant}.` };
}

function unknownWord(question: ChoiceQuestion | ListQuestion, word: string): string {
  const values = question.values.map(({ value }) => value);
  const close = nearest(word, values);
  const hint = close === undefined ? `it takes ${values.join(', ')}` : `did you mean ${close}?`;
  return `does not know "${shown(word)}"; ${hint}`;
}

function textRefusal(text: string): string | undefined {
  if (text.length > MAX_ANSWER) return `takes at most ${MAX_ANSWER} characters, and was given ${text.length}`;
  if (CONTROL.test(text)) return 'cannot hold line breaks or control characters';
  return undefined;
}

function expected(question: Question): string {
  switch (question.kind) {
    case 'count':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'yes-no':
      return 'yes or no';
    case 'list':
      return 'a list of words';
    case 'choice':
    case 'text':
      return 'a text';
  }
}

function kindOf(raw: unknown): string {
  if (Array.isArray(raw)) return 'a list';
  if (raw === null || raw === undefined) return 'nothing';
  return typeof raw === 'object' ? 'a mapping' : `a ${typeof raw}`;
}

function shown(word: string): string {
  return word.length <= 40 ? word : `${word.slice(0, 40)}…`;
}

function invalid(question: Question, rest: string): ParsedAnswer {
  return {
    kind: 'invalid',
    message: /[.?]$/.test(rest) ? `${question.key} ${rest}` : `${question.key} ${rest}.`,
  };
}
