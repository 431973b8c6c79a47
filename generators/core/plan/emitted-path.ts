import { EXIT, MlopsError } from '../errors.ts';
import { oneNameOf, parseRelPath, type RelPath, type RelPathResult, unportable } from '../rel-path.ts';

/** What `__package__` and `__name__` in a template's path stand for. */
export interface PathNames {
  readonly package: string;
  readonly name: string;
}

const OURS = /^(\.mlops([\\/]|$)|mlops\.yaml($|\.base[\\/]))/;

/** Whether a path belongs to the generator itself; nothing that is merged may name it. */
export function isGenerators(path: string): boolean {
  return OURS.test(oneNameOf(path));
}

/** `src/__package__/dot_env.ejs` → `src/churn/.env`; refuses what no repository may be given. */
export function emittedPath(templatePath: string, names: PathNames): RelPath {
  const result = parseEmittedPath(templatePath, names);
  if (result.kind === 'refused') throw refused(templatePath, result.reason);
  const reason = unportable(result.path);
  if (reason !== undefined) throw refused(templatePath, reason);
  return result.path;
}

/** The same for a kit, whose names are its team's: everything that is safe is taken. */
export function parseEmittedPath(templatePath: string, names: PathNames): RelPathResult {
  const text = templatePath
    .replace(/\.ejs$/, '')
    .split('/')
    .map((part) =>
      part.replace(/^dot_/, '.').replaceAll('__package__', names.package).replaceAll('__name__', names.name),
    )
    .join('/');
  if (isGenerators(text)) return { kind: 'refused', reason: 'it belongs to the generator' };
  return parseRelPath(text);
}

function refused(path: string, reason: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_PATH',
    exit: EXIT.kit,
    message: `The path ${JSON.stringify(path)} cannot be written: ${reason}.`,
    hint: 'Rename the file in its capability.',
  });
}
