import type { CommandInput } from '../cli/command.ts';
import { allChoiceQuestions, type Catalog, packageCatalog } from '../core/catalog/catalog.ts';
import { FACTS } from '../core/profile/facts.ts';
import { unansweredError } from '../core/profile/given.ts';
import type { Known, Profile } from '../core/profile/profile.ts';
import { PROJECT_QUESTIONS } from '../core/profile/project-questions.ts';
import type { Question } from '../core/profile/question.ts';
import { isOpen } from './choices.ts';

/** Without a terminal and without --yes every choice must have an answer: exit 2 lists those that have none. */
export function refuseSilence(
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

/** Every question that an answer can be given to. */
export function everyQuestion(): Question[] {
  return [...PROJECT_QUESTIONS, ...allChoiceQuestions(packageCatalog()), ...FACTS];
}

export function factsIn(known: ReadonlyMap<string, Known>): Profile {
  const keys = new Set(FACTS.map(({ key }) => key));
  return new Map([...known].filter(([key]) => keys.has(key)));
}

export function reasonFor(known: ReadonlyMap<string, Known>): string | undefined {
  const reason = known.get('reason')?.value;
  return typeof reason === 'string' ? reason : undefined;
}
