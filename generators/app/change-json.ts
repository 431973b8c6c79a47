import type { Change } from '../core/merge/change.ts';

/** One entry of `files` in the documented JSON. */
export function changeJson({ path, op, renamedFrom, layer, why, side }: Change): object {
  return {
    path,
    op,
    ...(renamedFrom === undefined ? {} : { renamedFrom }),
    layer,
    why,
    ...(side === undefined ? {} : { side }),
  };
}
