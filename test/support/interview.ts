import type { OnTerminal } from './on-terminal.ts';

// The line that says why, and the question below it: an answered question is drawn once more without that line.
export const QUESTION =
  / {2}[A-Z][^\n]*\.\s*\n[^\n]*\? [^\n]*\?[\s\S]*(?:Enter if unknown|I do not know|if you do not know)/;

/** Answers facts by the words of the question, Enter to all others, until something else is on the screen. */
export async function answered(
  terminal: OnTerminal,
  answers: Readonly<Record<string, string>>,
  end: RegExp,
): Promise<{ readonly asked: number; readonly screens: string }> {
  let screens = '';
  for (let asked = 0; asked < 40; asked++) {
    const screen = await terminal.until(new RegExp(`${QUESTION.source}|${end.source}`));
    screens += screen;
    if (end.test(screen)) return { asked, screens };
    const question = screen.slice(screen.search(QUESTION));
    terminal.enter(Object.entries(answers).find(([words]) => question.includes(words))?.[1] ?? '');
  }
  throw new Error(`no end after forty questions:\n${screens}`);
}
