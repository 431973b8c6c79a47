import { shallowTokens } from './template-depth.ts';
import { nameRefusal } from './template-names.ts';
import { excerptOf, type TemplateProblem, templateError } from './template-problem.ts';
import { type Token, templateTokens } from './template-tokens.ts';
import {
  namesIn,
  type ParsedTemplate,
  type Place,
  type TemplateName,
  type TemplateNode,
} from './template-tree.ts';

/**
 * Checks a template and gives its tree. `path` is how errors name it.
 * Throws one MLOPS_E_TEMPLATE that lists every problem with line and column.
 */
export function parseTemplate(path: string, text: string): ParsedTemplate {
  const lexed = templateTokens(text);
  const { tokens, problems: tooDeep } = shallowTokens(lexed.tokens);
  const reader: Reader = { tokens, next: 0, problems: [...lexed.problems, ...tooDeep], loops: [] };
  const nodes = rootNodes(reader);
  checkShadowing(reader, nodes);
  checkDestination(reader, path, nodes);
  if (reader.problems.length > 0) throw templateError(path, reader.problems);
  return { path, nodes };
}

interface Reader {
  readonly tokens: readonly Token[];
  next: number;
  readonly problems: TemplateProblem[];
  /** Every loop of the template, for the check that no loop name hides another name. */
  readonly loops: { readonly item: string; readonly at: Place }[];
}

/** The names of the loops around a place, the outermost first. */
type Scope = readonly string[];

type TagToken = Extract<Token, { kind: 'tag' }>;

function rootNodes(reader: Reader): TemplateNode[] {
  const nodes: TemplateNode[] = [];
  while (reader.next < reader.tokens.length) {
    nodes.push(...blockNodes(reader, []));
    const stray = reader.tokens[reader.next++];
    if (stray?.kind === 'tag') report(reader, stray.at, `\`${excerptOf(stray.source)}\` closes no block`);
  }
  return nodes;
}

/** The nodes up to the `else` or `}` that this block does not own, or to the end. */
function blockNodes(reader: Reader, scope: Scope): TemplateNode[] {
  const nodes: TemplateNode[] = [];
  for (;;) {
    const token = reader.tokens[reader.next];
    if (token === undefined || isEnd(token)) return nodes;
    reader.next++;
    const node = token.kind === 'text' ? token : tagNode(reader, token, scope);
    if (node !== undefined) nodes.push(node);
  }
}

function isEnd(token: Token): boolean {
  return token.kind === 'tag' && (token.tag.kind === 'else' || token.tag.kind === 'end');
}

function tagNode(reader: Reader, token: TagToken, scope: Scope): TemplateNode | undefined {
  const { tag } = token;
  switch (tag.kind) {
    case 'value':
      return { kind: 'value', name: nameOf(reader, token, tag.name, scope) };
    case 'if': {
      const name = nameOf(reader, token, tag.name, scope);
      return { kind: 'if', name, negated: tag.negated, ...branches(reader, token, scope) };
    }
    case 'for':
      return forNode(reader, token, tag, scope);
    case 'block':
      branches(reader, token, scope);
      return undefined;
    case 'else':
    case 'end':
      return undefined;
  }
}

function branches(
  reader: Reader,
  opener: TagToken,
  scope: Scope,
): { yes: TemplateNode[]; no: TemplateNode[] } {
  const yes = blockNodes(reader, scope);
  const hasElse = tagKindAt(reader) === 'else';
  if (hasElse) reader.next++;
  const no = hasElse ? blockNodes(reader, scope) : [];
  closeBlock(reader, opener, scope, 'a condition has one `else`');
  return { yes, no };
}

function forNode(
  reader: Reader,
  token: TagToken,
  tag: { readonly item: string; readonly name: string },
  scope: Scope,
): TemplateNode {
  const name = nameOf(reader, token, tag.name, scope);
  const at = placeIn(token, '<% for (const '.length);
  const refusal = nameRefusal([tag.item]);
  if (refusal !== undefined) report(reader, at, refusal);
  if (scope.includes(tag.item)) report(reader, at, `\`${tag.item}\` hides the loop name of the same name`);
  reader.loops.push({ item: tag.item, at });
  const bodyScope = [...scope, tag.item];
  const body = blockNodes(reader, bodyScope);
  closeBlock(reader, token, bodyScope, '`else` belongs to a condition, not to a loop');
  return { kind: 'for', item: tag.item, name, body };
}

/** Steps over the `}` of a block; an `else` that stands there is reported and what it holds is read on. */
function closeBlock(reader: Reader, opener: TagToken, scope: Scope, elseProblem: string): void {
  while (tagKindAt(reader) === 'else') {
    report(reader, reader.tokens[reader.next++]?.at ?? opener.at, elseProblem);
    blockNodes(reader, scope);
  }
  if (tagKindAt(reader) === 'end') reader.next++;
  else report(reader, opener.at, `\`${excerptOf(opener.source)}\` is never closed`);
}

function tagKindAt(reader: Reader): string | undefined {
  const token = reader.tokens[reader.next];
  return token?.kind === 'tag' ? token.tag.kind : undefined;
}

function nameOf(reader: Reader, token: TagToken, dotted: string, scope: Scope): TemplateName {
  const parts = dotted.split('.');
  const [first = ''] = parts;
  const from = scope.includes(first) ? 'loop' : 'data';
  const at = placeIn(token, token.source.lastIndexOf(dotted));
  const refusal = nameRefusal(parts) ?? (from === 'data' && parts.length < 2 ? undotted(first) : undefined);
  if (refusal !== undefined) report(reader, at, refusal);
  return { parts, from, at };
}

function undotted(name: string): string {
  return `\`${name}\` is not the name of a loop around it, and every other name has a dot`;
}

/** A loop name may not also begin a name of the data, anywhere: a reader would take one for the other. */
function checkShadowing(reader: Reader, nodes: readonly TemplateNode[]): void {
  const roots = new Set(
    namesIn(nodes).flatMap(({ from, parts }) => (from === 'data' ? parts.slice(0, 1) : [])),
  );
  for (const { item, at } of reader.loops) {
    if (roots.has(item))
      report(reader, at, `\`${item}\` is also used outside of this loop: give it another name`);
  }
}

// Where GitHub evaluates what YAML gives; a job of `jobs.yaml` is printed into such a file.
const GITHUB_YAML = /(^|\/)(\.|dot_)github\/.*\.ya?ml|(^|\/)jobs\.yaml/;
const LIVE_THERE = new Set(['yaml', 'json', 'toml', 'py']);

/** A typed `${{ secrets.X }}` must not run, so there only spellings may stand in which it cannot (see escape.ts). */
function checkDestination(reader: Reader, path: string, nodes: readonly TemplateNode[]): void {
  if (!GITHUB_YAML.test(path)) return;
  for (const { parts, at } of namesIn(nodes)) {
    if (!LIVE_THERE.has(parts.at(-1) ?? '')) continue;
    report(reader, at, `\`${parts.join('.')}\`: a workflow spells a text \`.gha\`, and in a command \`.sh\``);
  }
}

/** A tag stands on one line, so a place in it differs in the column only. */
function placeIn({ at }: TagToken, offset: number): Place {
  return { line: at.line, column: at.column + offset };
}

function report(reader: Reader, at: Place, message: string): void {
  reader.problems.push({ at, message });
}
