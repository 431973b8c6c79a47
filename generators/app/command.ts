import type { Command, CommandInput } from '../cli/command.ts';
import { DETECT_OPTIONS, detectedIn, detectionWish } from '../cli/detected.ts';
import { givenAnswers, savedAnswers } from '../cli/given-answers.ts';
import { choiceQuestions, packageCatalog } from '../core/catalog/catalog.ts';
import type { ExitCode } from '../core/errors.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { isWorthReading } from '../core/io/target.ts';
import { mergeGiven, resolveAnswers } from '../core/profile/given.ts';
import { wantedProject } from '../core/wanted.ts';
import { foundLines } from '../terminal/found-text.ts';
import { askedForReason, chosenPreset } from './archetype.ts';
import { chosenValues } from './choices.ts';
import { factsAndVerdict } from './facts.ts';
import { newFromKit } from './kit.ts';
import { everyQuestion, factsIn, reasonFor, refuseSilence } from './known.ts';
import { outcomeOf } from './outcome.ts';
import { archetypePage } from './page.ts';
import { settle } from './settle.ts';
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
    { name: 'kit', takes: 'FOLDER', help: "write a team's own kit instead: no classification, no archetype" },
    ...DETECT_OPTIONS,
    { name: 'plan', help: 'show what would be written, and write nothing' },
  ],
  maxPositionals: 1,
  questions: everyQuestion,
  run,
};

async function run(input: CommandInput): Promise<ExitCode> {
  const { args, terminal, cwd, signal } = input;
  const kit = args.texts.get('kit');
  if (kit !== undefined) return await newFromKit(input, kit);
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
    page: archetypePage,
    savedAnswers: saved.text,
  });
  const changes = changesetFor(wanted, target.folder);
  terminal.say(previewText(changes, target, terminal));
  const outcome = outcomeOf(input, preset.id, changes, target);
  if (args.switches.has('plan')) return outcome.planned();
  if (!(await isAgreed(input))) return outcome.declined();
  const undo = await writtenProject(wanted, changes, saved.text, target, signal);
  return await outcome.written(undo);
}

/** A person who is asked where to write may stand in the code that the new repository is to follow. */
function usualFolder(named: string | undefined, target: string, cwd: string): string {
  return named === undefined && !isWorthReading(target) ? cwd : target;
}
