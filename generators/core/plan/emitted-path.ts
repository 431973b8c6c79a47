import { EXIT, MlopsError } from '../errors.ts';
import { parseRelPath, type RelPath } from '../rel-path.ts';

/** What `__package__` and `__name__` in a template's path stand for. */
export interface PathNames {
  readonly package: string;
  readonly name: string;
}

const OURS = /^(\.mlops(\/|$)|mlops\.yaml$)/i;

/** Whether a path belongs to the generator itself; nothing that is merged may name it. */
export function isGenerators(path: string): boolean {
  return OURS.test(path);
}

/** `src/__package__/dot_env.ejs` → `src/churn/.env`; refuses what no repository may be given. */
export function emittedPath(templatePath: string, names: PathNames): RelPath {
  const text = templatePath
    .replace(/\.ejs$/, '')
    .split('/')
    .map((part) =>
      part.replace(/^dot_/, '.').replaceAll('__package__', names.package).replaceAll('__name__', names.name),
    )
    .join('/');
  const result = parseRelPath(text);
  if (result.kind === 'refused') throw refused(text, result.reason);
  if (isGenerators(text)) throw refused(text, 'it belongs to the generator');
  return result.path;
}

function refused(path: string, reason: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_PATH',
    exit: EXIT.kit,
    message: `The path ${JSON.stringify(path)} cannot be written: ${reason}.`,
    hint: 'Rename the file in its capability or kit.',
  });
}
