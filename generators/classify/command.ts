import type { Command, CommandInput } from '../cli/command.ts';
import { DETECT_OPTIONS } from '../cli/detected.ts';
import type { Override, ReportParts } from '../core/classify/explanation.ts';
import { explainVerdict } from '../core/classify/explanation.ts';
import { classifyProfile } from '../core/classify/verdict.ts';
import { EXIT, type ExitCode, usageError } from '../core/errors.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { FACTS } from '../core/profile/facts.ts';
import { unansweredError } from '../core/profile/given.ts';
import { askedFacts, type Interview } from '../terminal/ask-facts.ts';
import { confirmedFacts } from '../terminal/confirm-found.ts';
import { foundJson, foundLines } from '../terminal/found-text.ts';
import { verdictText } from '../terminal/verdict-text.ts';
import { type Answers, OVERRIDE_QUESTIONS, resolvedAnswers } from './answers.ts';
import { checkOutputs, writeOutputs } from './outputs.ts';
import { chosenKind, overrideText } from './override.ts';

export const classifyCommand: Command = {
  summary:
    'Says which kind of MLOps an organisation needs, and why. Writes nothing unless --save or --report.',
  usage: '',
  examples: [
    '',
    '--team-size=3 --data-volume-gb=5 --company-size=12 --report=report.html',
    '--answers=answers.yaml --json',
  ],
  options: [
    ...DETECT_OPTIONS,
    { name: 'ask', takes: 'all', help: 'ask every question, not only what can still change the verdict' },
    { name: 'report', takes: 'FILE', help: 'write the verdict as a page for people who decide' },
    { name: 'save', help: 'write the answers to mlops.yaml here, where new finds them' },
  ],
  maxPositionals: 0,
  questions: () => [...OVERRIDE_QUESTIONS, ...FACTS],
  run,
};

async function run(input: CommandInput): Promise<ExitCode> {
  const { args, terminal } = input;
  checkAsking(input);
  const outputs = checkOutputs(input);
  const answers = await resolvedAnswers(input);
  for (const note of answers.notes) terminal.say(terminal.paint.warn(note));
  for (const line of foundLines(answers.detected, terminal.paint)) terminal.say(line);
  const interview = await interviewed(input, answers);
  terminal.say(verdictText(interview, terminal));
  const override = await chosenKind(input, interview.verdict, answers.override);
  if (override !== undefined) terminal.say(overrideText(override, terminal));
  await writeOutputs(input, outputs, interview.profile, override, () =>
    reportParts(interview, override, answers),
  );
  if (args.switches.has('json')) {
    const { verdictJson } = await import('../core/classify/json.ts');
    const verdict = verdictJson(await reportParts(interview, override, answers));
    terminal.result({ ...verdict, ...foundJson(answers.detected) });
  }
  return interview.verdict.status === 'final' ? EXIT.done : EXIT.undecided;
}

function isAsking({ args, terminal }: CommandInput): boolean {
  return terminal.interactive && !args.switches.has('yes');
}

function checkAsking(input: CommandInput): void {
  const ask = input.args.texts.get('ask');
  if (ask === undefined) return;
  if (ask !== 'all')
    throw usageError(`--ask=${ask} is not known; it takes all.`, 'Give --ask=all, or leave it out.');
  if (!isAsking(input))
    throw usageError('--ask=all has nobody to ask.', 'Run it on a terminal, without --yes and --json.');
}

async function interviewed(input: CommandInput, { profile, detected }: Answers): Promise<Interview> {
  if (isAsking(input)) {
    const { profile: confirmed, ...asking } = await confirmedFacts(input.terminal, profile, detected);
    return await askedFacts(input.terminal, confirmed, { ...asking, all: input.args.texts.has('ask') });
  }
  if (profile.size === 0 && !input.args.switches.has('yes')) throw unansweredError(FACTS);
  return { profile, verdict: classifyProfile(profile) };
}

async function reportParts(
  { profile, verdict }: Interview,
  override: Override | undefined,
  { notes }: Answers,
): Promise<ReportParts> {
  const { presetPitfalls } = await import('../core/catalog/preset-pitfalls.ts');
  const explanation = explainVerdict(profile, verdict, presetPitfalls(verdict.archetype));
  return { verdict, explanation, override, notes, generator: packageVersion() };
}
