import { isMap, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { type ErrorDetail, usageError } from '../errors.ts';
import type { Given, GivenAnswers } from './given.ts';
import type { Source } from './profile.ts';
import { nearest, parseAnswer, type Question } from './question.ts';

const MAX_BYTES = 256 * 1024;

// Keys of `mlops.yaml` that are not answers; an answers file may be a copy of one.
const BOOKKEEPING = ['schema', 'generator', 'kits', 'unmanaged', 'moved', 'command'];
const SECTIONS = ['project', 'facts', 'choices'];

/** What an answers file or a saved `mlops.yaml` says. */
export interface AnswersFile {
  readonly answers: GivenAnswers;
  /** The version that wrote the project, if this is the `mlops.yaml` of one. */
  readonly generator: string | undefined;
  /** Keys that are no question any more. */
  readonly retired: readonly string[];
}

/**
 * Reads answers in the shape of `mlops.yaml` or as flat keys; YAML or JSON, which is YAML too. A key in a section that
 * is no question is let be where `isRetired` says that it was one.
 * Throws one usage error with every unknown key, invalid answer and syntax problem, by line and column.
 */
export function parseAnswersFile(
  path: string,
  text: string,
  questions: readonly Question[],
  source: Source,
  isRetired: (key: string) => boolean = () => false,
): AnswersFile {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw malformed(path, [{ path, message: 'it is larger than 256 KiB' }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { path, line, column: col };
  };
  if (document.errors.length > 0) {
    throw malformed(
      path,
      document.errors.map((error) => ({ ...place(error.pos[0]), message: firstLine(error.message) })),
    );
  }
  const reader = new AnswersReader(questions, source, place, isRetired);
  reader.readMap(document.contents, 'top');
  if (reader.problems.length > 0) throw malformed(path, reader.problems);
  return { answers: reader.answers, generator: reader.generator, retired: reader.retired };
}

class AnswersReader {
  readonly answers = new Map<string, Given>();
  readonly problems: ErrorDetail[] = [];
  readonly retired: string[] = [];
  generator: string | undefined;
  readonly #questions: ReadonlyMap<string, Question>;
  readonly #source: Source;
  readonly #place: (offset: number) => { path: string; line: number; column: number };
  readonly #isRetired: (key: string) => boolean;

  constructor(
    questions: readonly Question[],
    source: Source,
    place: (offset: number) => { path: string; line: number; column: number },
    isRetired: (key: string) => boolean,
  ) {
    this.#questions = new Map(questions.map((question) => [question.key, question]));
    this.#source = source;
    this.#place = place;
    this.#isRetired = isRetired;
  }

  readMap(node: unknown, level: 'top' | 'section'): void {
    if (node === null || (isScalar(node) && node.value === null)) return;
    if (!isMap(node)) {
      this.problems.push({ ...this.#place(0), message: 'expected answers as "key: value" lines' });
      return;
    }
    for (const pair of node.items) this.#readPair(pair, level);
  }

  #readPair({ key, value }: Pair, level: 'top' | 'section'): void {
    if (!isScalar(key)) return;
    const name = String(key.value);
    const at = this.#place(key.range?.[0] ?? 0);
    if (level === 'top' && SECTIONS.includes(name)) {
      this.readMap(value, 'section');
      return;
    }
    if (BOOKKEEPING.includes(name)) {
      if (name === 'generator' && isScalar(value)) this.generator = String(value.value);
      if (name === 'schema' && !(isScalar(value) && value.value === 1)) {
        this.problems.push({
          ...at,
          message: 'this version reads schema 1; a newer generator wrote this file',
        });
      }
      return;
    }
    const question = this.#questions.get(name);
    if (question === undefined && level === 'section' && this.#isRetired(name)) this.retired.push(name);
    else if (question === undefined) this.problems.push({ ...at, message: this.#unknown(name) });
    else this.#take(question, plainValue(value), at);
  }

  #take(question: Question, raw: unknown, at: { path: string; line: number; column: number }): void {
    const answer = parseAnswer(question, raw);
    if (answer.kind === 'invalid') this.problems.push({ ...at, message: answer.message });
    this.answers.set(question.key, { raw, source: this.#source, place: at });
  }

  #unknown(name: string): string {
    const close = nearest(name, [...this.#questions.keys()]);
    return `unknown key ${JSON.stringify(name.slice(0, 60))}${close === undefined ? '' : `; did you mean ${close}?`}`;
  }
}

/** A scalar's value, or a list of them; anything deeper is left for the question's own check to refuse. */
function plainValue(node: unknown): unknown {
  if (node !== null && typeof node === 'object' && 'toJSON' in node && typeof node.toJSON === 'function') {
    const value: unknown = node.toJSON();
    return value;
  }
  return node;
}

function firstLine(message: string): string {
  if (/multiple documents/.test(message)) return 'it holds more than one YAML document';
  return message.split('\n')[0] ?? message;
}

function malformed(path: string, problems: readonly ErrorDetail[]): Error {
  const [first] = problems;
  const where = first?.line === undefined ? '' : ` (line ${first.line}, column ${first.column ?? 1})`;
  const count = problems.length === 1 ? '' : `, 1 of ${problems.length} problems`;
  return usageError(
    `${path} cannot be used as answers${count}: ${(first?.message ?? '').replace(/\.$/, '')}${where}.`,
    'Correct the places listed; the keys are those of mlops.yaml, or of --help without the dashes.',
    problems,
  );
}
