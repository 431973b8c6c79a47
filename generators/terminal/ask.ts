import { type AnswerValue, answerText, parseAnswer, type Question } from '../core/profile/question.ts';
import type { Terminal } from './terminal.ts';

const UNKNOWN = 'unknown';

/** Asks one question; `undefined` means that the person does not know. A preset is what Enter takes. */
export async function askQuestion(
  terminal: Terminal,
  question: Question,
  preset?: AnswerValue,
): Promise<AnswerValue | undefined> {
  terminal.say(terminal.paint.faint(`\n  ${question.why}`));
  const raw =
    question.kind === 'choice'
      ? await terminal.ask({
          kind: 'select',
          message: question.message,
          choices: choicesOf(question),
          default: preset === undefined ? UNKNOWN : answerText(preset),
        })
      : await terminal.ask({
          kind: 'text',
          message: `${question.message}${unitNote(question, preset)}`,
          ...(preset === undefined ? {} : { default: answerText(preset) }),
          problemWith: (text) => problemWith(question, text),
        });
  const answer = parseAnswer(question, raw);
  return answer.kind === 'value' ? answer.value : undefined;
}

function choicesOf(question: Question & { kind: 'choice' }): { value: string; name: string }[] {
  const choices = question.values.map(({ value, label }) => ({ value, name: label }));
  return question.group === 'fact' ? [...choices, { value: UNKNOWN, name: 'I do not know' }] : choices;
}

function unitNote(question: Question, preset: AnswerValue | undefined): string {
  const { group, unit } = question;
  const notes = [
    ...(unit === undefined || question.message.includes(unit) ? [] : [unit]),
    ...(question.kind === 'list' ? [listNote(question)] : []),
    ...(question.kind === 'yes-no' ? ['yes or no'] : []),
    ...(group === 'fact' ? [preset === undefined ? 'Enter if unknown' : '"unknown" if you do not know'] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}

/** A few of the values, so that a person knows what is meant; any other word is taken too. */
function listNote({ values }: Question & { kind: 'list' }): string {
  const names = values.slice(0, 5).map(({ value }) => value);
  return `none, or such as ${names.join(', ')}`;
}

function problemWith(question: Question, text: string): string | undefined {
  const answer = parseAnswer(question, text);
  return answer.kind === 'invalid' ? answer.message : undefined;
}
