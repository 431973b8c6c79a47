import { visible } from '../core/classify/layout.ts';
import { type Change, isUnsettled, type Op } from '../core/merge/change.ts';
import type { Painter } from './terminal.ts';

const SIGNS: Readonly<Record<Op, string>> = {
  create: '+',
  restore: '+',
  adopt: '=',
  update: '~',
  merge: '~',
  mode: '~',
  rename: '→',
  delete: '−',
  keep: ' ',
  'kept-deleted': ' ',
  detach: ' ',
  conflict: '!',
};

const MAX_LINES = 40;

/** A plan as a person reads it: what needs a decision first, then each cause with its files, then what stays. */
export function changesText(changes: readonly Change[], paint: Painter): string {
  const unsettled = changes.filter(isUnsettled);
  const written = changes.filter(
    (change) => !isUnsettled(change) && (change.writes.length > 0 || change.op === 'adopt'),
  );
  const stays = changes.filter(({ op, writes }) => op === 'keep' && writes.length === 0);
  // What the template changed and the project does not get is told by name.
  const left = changes.filter(
    (change) =>
      change.op === 'detach' ||
      change.op === 'kept-deleted' ||
      (stays.includes(change) && change.cause !== ''),
  );
  const kept = stays.filter(({ cause }) => cause === '').length;
  const causes = [...Map.groupBy(written, ({ cause }) => cause)];
  const blocks = [
    ...(unsettled.length === 0
      ? []
      : [[paint.warn(`For you to settle: ${unsettled.length}`), ...lines(unsettled)]]),
    ...causes.map(([cause, group]) => [
      paint.strong(`${cause === '' ? 'Other changes' : cause}: ${counts(group)}`),
      ...lines(group),
    ]),
    ...(left.length === 0 ? [] : [[paint.strong(`Left as you have them: ${left.length}`), ...lines(left)]]),
    ...(kept === 0
      ? []
      : [[paint.faint(kept === 1 ? '1 file stays as you have it' : `${kept} files stay as you have them`)]]),
  ];
  return blocks.map((block) => `\n${block.join('\n')}`).join('\n');
}

/** `+18 −6 ~9`. */
function counts(changes: readonly Change[]): string {
  const count = (...signs: readonly string[]) => changes.filter(({ op }) => signs.includes(SIGNS[op])).length;
  return `+${count('+')} −${count('−')} ~${count('~', '→')}`;
}

function lines(changes: readonly Change[]): string[] {
  const shown = changes.slice(0, MAX_LINES).map((change) => `  ${line(change)}`);
  const more = changes.length - shown.length;
  return more > 0 ? [...shown, `  … and ${more} more`] : shown;
}

function line({ op, path, renamedFrom, side, why, cause }: Change): string {
  const name = renamedFrom === undefined ? path : `${renamedFrom} → ${path}`;
  const reason = cause !== '' && why.startsWith(cause) ? why.slice(cause.length).replace(/^; /, '') : why;
  const beside = side === undefined ? '' : `; the template's is in ${side}`;
  return visible(`${SIGNS[op]} ${name}${reason === '' ? '' : `  ${reason}`}${beside}`);
}
