import { type ErrorDetail, usageError } from '../core/errors.ts';
import { flagOf, nearest, type Question } from '../core/profile/question.ts';

/** An option that is not a question: a switch, or one that takes a text. */
export interface OptionSpec {
  readonly name: string;
  readonly takes?: string;
  /** Whether it may stand without its text, which then must be joined to it: `--detect`, `--detect=FOLDER`. */
  readonly isOptional?: boolean;
  readonly help: string;
}

export interface Arguments {
  readonly positionals: readonly string[];
  readonly switches: ReadonlySet<string>;
  readonly texts: ReadonlyMap<string, string>;
  /** Answers given as flags, by question key. */
  readonly answers: ReadonlyMap<string, string>;
}

/** Reads `--key=value`, `--key value`, `--switch` and positionals; throws one usage error that lists every problem. */
export function parseArguments(
  argv: readonly string[],
  options: readonly OptionSpec[],
  questions: readonly Question[],
  maxPositionals: number,
): Arguments {
  const reader = new ArgumentReader(options, questions);
  const positionals = reader.read(argv);
  const extra = positionals.slice(maxPositionals);
  const problems = [
    ...reader.problems,
    ...extra.map((word) => ({ message: `"${cut(word)}" is one argument too many` })),
  ];
  const [first] = problems;
  if (first !== undefined) {
    throw usageError(
      `${first.message}.`,
      'Run the command with --help to see every option.',
      problems.slice(1),
    );
  }
  return { positionals, switches: reader.switches, texts: reader.texts, answers: reader.answers };
}

class ArgumentReader {
  readonly switches = new Set<string>();
  readonly texts = new Map<string, string>();
  readonly answers = new Map<string, string>();
  readonly problems: ErrorDetail[] = [];
  readonly #options: ReadonlyMap<string, OptionSpec>;
  readonly #questions: ReadonlyMap<string, Question>;

  constructor(options: readonly OptionSpec[], questions: readonly Question[]) {
    this.#options = new Map(options.map((option) => [`--${option.name}`, option]));
    this.#questions = new Map(questions.map((question) => [flagOf(question), question]));
  }

  /** Takes every option in, and gives back what is not one. */
  read(argv: readonly string[]): string[] {
    const words = [...argv];
    const positionals: string[] = [];
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      if (word === '--') return [...positionals, ...words];
      if (!word.startsWith('-') || word === '-') positionals.push(word);
      else this.#take(word, words);
    }
    return positionals;
  }

  #take(word: string, rest: string[]): void {
    const [flag = word, ...tail] = word.split('=');
    const inline = tail.length > 0 ? tail.join('=') : undefined;
    const option = this.#options.get(flag);
    const question = this.#questions.get(flag);
    if (option?.isOptional === true && inline === undefined) this.switches.add(option.name);
    else if (option !== undefined && option.takes === undefined) this.#takeSwitch(option, inline);
    else if (option !== undefined)
      this.#takeText(flag, inline ?? next(rest), (text) => this.texts.set(option.name, text));
    else if (question !== undefined) this.#takeAnswer(flag, question, inline, rest);
    else this.problems.push({ message: this.#unknown(flag) });
  }

  #takeSwitch(option: OptionSpec, inline: string | undefined): void {
    if (inline === undefined) this.switches.add(option.name);
    else this.problems.push({ message: `--${option.name} takes no value` });
  }

  #takeAnswer(flag: string, question: Question, inline: string | undefined, rest: string[]): void {
    const value = inline ?? (question.kind === 'yes-no' ? 'yes' : next(rest));
    this.#takeText(flag, value, (text) => this.answers.set(question.key, text));
  }

  #takeText(flag: string, value: string | undefined, keep: (text: string) => void): void {
    if (value === undefined) this.problems.push({ message: `${flag} needs a value: ${flag}=VALUE` });
    else keep(value);
  }

  #unknown(flag: string): string {
    if (flag === '--force') {
      const instead = this.#options.has('--conflict') ? "; --conflict=theirs takes the template's lines" : '';
      return `--force is not an option here: files that differ are never overwritten${instead}`;
    }
    const close = nearest(flag, [...this.#options.keys(), ...this.#questions.keys()]);
    return `Unknown option ${cut(flag)}${close === undefined ? '' : `; the nearest is ${close}`}`;
  }
}

/** The next word, unless it is an option of its own; `-1` is a value. */
function next(rest: string[]): string | undefined {
  const [word] = rest;
  return word === undefined || /^--/.test(word) ? undefined : rest.shift();
}

function cut(word: string): string {
  const visible = word.replace(/[\p{Cc}\p{Cf}]/gu, '�');
  return visible.length > 60 ? `${visible.slice(0, 60)}…` : visible;
}
