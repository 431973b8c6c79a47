/** Where something stands in a template; both count from 1, columns in UTF-16 units as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A dotted name that a template reads, from a loop around it or from the data. */
export interface TemplateName {
  readonly parts: readonly string[];
  readonly from: 'data' | 'loop';
  readonly at: Place;
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string; readonly at: Place }
  | { readonly kind: 'value'; readonly name: TemplateName }
  | {
      readonly kind: 'if';
      readonly name: TemplateName;
      readonly negated: boolean;
      readonly yes: readonly TemplateNode[];
      readonly no: readonly TemplateNode[];
    }
  | {
      readonly kind: 'for';
      readonly item: string;
      readonly name: TemplateName;
      readonly body: readonly TemplateNode[];
    };

/** A template that passed every check; only `parseTemplate` makes one. */
export interface ParsedTemplate {
  readonly path: string;
  readonly nodes: readonly TemplateNode[];
}

/**
 * The dotted names that a template reads from its data, sorted, each once, from every branch. What it reads
 * from the element of a loop hangs below the list's name and is not listed.
 */
export function templateNames({ nodes }: ParsedTemplate): string[] {
  const dotted = namesIn(nodes)
    .filter(({ from }) => from === 'data')
    .map(({ parts }) => parts.join('.'));
  return [...new Set(dotted)].sort();
}

/** Every name below some nodes, in the order of the text. */
export function namesIn(nodes: readonly TemplateNode[]): TemplateName[] {
  return nodes.flatMap(namesOf);
}

function namesOf(node: TemplateNode): TemplateName[] {
  switch (node.kind) {
    case 'text':
      return [];
    case 'value':
      return [node.name];
    case 'if':
      return [node.name, ...namesIn(node.yes), ...namesIn(node.no)];
    case 'for':
      return [node.name, ...namesIn(node.body)];
  }
}
