import type { ErrorDetail, MlopsError } from '../../errors.ts';
import { gitHolds } from '../../io/git.ts';
import { APPLIED_ANSWERS, MANIFEST } from '../../merge/state.ts';
import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import { editCommand, listed } from '../words.ts';
import { installCommand } from './version.ts';

/** What stops `mlops.yaml` from being used. */
export function unusableAnswers(project: Examined): Finding[] {
  const { answers } = project;
  switch (answers.kind) {
    case 'absent':
      return [problem('ANSWERS_MISSING', 'mlops.yaml is missing.', restoreCommand(project))];
    case 'unreadable':
      return [
        problem(
          'ANSWERS_UNREADABLE',
          `mlops.yaml cannot be read: ${answers.reason}; this moves it away and takes the last good one.`,
          `mv mlops.yaml mlops.yaml.old && ${restoreCommand(project)}`,
        ),
      ];
    case 'invalid':
      return invalidAnswers(answers.error);
    case 'saved':
      return unwritable(project, answers.saved.known.get('archetype')?.value, answers.saved.generator);
  }
}

/** From the answers last applied, else from git, else by hand. */
function restoreCommand({ root, disk }: Examined): string {
  if (disk.look(APPLIED_ANSWERS).kind === 'file') return `cp ${APPLIED_ANSWERS} ${MANIFEST}`;
  return gitHolds(root, MANIFEST) ? `git checkout -- ${MANIFEST}` : editCommand([MANIFEST]);
}

function invalidAnswers(error: MlopsError): Finding[] {
  if (error.code === 'MLOPS_E_SCHEMA')
    return [problem('SCHEMA_NEWER', error.message, installCommand('latest'))];
  // Among the other files with markers.
  if (error.code === 'MLOPS_E_MARKERS') return [];
  const places = error.details.length === 0 ? [withoutFullStop(error.message)] : error.details.map(placeText);
  return [
    problem('ANSWERS_INVALID', `mlops.yaml cannot be used: ${listed(places)}.`, editCommand(['mlops.yaml'])),
  ];
}

function placeText({ line, message }: ErrorDetail): string {
  return line === undefined ? withoutFullStop(message) : `line ${line}: ${withoutFullStop(message)}`;
}

function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '');
}

/** Answers that read, and from which this version can write nothing. */
function unwritable({ catalog, generator }: Examined, archetype: unknown, writer: string): Finding[] {
  if (writer === '') {
    return [
      problem(
        'GENERATOR_UNSAID',
        'mlops.yaml does not say which version wrote the project, so no command knows it for one.',
        `echo 'generator: ${generator}' >> mlops.yaml`,
      ),
    ];
  }
  if (typeof archetype !== 'string' || archetype === 'verdict' || catalog.presets.has(archetype)) return [];
  return [
    problem(
      'ANSWERS_INVALID',
      `mlops.yaml asks for ${archetype}, which this version does not write yet; it writes ${[...catalog.presets.keys()].join(', ')}.`,
      editCommand(['mlops.yaml']),
    ),
  ];
}
