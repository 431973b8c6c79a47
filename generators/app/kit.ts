import type { CommandInput } from '../cli/command.ts';
import { givenAnswers, savedAnswers } from '../cli/given-answers.ts';
import type { ExitCode } from '../core/errors.ts';
import { folderFrom } from '../core/io/kit-folder.ts';
import { packageVersion } from '../core/io/package-files.ts';
import { readKit } from '../core/kit/kit.ts';
import { nameFromFolder, projectNames } from '../core/plan/project.ts';
import { mergeGiven, resolveAnswers } from '../core/profile/given.ts';
import type { Known } from '../core/profile/profile.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';
import { wantedKitProject } from '../core/wanted-kit.ts';
import { kitFolder, refuseAnswers } from './kit-source.ts';
import { everyQuestion } from './known.ts';
import { outcomeOf } from './outcome.ts';
import { settle } from './settle.ts';
import { chosenTarget, type Naming, namedFolder } from './target.ts';
import { changesetFor, isAgreed, previewText, writtenProject } from './write.ts';

/** `new --kit`: writes a kit that stands alone. Nothing is classified and no question is asked. */
export async function newFromKit(input: CommandInput, source: string): Promise<ExitCode> {
  const { args, terminal, cwd, signal } = input;
  const questions = everyQuestion();
  const given = givenAnswers(args, questions, cwd);
  const folder = kitFolder(source, cwd);
  const kit = readKit(folder, source, packageVersion());
  refuseAnswers(kit.name, given);
  const named = namedFolder(input);
  if (named !== undefined) settle(named, input);
  const early = savedAnswers(named, questions);
  const { known } = resolveAnswers(PROJECT_QUESTIONS, mergeGiven(early.answers, given));
  const target = await chosenTarget(input, named, withName(known, named), freeNames);
  if (named === undefined) settle(target.folder, input);
  const saved = named === undefined ? savedAnswers(target.folder, questions) : early;
  const wanted = wantedKitProject({
    generator: packageVersion(),
    project: target.project,
    kit,
    source: folderFrom(target.folder, folder),
    savedAnswers: saved.text,
  });
  const changes = changesetFor(wanted, target.folder);
  terminal.say(previewText(changes, target, terminal));
  const outcome = outcomeOf(input, null, changes, target);
  if (args.switches.has('plan')) return outcome.planned();
  if (!(await isAgreed(input))) return outcome.declined();
  const undo = await writtenProject(wanted, changes, saved.text, target, signal);
  return await outcome.written(undo);
}

const freeNames: Naming = (name, packageName) => projectNames(name, packageName, 'nothing');

/** A kit may have no use for the names, so a folder that gives none is no reason to stop. */
function withName(known: ReadonlyMap<string, Known>, folder: string | undefined): ReadonlyMap<string, Known> {
  if (folder === undefined || known.has('name')) return known;
  const name = nameFromFolder(folder);
  const isName = /^[A-Za-z]/.test(name) && name.length <= 64;
  return isName ? known : new Map(known).set('name', { value: 'project', source: 'flag' });
}
