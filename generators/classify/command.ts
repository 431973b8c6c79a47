import { join } from 'node:path';
import type { Command, CommandInput } from '../cli/command.ts';
import { DETECT_OPTIONS, detectedIn, detectionWish } from '../cli/detected.ts';
import { givenAnswers } from '../cli/given-answers.ts';
import { allChoiceQuestions, packageCatalog } from '../core/catalog/catalog.ts';
import { verdictJson } from '../core/classify/json.ts';
import { classifyProfile } from '../core/classify/verdict.ts';
import { commitChanges } from '../core/commit/transaction.ts';
import { EXIT, type ExitCode, MlopsError } from '../core/errors.ts';
import { lookAt } from '../core/io/on-disk.ts';
import { classificationText } from '../core/merge/saved-answers.ts';
import type { DetectedAnswers } from '../core/profile/detected-answers.ts';
import { FACTS } from '../core/profile/facts.ts';
import { mergeGiven, resolveAnswers, unansweredError } from '../core/profile/given.ts';
import type { Profile } from '../core/profile/profile.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';
import { relPath } from '../core/rel-path.ts';
import { askedFacts, type Interview } from '../terminal/ask-facts.ts';
import { confirmedFacts } from '../terminal/confirm-found.ts';
import { foundJson, foundLines } from '../terminal/found-text.ts';
import { verdictText } from '../terminal/verdict-text.ts';

const MANIFEST = relPath('mlops.yaml');

export const classifyCommand: Command = {
  summary: 'Says which kind of MLOps an organisation needs, and why. Writes nothing unless --save.',
  usage: '',
  examples: ['', '--team-size=3 --data-volume-gb=5 --company-size=12', '--answers=answers.yaml --json'],
  options: [
    ...DETECT_OPTIONS,
    { name: 'save', help: 'write the answers to mlops.yaml here, where new finds them' },
  ],
  maxPositionals: 0,
  questions: () => FACTS,
  run,
};

// An answers file may be the mlops.yaml of a project: its other keys are known, and not used.
const answerable = () => [...PROJECT_QUESTIONS, ...allChoiceQuestions(packageCatalog()), ...FACTS];

async function run(input: CommandInput): Promise<ExitCode> {
  const { args, terminal, cwd, signal } = input;
  const wish = detectionWish(args, cwd);
  const given = givenAnswers(args, args.texts.has('answers') ? answerable() : FACTS, cwd);
  const detected = await detectedIn(wish, cwd, given);
  const { known, notes } = resolveAnswers(FACTS, mergeGiven(detected.answers, given));
  for (const note of notes) terminal.say(terminal.paint.warn(note));
  for (const line of foundLines(detected, terminal.paint)) terminal.say(line);
  const interview = await interviewed(input, known, detected);
  terminal.say(verdictText(interview, terminal));
  if (args.switches.has('save')) await save(interview, cwd, signal, terminal);
  if (args.switches.has('json'))
    terminal.result({ ...verdictJson(interview.verdict), ...foundJson(detected) });
  return interview.verdict.status === 'final' ? EXIT.done : EXIT.undecided;
}

async function interviewed(
  { args, terminal }: CommandInput,
  known: Profile,
  detected: DetectedAnswers,
): Promise<Interview> {
  if (terminal.interactive && !args.switches.has('yes')) {
    const { profile, presets, skipped } = await confirmedFacts(terminal, known, detected);
    return await askedFacts(terminal, profile, presets, skipped);
  }
  if (known.size === 0 && !args.switches.has('yes')) throw unansweredError(FACTS);
  return { profile: known, verdict: classifyProfile(known) };
}

async function save(
  { profile }: Interview,
  cwd: string,
  signal: AbortSignal,
  terminal: CommandInput['terminal'],
): Promise<void> {
  if (lookAt(cwd, MANIFEST).kind !== 'absent') {
    throw new MlopsError({
      code: 'MLOPS_E_OCCUPIED',
      exit: EXIT.refused,
      message: 'mlops.yaml is already here; nothing was written.',
      hint: 'Edit its facts, or move it away and run again.',
    });
  }
  const bytes = Buffer.from(classificationText(FACTS, profile));
  await commitChanges(
    cwd,
    [{ kind: 'write', path: MANIFEST, bytes, mode: 0o644, expect: { kind: 'absent' } }],
    { signal },
  );
  terminal.say(`The answers are in ${join(cwd, MANIFEST)}; "new" finds them in this folder.`);
}
