import type { CommandInput } from '../cli/command.ts';
import { gitIgnored } from '../core/io/git.ts';
import { lookAt, ownFiles } from '../core/io/on-disk.ts';
import { type LikelyMove, likelyMoves, type Stray } from '../core/merge/moved-files.ts';
import { isGenerators } from '../core/plan/emitted-path.ts';
import type { Regeneration } from '../core/regeneration.ts';
import { parseRelPath, type RelPath } from '../core/rel-path.ts';

interface Moves {
  /** Those that a person confirmed, or under `--yes` those that are no guess. */
  readonly accepted: ReadonlyMap<RelPath, RelPath>;
  readonly notes: readonly string[];
}

type Planning = (moves: ReadonlyMap<RelPath, RelPath>) => Regeneration;

/** A plan that follows the moves which are found in it and accepted. */
export async function plannedWithMoves(
  input: CommandInput,
  root: string,
  planFor: Planning,
): Promise<Regeneration> {
  const first = planFor(new Map());
  const { accepted, notes } = await foundMoves(input, root, first);
  const plan = accepted.size === 0 ? first : planFor(accepted);
  return { ...plan, notes: [...plan.notes, ...notes] };
}

/** Looks for files that are gone and that the template changed: the user may have moved them. */
async function foundMoves(input: CommandInput, root: string, plan: Regeneration): Promise<Moves> {
  const gone = new Set(
    plan.changeset.changes.flatMap(({ op, path }) => (op === 'kept-deleted' ? [path] : [])),
  );
  if (gone.size === 0) return { accepted: new Map(), notes: [] };
  const missing = [...plan.before.values()].filter(
    ({ path, policy }) => gone.has(path) && policy === 'managed',
  );
  const accepted = new Map<RelPath, RelPath>();
  const notes: string[] = [];
  for (const move of likelyMoves(missing, straysIn(root, plan))) {
    if (await isAccepted(input, move)) accepted.set(move.from, move.to);
    else
      notes.push(
        `${move.to} may be ${move.from}, moved. If so, write moved: {${move.from}: ${move.to}} in mlops.yaml.`,
      );
  }
  return { accepted, notes };
}

async function isAccepted(
  { args, terminal }: CommandInput,
  { from, to, isSure }: LikelyMove,
): Promise<boolean> {
  if (args.switches.has('yes')) return isSure;
  if (!terminal.interactive || args.switches.has('plan') || args.switches.has('check')) return false;
  const message = `Did you move ${from} to ${to}? Then changes of the template follow it.`;
  return (await terminal.ask({ kind: 'confirm', message, default: isSure })) === true;
}

/** Files that neither the base nor the templates know, and that git does not ignore. */
function straysIn(root: string, { before, changeset }: Regeneration): Stray[] {
  const known = new Set<string>([...before.keys(), ...changeset.base.keys(), ...changeset.moved.values()]);
  const unknown = ownFiles(root).filter((path) => !known.has(path) && !isGenerators(path));
  const ignored = gitIgnored(root, unknown);
  return unknown.flatMap((name) => {
    const path = parseRelPath(name);
    if (path.kind === 'refused' || ignored.has(name)) return [];
    const found = lookAt(root, path.path);
    return found.kind === 'file' ? [{ path: path.path, bytes: found.bytes }] : [];
  });
}
