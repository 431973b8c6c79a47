import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml';
import type { Choices } from '../catalog/condition.ts';
import { visible } from '../classify/layout.ts';
import type { KitRecord } from '../kit/record.ts';
import type { ProjectNames } from '../plan/project.ts';
import type { Known, Profile } from '../profile/profile.ts';
import { type AnswerValue, jsonSchemaOf, type Question, yamlComment } from '../profile/question.ts';
import { quoteYaml } from '../render/escape.ts';

/** Everything that `mlops.yaml` says about a project. */
export interface SavedAnswers {
  readonly generator: string;
  readonly project: ProjectNames;
  /** Undefined where a kit stands alone; then there are no facts and no choices either. */
  readonly archetype: string | undefined;
  readonly reason: string | undefined;
  readonly facts: readonly Question[];
  readonly profile: Profile;
  readonly questions: readonly Question[];
  readonly choices: Choices;
  readonly kits: readonly KitRecord[];
}

/** The text of a new `mlops.yaml`; facts that are unknown stay as comments, with units and allowed values. */
export function savedAnswersText(saved: SavedAnswers): string {
  const { project } = saved;
  const names = [project.name, project.package, project.command].map(yamlWord);
  return [
    '# yaml-language-server: $schema=.mlops/schema.json',
    'schema: 1',
    `generator: ${saved.generator}`,
    `project: {name: ${names[0]}, package: ${names[1]}, command: ${names[2]}} # fixed after creation`,
    ...(saved.archetype === undefined ? [] : [`archetype: ${saved.archetype}`]),
    ...(saved.reason === undefined ? [] : [`reason: ${quoteYaml(saved.reason)}`]),
    ...(saved.facts.length === 0 ? [] : factLines(saved.facts, saved.profile)),
    ...(saved.questions.length === 0 ? [] : ['choices:']),
    ...saved.questions.map(({ key }) => `  ${key}: ${yamlWord(saved.choices.get(key) ?? '')}`),
    `kits: ${kitsYaml(saved.kits)}`,
    'unmanaged: [] # paths that the generator never touches',
    'moved: {} # old: new, for files that you moved',
    '',
  ].join('\n');
}

/** An `mlops.yaml` that is there already, made to say what is written now; the user's comments and order stay. */
export function completedAnswersText(existing: string, saved: SavedAnswers): string {
  const document = parseDocument(existing);
  const added = parseDocument(savedAnswersText(saved));
  if (saved.archetype === undefined) for (const key of ['archetype', 'reason']) document.delete(key);
  for (const [key, known] of saved.profile) {
    setIn(document, 'facts', key, known.value);
    const node: unknown = document.getIn(['facts', key], true);
    const evidence = evidenceComment(known);
    if (evidence !== undefined && isNode(node)) node.comment = evidence;
  }
  for (const [key, value] of saved.choices) setIn(document, 'choices', key, value);
  if (isMap(added.contents)) {
    for (const { key, value } of added.contents.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (WRITTEN.includes(name) || !document.has(name)) document.set(name, value);
    }
  }
  return document.toString({ lineWidth: 0 });
}

// What an older text may say otherwise; the rest of a text that is there is the user's.
const WRITTEN = ['schema', 'generator', 'project', 'archetype', 'reason', 'kits'];

/** Sets a key of a section, which may be missing or hold nothing but comments. */
function setIn(document: Document, section: string, key: string, value: unknown): void {
  if (!isMap(document.get(section))) document.set(section, document.createNode({}));
  const before: unknown = document.getIn([section, key], true);
  const isSame = isNode(before) && JSON.stringify(before.toJSON()) === JSON.stringify(value);
  if (!isSame) document.setIn([section, key], document.createNode(value, { flow: true }));
}

/** The `mlops.yaml` of a classification alone: no `generator:`, so that it counts as answers, not as a project. */
export function classificationText(
  facts: readonly Question[],
  profile: Profile,
  override?: { readonly archetype: string; readonly reason: string | undefined },
): string {
  const chosen = override === undefined ? [] : [`archetype: ${override.archetype}`];
  const reason = override?.reason === undefined ? [] : [`reason: ${quoteYaml(override.reason)}`];
  return ['schema: 1', ...chosen, ...reason, ...factLines(facts, profile), ''].join('\n');
}

/** The `facts:` section: what is known as values, the rest as comments to fill in. */
function factLines(facts: readonly Question[], profile: Profile): string[] {
  const lines = facts.map((fact) => {
    const known = profile.get(fact.key);
    if (known === undefined) return `  ${yamlComment(fact)}`;
    const evidence = evidenceComment(known);
    return `  ${fact.key}: ${yamlValue(known.value)}${evidence === undefined ? '' : ` #${evidence}`}`;
  });
  return [
    profile.size === 0 ? 'facts: {} # remove the braces and the # of what you know' : 'facts:',
    ...lines,
  ];
}

/** Where a fact was found, so that who reads it later can look; nothing for what a person said. */
export function evidenceComment(known: Known | undefined): string | undefined {
  return known?.source === 'detected' && known.where !== undefined
    ? ` found: ${visible(known.where)}`
    : undefined;
}

/** What a key of `mlops.yaml` may hold. */
export type SavedValue = AnswerValue | Readonly<Record<string, string>> | readonly KitRecord[];

/** An answer, a small map of texts or the kits, as it is written in `mlops.yaml`. */
export function answerYaml(value: SavedValue): string {
  if (isKits(value)) return kitsYaml(value);
  if (typeof value !== 'object' || isList(value)) return yamlValue(value);
  const entries = Object.entries(value).map(([key, text]) => `${quoteYaml(key)}: ${quoteYaml(text)}`);
  return `{${entries.join(', ')}}`;
}

function isKits(value: SavedValue): value is readonly KitRecord[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object');
}

function kitsYaml(kits: readonly KitRecord[]): string {
  const entries = kits.map(
    ({ name, version, source, hash }) =>
      `{name: ${yamlWord(name)}, version: ${quoteYaml(version)}, source: ${quoteYaml(source)}, hash: ${quoteYaml(hash)}}`,
  );
  return `[${entries.join(', ')}]`;
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function yamlValue(value: AnswerValue): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? yamlWord(value) : `[${value.map(yamlWord).join(', ')}]`;
}

/** A plain word without quotes, as a person would write it; all else quoted. */
function yamlWord(text: string): string {
  const isPlain = /^[a-z][a-z_-]*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(text);
  return isPlain ? text : quoteYaml(text);
}

/** The JSON schema of `mlops.yaml`, for editors. */
export function answersSchema(facts: readonly Question[], choices: readonly Question[]): object {
  const properties = (questions: readonly Question[]) =>
    Object.fromEntries(questions.map((question) => [question.key, jsonSchemaOf(question)]));
  const section = (questions: readonly Question[]) => ({
    type: ['object', 'null'],
    additionalProperties: false,
    properties: properties(questions),
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mlops.yaml',
    type: 'object',
    required: ['schema'],
    additionalProperties: false,
    properties: {
      schema: { const: 1 },
      generator: { type: 'string' },
      project: { type: 'object' },
      archetype: { enum: ['small-data', 'big-data', 'hybrid', 'large-scale'] },
      reason: { type: 'string', maxLength: 500 },
      facts: section(facts),
      choices: section(choices),
      kits: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name', 'version', 'source', 'hash'],
          additionalProperties: { type: 'string' },
        },
      },
      unmanaged: { type: 'array', items: { type: 'string' } },
      moved: { type: 'object', additionalProperties: { type: 'string' } },
    },
  };
}
