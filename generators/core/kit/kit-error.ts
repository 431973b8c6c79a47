import { type ErrorDetail, EXIT, MlopsError } from '../errors.ts';

/** Exit 8: the kit is refused, with everything that is wrong in it. */
export function kitError(shown: string, problems: readonly ErrorDetail[]): MlopsError {
  const [first] = problems;
  const place = [first?.path, first?.line, first?.column].filter((part) => part !== undefined).join(':');
  const more = problems.length > 1 ? ` (1 of ${problems.length} problems)` : '';
  return new MlopsError({
    code: 'MLOPS_E_KIT',
    exit: EXIT.kit,
    message: `The kit ${shown} is refused${more}: ${place}: ${first?.message ?? ''}.`,
    hint: 'Mend the places listed and run again.',
    details: problems,
  });
}

/** Exit 5: nothing was written, since the kit is not where it should be. */
export function kitUnreachable(shown: string, reason: string): MlopsError {
  return new MlopsError({
    code: 'MLOPS_E_KIT_UNREACHABLE',
    exit: EXIT.refused,
    message: `The kit ${shown} cannot be read: ${reason}.`,
    hint: 'Name the folder where the kit is now, for example --kit=../acme-kit.',
  });
}
