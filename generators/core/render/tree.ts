import { MlopsError } from '../errors.ts';
import { byCodePoint, readBytes, readText } from '../io/package-files.ts';
import type { Plan } from '../plan/plan.ts';
import type { EntryMode, PlannedFile, PlannedSlot, Policy } from '../plan/planned-file.ts';
import type { RelPath } from '../rel-path.ts';
import type { TemplateData } from './data.ts';
import { githubWorkflow } from './github.ts';
import { parseTemplate, renderTemplate } from './template.ts';
import { templateError } from './template-problem.ts';

/** One file of the wanted tree. */
export interface TreeFile {
  readonly path: RelPath;
  readonly bytes: Uint8Array;
  readonly mode: EntryMode;
  readonly policy: Policy;
  readonly layer: string;
  readonly why: string;
}

/** The wanted tree, in path order. */
export type Tree = ReadonlyMap<RelPath, TreeFile>;

/** What templates may name; those of a kit that stands alone know its project only. */
type TreeData = TemplateData | Pick<TemplateData, 'project'>;

/**
 * Renders every planned file; the same plan and data give the same bytes on every machine. Throws one error with the
 * problems of all templates.
 */
export function renderTree(plan: Plan, data: TreeData): Tree {
  const tree = new Map<RelPath, TreeFile>();
  const problems: MlopsError[] = [];
  for (const file of plan) {
    const { path, mode, policy, layer, why } = file;
    try {
      tree.set(path, { path, mode, policy, layer, why, bytes: fileBytes(file, data) });
    } catch (error) {
      if (!(error instanceof MlopsError)) throw error;
      problems.push(error);
    }
  }
  const [first, ...others] = problems;
  if (first === undefined) return tree;
  const { code, exit, message, hint } = first;
  const details = [first, ...others].flatMap((problem) => problem.details);
  throw new MlopsError({ code, exit, message, hint, details, cause: first });
}

function fileBytes({ source }: PlannedFile, data: TreeData): Uint8Array {
  switch (source.kind) {
    case 'kit-copy':
      return source.bytes;
    case 'kit-link':
      return Buffer.from(source.target);
    case 'kit-template':
      return Buffer.from(renderTemplate(parseTemplate(source.file, decoded(source)), data));
    case 'copy':
      return readBytes(source.file);
    case 'template':
      return Buffer.from(rendered(source.file, { ...data, slots: slotTexts(source.slots, data) }));
    case 'workflow':
      if (!('pins' in data)) throw new Error('a workflow needs the pins');
      return Buffer.from(githubWorkflow(renderedStrings(source.workflow, data), data.pins.actions));
  }
}

function rendered(file: string, data: object): string {
  return renderTemplate(parseTemplate(shortName(file), readText(file)), data);
}

/** `capabilities/gate/files/README.md.ejs`: how errors name a template, without the place it is installed in. */
function shortName(file: string): string {
  return file.split('/templates/').at(-1) ?? file;
}

function decoded({ file, bytes }: { readonly file: string; readonly bytes: Uint8Array }): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw templateError(file, [{ at: { line: 1, column: 1 }, message: 'a template has to be UTF-8 text' }]);
  }
}

function slotTexts(slots: readonly PlannedSlot[], data: TreeData): Readonly<Record<string, string>> {
  return Object.fromEntries(slots.map((slot) => [slot.name, slotText(slot, data)]));
}

/** `set`: the lines of all fragments, sorted, each once. `blocks`: the fragments one after the other. */
function slotText({ kind, fragments }: PlannedSlot, data: TreeData): string {
  const texts = fragments.map(({ file }) => (file.endsWith('.ejs') ? rendered(file, data) : readText(file)));
  if (kind === 'blocks') return texts.join('');
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  return [...new Set(lines)]
    .sort(byCodePoint)
    .map((line) => `${line}\n`)
    .join('');
}

/** The same value with every string rendered that holds a tag. */
function renderedStrings<T>(value: T, data: TemplateData): T;
function renderedStrings(value: unknown, data: TemplateData): unknown {
  if (typeof value === 'string') {
    return value.includes('<%') ? renderTemplate(parseTemplate('jobs.yaml', value), data) : value;
  }
  if (Array.isArray(value)) return value.map((item) => renderedStrings(item, data));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renderedStrings(item, data)]));
}
