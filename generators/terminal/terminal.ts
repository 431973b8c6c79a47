import type { Painter as VerdictPainter } from '../core/classify/explanation.ts';

/** A question as it is shown on a terminal. */
export type Prompt =
  | {
      readonly kind: 'text';
      readonly message: string;
      readonly default?: string;
      readonly problemWith: (text: string) => string | undefined;
    }
  | {
      readonly kind: 'select';
      readonly message: string;
      readonly choices: readonly { readonly value: string; readonly name: string }[];
      readonly default?: string;
    }
  | { readonly kind: 'confirm'; readonly message: string; readonly default: boolean };

/** Colours, or nothing where there is no terminal or `NO_COLOR` is set. */
export interface Painter extends VerdictPainter {
  readonly accent: (text: string) => string;
}

/** What a command may say and ask; the command does not know who draws it. */
export interface Terminal {
  /** Whether a person can answer. */
  readonly interactive: boolean;
  readonly paint: Painter;
  /** Text for people; says nothing under `--json`. */
  say(text: string): void;
  /** The machine-readable result, alone on standard output. */
  result(value: object): void;
  /** Asks, and gives the text, the chosen value, or a yes or no. */
  ask(prompt: Prompt): Promise<string | boolean>;
}

const CODES = { strong: 1, faint: 2, good: 32, warn: 33, bad: 31, accent: 36 } as const;

export function painter(colour: boolean): Painter {
  const paint = (name: keyof typeof CODES) => (text: string) =>
    colour && text !== '' ? `\u001b[${CODES[name]}m${text}\u001b[0m` : text;
  return {
    strong: paint('strong'),
    faint: paint('faint'),
    good: paint('good'),
    warn: paint('warn'),
    bad: paint('bad'),
    accent: paint('accent'),
  };
}
