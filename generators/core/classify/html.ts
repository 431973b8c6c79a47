/** Text that is markup already; only `html` makes it, so that nothing from outside gets into a page unescaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = string | number | Html | readonly Html[];

/** Markup from a template: every value is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const markup = strings.map((text, index) => {
    const value = index < values.length ? values[index] : undefined;
    return text + (value === undefined ? '' : markupOf(value));
  });
  return new Html(markup.join(''));
}

/** Markup, or nothing where there is nothing to show. */
export function shownIf(isShown: boolean, part: () => Html): Html {
  return isShown ? part() : html``;
}

function markupOf(value: Part): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(({ markup }) => markup).join('');
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** No tag, no attribute's end, and no character that turns the line around or cannot be seen. */
function escaped(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
