import type { ErrorDetail, MlopsError } from '../core/errors.ts';
import type { Painter } from '../terminal/terminal.ts';

const MAX_DETAILS = 20;

/** One sentence, the places, and what to do next. */
export function errorText(error: MlopsError, paint: Painter): string {
  const details = isSaid(error) ? [] : error.details;
  const shown = details.slice(0, MAX_DETAILS).map((detail) => `  ${visible(detailText(detail))}`);
  const left = details.length - shown.length;
  return [
    `${paint.bad('✖')} ${visible(error.message)}`,
    ...shown,
    ...(left > 0 ? [`  … and ${left} more`] : []),
    `${paint.faint('→')} ${visible(error.hint)}`,
  ].join('\n');
}

/** Whether the sentence says already what the only detail says. */
function isSaid({ message, details }: MlopsError): boolean {
  const [only, ...others] = details;
  return (
    only !== undefined && others.length === 0 && only.path === undefined && message.includes(only.message)
  );
}

/** The documented shape of a failure under `--json`. */
export function errorJson({ code, message, hint, exit, details }: MlopsError): object {
  return { schema: 1, error: { code, message, hint, exit, details } };
}

function detailText({ path, line, column, message }: ErrorDetail): string {
  const place = [path, line, column].filter((part) => part !== undefined).join(':');
  return place === '' ? message : `${place}  ${message}`;
}

/** Text from outside may not move the cursor or turn the line around. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
}
