import type { OnDisk } from '../../io/on-disk.ts';
import type { Change, NewContent } from '../../merge/change.ts';
import type { Pins } from '../../render/pins.ts';

/** Versions that a plan brings, and the files that it brings them to. */
interface NewerPins {
  readonly names: readonly string[];
  readonly paths: ReadonlySet<string>;
}

/** Finds the pins that are in the text to be written and not in the one that is there. */
export function newerPins(changes: readonly Change[], pins: Pins): NewerPins {
  const wanted = pinTexts(pins);
  const found = changes.flatMap(({ path, writes }) =>
    writes.flatMap((write) =>
      wanted
        .filter(({ text }) => holds(write.to, text) === true && holds(write.found, text) === false)
        .map(({ name }) => ({ path, name })),
    ),
  );
  return {
    names: [...new Set(found.map(({ name }) => name))],
    paths: new Set(found.map(({ path }) => path)),
  };
}

/** Undefined where there is no content. */
function holds(content: OnDisk | NewContent | undefined, text: string): boolean | undefined {
  return content !== undefined && 'bytes' in content ? Buffer.from(content.bytes).includes(text) : undefined;
}

/** Each pin as people call it, and as it stands in a file. */
function pinTexts({
  actions,
  python,
  images,
  tools,
}: Pins): { readonly name: string; readonly text: string }[] {
  return [
    ...Object.entries(actions).map(([name, { sha, version }]) => ({ name: `${name} ${version}`, text: sha })),
    ...Object.entries({ ...python, ...tools }).flatMap(([key, range]) => {
      const name = key.replaceAll('_', '-');
      // A build backend is written with the underscore.
      return [...new Set([name, key])].map((written) => ({
        name: `${name}${range}`,
        text: `${written}${range}`,
      }));
    }),
    ...Object.entries(images).map(([name, text]) => ({ name: `${name} ${text}`, text })),
  ];
}
