/** How text is coloured, handed in by who knows the terminal; the plain one leaves it as it is. */
export interface Painter {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
}

const same = (text: string) => text;

export const PLAIN: Painter = { strong: same, faint: same, good: same, bad: same, warn: same };

const COLUMNS = 80;

/** Text in lines of at most 80 columns; the first begins with `lead`, the others are indented as far. */
export function wrapped(lead: string, text: string, width = COLUMNS): readonly string[] {
  const room = width - lead.length;
  const lines: string[] = [];
  for (const word of visible(text).split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, index) => (index === 0 ? lead : ' '.repeat(lead.length)) + line);
}

/** Without characters that a terminal would act upon: a file name that was found may hold any. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
