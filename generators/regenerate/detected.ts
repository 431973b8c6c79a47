import { join, relative } from 'node:path';
import { factsIn } from '../app/known.ts';
import type { CommandInput } from '../cli/command.ts';
import { detectedIn, detectionWish } from '../cli/detected.ts';
import type { OwnTexts } from '../core/detect/own-texts.ts';
import { realFolder } from '../core/io/target.ts';
import { type DetectedAnswers, NOTHING_DETECTED } from '../core/profile/detected-answers.ts';
import type { GivenAnswers } from '../core/profile/given.ts';
import type { Known } from '../core/profile/profile.ts';
import { ownTexts } from '../core/regeneration.ts';
import type { SavedProject } from '../core/saved-project.ts';
import { confirmedFacts } from '../terminal/confirm-found.ts';
import { foundLines } from '../terminal/found-text.ts';

/** What `--detect` finds in the project, or in the folder that it names, beside the answers that there are. */
export async function detectedBeside(
  { args, cwd, terminal }: CommandInput,
  root: string,
  saved: SavedProject,
  stated: GivenAnswers,
): Promise<DetectedAnswers> {
  const wish = detectionWish(args, args.texts.has('detect') ? cwd : root);
  if (wish.kind !== 'folder') return NOTHING_DETECTED;
  const detected = await detectedIn(wish, root, stated, oursIn(realFolder(wish.folder), root, saved));
  const lines = foundLines(detected, terminal.paint);
  for (const line of lines) terminal.say(line);
  if (lines.length === 0) terminal.say('Nothing was found that is not known.');
  return detected;
}

/** What this generator wrote in a folder: the project, one inside it or around it; undefined for any other. */
function oursIn(folder: string, root: string, saved: SavedProject): OwnTexts | undefined {
  const texts = [...ownTexts(root, saved)].map(([path, text]): [string, string | undefined] => [
    relative(folder, join(root, path)),
    text,
  ]);
  const inside = texts.filter(([path]) => !path.startsWith('../'));
  return inside.length === 0 ? undefined : new Map(inside);
}

/** The answers with what was found as a person leaves it; under `--yes` and without a terminal it stays as it is. */
export async function confirmedKnown(
  { args, terminal }: CommandInput,
  known: ReadonlyMap<string, Known>,
  detected: DetectedAnswers,
): Promise<ReadonlyMap<string, Known>> {
  if (!terminal.interactive || args.switches.has('yes') || detected.facts.length === 0) return known;
  const facts = factsIn(known);
  const { profile } = await confirmedFacts(terminal, facts, detected);
  return new Map([...[...known].filter(([key]) => !facts.has(key)), ...profile]);
}
