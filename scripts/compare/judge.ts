import type { Case, Content } from './cases.ts';
import { bytesOf, type Found, filesBelow, isExecutable } from './files.ts';

/** How an update ended. */
export interface Ended {
  readonly code: number;
  readonly said: string;
}

/** What an update did to a project. */
export interface Judgement {
  /** Words that are in no file any more: the user's, and the template's that nobody was told of. */
  readonly lost: readonly string[];
  /** Those of them for which the tool neither named the file nor failed. */
  readonly silent: readonly string[];
  /** Words of the template that are in no file, as the tool said. */
  readonly leftOut: readonly string[];
  /** Left for a person, where there is one right result. */
  readonly falseConflict: boolean;
  /** Called done, where there is one right result and this is another. */
  readonly wrong: boolean;
}

const LEFT_BESIDE = /\.(rej|orig|mlops-new)$/;

export function judgedUpdate(one: Case, project: string, { code, said }: Ended): Judgement {
  const found = filesBelow(project);
  const everything = [...found.values()].map(({ bytes }) => bytes.toString('latin1')).join('\n');
  const gone = wordsIn(one).filter(([, word]) => !everything.includes(word));
  const asks = code !== 0 || [...found].some(([path, file]) => isLeft(path, file));
  const isRight = one.right === undefined || isAsWanted(one.right, found);
  const words = (of: typeof gone) => of.map(([, word]) => word);
  const isSilent = ([path]: readonly [string, string]) => code === 0 && !said.includes(path);
  const isLeftOut = (one: readonly [string, string]) => one[1].startsWith('THEIRS') && !isSilent(one);
  return {
    lost: words(gone.filter((one) => !isLeftOut(one))),
    silent: words(gone.filter(isSilent)),
    leftOut: words(gone.filter(isLeftOut)),
    falseConflict: one.right !== undefined && asks,
    wrong: !asks && !isRight,
  };
}

/** Path and word of everything that somebody brought into the project. */
function wordsIn({ yours, after }: Case): readonly (readonly [string, string])[] {
  return [...Object.entries(yours), ...Object.entries(after)].flatMap(([path, content]) =>
    content === null
      ? []
      : [
          ...bytesOf(content)
            .toString('latin1')
            .matchAll(/(?:YOURS|THEIRS)_\d+/g),
        ].map(([word]) => [path, word] as const),
  );
}

function isLeft(path: string, { bytes }: Found): boolean {
  return LEFT_BESIDE.test(path) || /^<{7} /m.test(bytes.toString('latin1'));
}

function isAsWanted(
  right: Readonly<Record<string, Content | null>>,
  found: ReadonlyMap<string, Found>,
): boolean {
  return Object.entries(right).every(([path, content]) => {
    const file = found.get(path);
    if (content === null || file === undefined) return content === null && file === undefined;
    return bytesOf(content).equals(file.bytes) && isExecutable(content) === file.executable;
  });
}
