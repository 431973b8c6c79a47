import { type TemplateProblem, templateError } from './template-problem.ts';
import type { ParsedTemplate, Place, TemplateName, TemplateNode } from './template-tree.ts';
import { isPlain, kindOf, namedValue, type Scope } from './template-values.ts';

// Loops without text cost time but no output, so the nodes and turns have a bound of their own.
const MAX_STEPS = 100_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * The text of a template over plain data. Own properties only; nothing is evaluated and no accessor is called.
 * Throws one MLOPS_E_TEMPLATE for all unknown names and wrong types that it meets, or when a bound is passed
 * (100,000 nodes and turns of loops, 1 MiB of text).
 */
export function renderTemplate({ path, nodes }: ParsedTemplate, data: object): string {
  const run: Run = { path, data, bytes: 0, steps: 0, problems: new Map() };
  const text = nodesText(run, nodes, undefined);
  if (run.problems.size > 0) throw templateError(path, [...run.problems.values()]);
  return text;
}

interface Run {
  readonly path: string;
  readonly data: object;
  bytes: number;
  steps: number;
  /** By place, so that a loop reports a tag once. */
  readonly problems: Map<Place, TemplateProblem>;
}

function nodesText(run: Run, nodes: readonly TemplateNode[], scope: Scope | undefined): string {
  let text = '';
  for (const node of nodes) text += nodeText(run, node, scope);
  return text;
}

function nodeText(run: Run, node: TemplateNode, scope: Scope | undefined): string {
  countStep(run, node.kind === 'text' ? node.at : node.name.at);
  switch (node.kind) {
    case 'text':
      return counted(run, node.text, node.at);
    case 'value':
      return counted(run, valueText(run, node.name, scope), node.name.at);
    case 'if':
      return conditionText(run, node, scope);
    case 'for':
      return loopText(run, node, scope);
  }
}

function valueText(run: Run, name: TemplateName, scope: Scope | undefined): string {
  const value = knownValue(run, name, scope);
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  const endings = isPlain(value) ? `; it has .${Object.keys(value).sort().slice(0, 12).join(', .')}` : '';
  reportKind(run, name, value, `only a text, a number, true and false can be printed${endings}`);
  return '';
}

type NodeOf<Kind> = Extract<TemplateNode, { readonly kind: Kind }>;

function conditionText(run: Run, { name, negated, yes, no }: NodeOf<'if'>, scope: Scope | undefined): string {
  const value = knownValue(run, name, scope);
  if (typeof value === 'boolean') return nodesText(run, value === negated ? no : yes, scope);
  reportKind(run, name, value, 'a condition needs true or false');
  return '';
}

function loopText(run: Run, { item, name, body }: NodeOf<'for'>, outer: Scope | undefined): string {
  const list = knownValue(run, name, outer);
  if (Object.hasOwn(run.data, item))
    report(run, name.at, `the loop name \`${item}\` is also a name of the data`);
  if (!Array.isArray(list)) {
    reportKind(run, name, list, 'a loop needs a list');
    return '';
  }
  let text = '';
  for (const value of list) {
    countStep(run, name.at);
    text += nodesText(run, body, { item, value, outer });
  }
  return text;
}

/** The value of a name; `undefined`, which no data may hold, where a problem was reported. */
function knownValue(run: Run, name: TemplateName, scope: Scope | undefined): unknown {
  const found = namedValue(name, run.data, scope);
  if (found.kind === 'value') return found.value;
  report(run, name.at, found.reason);
  return undefined;
}

function reportKind(run: Run, name: TemplateName, value: unknown, need: string): void {
  report(run, name.at, `\`${name.parts.join('.')}\` is ${kindOf(value)}: ${need}`);
}

/** The first problem of a place stays: what comes later follows from it. */
function report(run: Run, at: Place, message: string): void {
  if (!run.problems.has(at)) run.problems.set(at, { at, message });
}

function countStep(run: Run, at: Place): void {
  if (++run.steps > MAX_STEPS) throw tooMuch(run, at, `the loops take more than ${MAX_STEPS} steps`);
}

function counted(run: Run, text: string, at: Place): string {
  run.bytes += Buffer.byteLength(text);
  if (run.bytes > MAX_OUTPUT_BYTES) throw tooMuch(run, at, 'the text grows beyond 1 MiB here');
  return text;
}

function tooMuch(run: Run, at: Place, message: string): Error {
  return templateError(run.path, [...run.problems.values(), { at, message }]);
}
