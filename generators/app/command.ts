import type { Command, CommandInput } from '../cli/command.ts';
import { DETECT_OPTIONS, detectedIn, detectionWish } from '../cli/detected.ts';
import { givenAnswers, savedAnswers } from '../cli/given-answers.ts';
import {
  allChoiceQuestions,
  type Catalog,
  choiceQuestions,
  packageCatalog,
} from '../core/catalog/catalog.ts';
import { pendingTransaction, recoverTransaction } from '../core/commit/recover.ts';
import { EXIT, type ExitCode, MlopsError } from '../core/errors.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { isWorthReading } from '../core/io/target.ts';
import { FACTS } from '../core/profile/facts.ts';
import { mergeGiven, resolveAnswers, unansweredError } from '../core/profile/given.ts';
import type { Known, Profile } from '../core/profile/profile.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';
import type { Question } from '../core/profile/question.ts';
import { wantedProject } from '../core/wanted.ts';
import { foundLines } from '../terminal/found-text.ts';
import { askedForReason, chosenPreset } from './archetype.ts';
import { chosenValues, isOpen } from './choices.ts';
import { factsAndVerdict } from './facts.ts';
import { outcomeOf } from './outcome.ts';
import { archetypePage } from './page.ts';
import { chosenTarget, namedFolder } from './target.ts';
import { changesetFor, isAgreed, previewText, writtenProject } from './write.ts';

export const newCommand: Command = {
  summary:
    'Asks, classifies, explains, and writes a repository that trains, gates, serves and watches a model.',
  usage: '[DIR]',
  examples: ['', 'churn', 'churn --archetype=small-data --yes', 'churn --answers=answers.yaml --yes --json'],
  options: [
    { name: 'install', help: 'set up the Python environment after writing (uv sync)' },
    { name: 'no-install', help: 'do not offer to' },
    { name: 'skip-install', help: 'the same as --no-install, as Yeoman calls it' },
    ...DETECT_OPTIONS,
    { name: 'plan', help: 'show what would be written, and write nothing' },
  ],
  maxPositionals: 1,
  questions: () => [...PROJECT_QUESTIONS, ...allChoiceQuestions(packageCatalog()), ...FACTS],
  run,
};

async function run(input: CommandInput): Promise<ExitCode> {
  const { args, terminal, cwd, signal } = input;
  const catalog = packageCatalog();
  const all = newCommand.questions();
  const given = givenAnswers(args, all, cwd);
  const named = namedFolder(input);
  const wish = detectionWish(args, cwd);
  if (named !== undefined) settle(named, input);
  const early = savedAnswers(named, all);
  const target = await chosenTarget(
    input,
    named,
    resolveAnswers(all, mergeGiven(early.answers, given)).known,
  );
  if (named === undefined) settle(target.folder, input);
  const saved = named === undefined ? savedAnswers(target.folder, all) : early;
  const stated = mergeGiven(saved.answers, given);
  const detected = await detectedIn(wish, usualFolder(named, target.folder, cwd), stated);
  const { known, notes } = resolveAnswers(all, mergeGiven(detected.answers, stated));
  for (const note of notes) terminal.say(terminal.paint.warn(note));
  refuseSilence(input, catalog, known);
  for (const line of foundLines(detected, terminal.paint)) terminal.say(line);
  const isChosen = known.has('archetype');
  const { profile, verdict } = await factsAndVerdict(input, factsIn(known), detected, isChosen);
  const preset = await chosenPreset(input, catalog, verdict, known);
  const questions = choiceQuestions(catalog, preset);
  const choices = await chosenValues(input, questions, known);
  const reason = reasonFor(known) ?? (await askedForReason(input, { profile, verdict, preset, known }));
  const wanted = wantedProject(catalog, {
    generator: packageVersion(),
    project: target.project,
    preset,
    reason,
    profile,
    choices,
    page: (answers) => archetypePage({ profile, verdict, preset, reason }, answers),
    savedAnswers: saved.text,
  });
  const changes = changesetFor(wanted, target.folder);
  terminal.say(previewText(changes, target, terminal));
  const outcome = outcomeOf(input, preset, changes, target);
  if (args.switches.has('plan')) return outcome.planned();
  if (!(await isAgreed(input))) return outcome.declined();
  await writtenProject(wanted, changes, saved.text, target, signal);
  return await outcome.written();
}

/** A person who is asked where to write may stand in the code that the new repository is to follow. */
function usualFolder(named: string | undefined, target: string, cwd: string): string {
  return named === undefined && !isWorthReading(target) ? cwd : target;
}

/** A run that was killed behind its point of no return is finished first; a plan only says that there is one. */
function settle(folder: string, { args, terminal }: CommandInput): void {
  if (args.switches.has('plan')) {
    if (pendingTransaction(folder).kind === 'interrupted') throw interruptedRunError(folder);
    return;
  }
  const { kind } = recoverTransaction(folder, 'auto');
  if (kind === 'none') return;
  const ended = kind === 'finished' ? 'finished' : 'rolled back';
  terminal.say(terminal.paint.warn(`A run that had been interrupted was ${ended}.`));
}

function interruptedRunError(folder: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_INTERRUPTED_RUN',
    exit: EXIT.refused,
    message: `A run in ${folder} was interrupted and is not finished.`,
    hint: 'Run the command without --plan: it finishes that run first.',
  });
}

/** Without a terminal and without --yes every choice must have an answer: exit 2 lists those that have none. */
function refuseSilence(
  { args, terminal }: CommandInput,
  catalog: Catalog,
  known: ReadonlyMap<string, Known>,
): void {
  if (terminal.interactive || args.switches.has('yes')) return;
  const open: Question[] = allChoiceQuestions(catalog).filter(
    (question) => isOpen(question) && !known.has(question.key),
  );
  if (!known.has('archetype') && factsIn(known).size === 0)
    open.unshift(...PROJECT_QUESTIONS.filter(({ key }) => key === 'archetype'));
  if (open.length > 0) throw unansweredError(open);
}

function factsIn(known: ReadonlyMap<string, Known>): Profile {
  const keys = new Set(FACTS.map(({ key }) => key));
  return new Map([...known].filter(([key]) => keys.has(key)));
}

function reasonFor(known: ReadonlyMap<string, Known>): string | undefined {
  const reason = known.get('reason')?.value;
  return typeof reason === 'string' ? reason : undefined;
}
