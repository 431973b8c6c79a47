import type { Examined } from '../examined.ts';
import { type Finding, problem } from '../finding.ts';
import type { ForeignState } from '../state-folders.ts';

// What these hold is worth keeping where a link leads to it.
const KEPT = ['.mlops', '.mlops/base', '.mlops/base.lock'];

/** A link in the generator's own folder would take a run out of the project, so every run refuses it. */
export function foreignPlaces(project: Examined): Finding[] {
  return project.foreign.map((place) =>
    problem(
      'STATE_FOREIGN',
      `${place.path} is ${place.isLink ? 'a link' : 'not what the generator put there'}; no run writes while it is.`,
      mendCommand(place, project),
    ),
  );
}

function mendCommand({ path, isLink, leads }: ForeignState, { call }: Examined): string {
  if (!KEPT.includes(path)) return `rm -r ${path}`;
  if (isLink && leads) return `cp -RL ${path} ${path}.new && rm ${path} && mv ${path}.new ${path}`;
  return `rm -r ${path} && ${call('regenerate')}`;
}
