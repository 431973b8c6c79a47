import type { AnswerValue, ChoiceQuestion, ListQuestion, Question } from './declaration.ts';

const FLAG_COLUMN = 32;

/** `team_size` is asked for as `--team-size`. */
export function flagOf(question: Question): string {
  return `--${question.key.replaceAll('_', '-')}`;
}

/** An answer as it is written after a flag; `parseAnswer` reads it back. */
export function answerText(value: AnswerValue): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  return value.length === 0 ? 'none' : value.join(',');
}

/** One line of `--help`. */
export function helpLine(question: Question): string {
  const flag = `${flagOf(question)}=${placeholder(question)}`;
  return `  ${flag.padEnd(FLAG_COLUMN)}  ${question.message} ${bracketed(expectation(question))}`;
}

/** The line that stands in `mlops.yaml` while the answer is unknown; without its `#` it is the key to fill in. */
export function yamlComment(question: Question): string {
  return `# ${question.key}:  # ${expectation(question)}`;
}

/** One row of the table of questions in the docs. */
export function docsRow(question: Question): string {
  const cells = [`\`${question.key}\``, question.message, expectation(question), question.why];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The JSON schema of the answer in `mlops.yaml`, so that an editor completes and checks it. */
export function jsonSchemaOf(question: Question): object {
  return { description: `${question.message} ${question.why}`, ...valueSchema(question) };
}

function valueSchema(question: Question): object {
  switch (question.kind) {
    case 'count':
      return { type: 'integer', minimum: 0, maximum: question.max };
    case 'number':
      return numberSchema(question.min, question.max);
    case 'choice':
      return { ...wordSchema(question), ...defaultOf(question.default) };
    case 'list':
      return {
        anyOf: [{ type: 'array', items: wordSchema(question), uniqueItems: true }, { const: 'none' }],
      };
    case 'yes-no':
      return { type: 'boolean', ...defaultOf(question.default) };
    case 'text':
      return { type: 'string', maxLength: question.maxLength, ...defaultOf(question.default) };
  }
}

// A string too, since "1.5 TB" and "300k" are understood.
function numberSchema(minimum: number, maximum: number): object {
  return {
    anyOf: [
      { type: 'number', minimum, maximum },
      { type: 'string', pattern: '^[0-9]' },
    ],
  };
}

function wordSchema(question: ChoiceQuestion | ListQuestion): object {
  const values = question.values.map(({ value }) => value);
  return question.open === true ? { type: 'string', examples: values } : { type: 'string', enum: values };
}

function defaultOf(value: string | boolean | undefined): object {
  return value === undefined ? {} : { default: value };
}

function placeholder(question: Question): string {
  switch (question.kind) {
    case 'count':
      return 'N';
    case 'number':
      return question.unit === 'GB' ? 'SIZE' : 'NUMBER';
    case 'choice':
      return 'VALUE';
    case 'list':
      return 'LIST';
    case 'yes-no':
      return 'yes|no';
    case 'text':
      return 'TEXT';
  }
}

function expectation(question: Question): string {
  switch (question.kind) {
    case 'count':
      return withUnit('a whole number', question.unit);
    case 'number':
      return question.unit === 'GB'
        ? 'in GB, or with its unit: 500 MB, 1.5 TB'
        : withUnit('a number', question.unit);
    case 'choice':
      return valueList(question, ' | ');
    case 'list':
      return `none, or any of ${valueList(question, ', ')}`;
    case 'yes-no':
      return 'yes | no';
    case 'text':
      return `at most ${question.maxLength} characters`;
  }
}

function valueList(question: ChoiceQuestion | ListQuestion, separator: string): string {
  const values = question.values.map(({ value }) => value);
  return (question.open === true ? [...values, 'other'] : values).join(separator);
}

function withUnit(text: string, unit: string | undefined): string {
  return unit === undefined ? text : `${text}, ${unit}`;
}

function bracketed(text: string): string {
  return `[${text}]`;
}
