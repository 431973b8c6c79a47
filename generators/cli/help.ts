import { helpLine } from '../core/profile/question.ts';
import type { OptionSpec } from './arguments.ts';
import { COMMON_OPTIONS, type Command } from './command.ts';

const OPTION_COLUMN = 32;

export function programHelp(program: string): string {
  return [
    `Usage: ${program} COMMAND [options]`,
    '',
    'Says which kind of MLOps your organisation needs and why, and writes a starter repository of that kind.',
    '',
    'Commands:',
    '  new [DIR]   ask, classify, explain, and write a repository',
    '  classify    the verdict and its reasons, without writing a repository',
    '  regenerate  bring a repository to what its answers ask for now; merges with your edits',
    '',
    `Run ${program} COMMAND --help for the options of a command.`,
    '',
    'Start with:',
    `  ${program} new churn`,
  ].join('\n');
}

/** Everything a command takes, with examples first: that is what people copy. */
export function commandHelp(name: string, command: Command, program: string): string {
  const called = program.startsWith('yo') ? yeomanName(name) : `${program} ${name}`;
  const groups = [
    ['Project', 'project'],
    ['Choices', 'choice'],
    ['Facts about the organisation (all optional; unknown ones stay unknown)', 'fact'],
  ] as const;
  return [
    `Usage: ${called} ${command.usage}`.trimEnd(),
    '',
    command.summary,
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${called} ${example}`.trimEnd()),
    '',
    'Options:',
    ...[...command.options, ...COMMON_OPTIONS].map(optionLine),
    ...groups.flatMap(([title, group]) => {
      const questions = command.questions().filter((question) => question.group === group);
      return questions.length === 0 ? [] : ['', `${title}:`, ...questions.map(helpLine)];
    }),
  ].join('\n');
}

function yeomanName(name: string): string {
  return name === 'new' ? 'yo mlops' : `yo mlops:${name}`;
}

function optionLine({ name, takes, isOptional, help }: OptionSpec): string {
  const text = takes === undefined ? '' : `=${takes}`;
  const flag = `--${name}${isOptional === true ? `[${text}]` : text}`;
  return `  ${flag.padEnd(OPTION_COLUMN)}  ${help}`;
}
