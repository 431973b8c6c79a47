import { BIG_DATA_TOOLS, WAREHOUSES } from '../profile/tool-values.ts';

const WAREHOUSE_NAMES = new Set(WAREHOUSES.map(({ value }) => value));
const KNOWN_TOOLS = new Set(BIG_DATA_TOOLS.map(({ value }) => value));

// Spark on Databricks on a Delta lake is one engine with three names, and HDFS is where Hadoop keeps its files.
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['databricks', 'spark'],
  ['emr', 'spark'],
  ['dataproc', 'spark'],
  ['delta', 'spark'],
  ['iceberg', 'spark'],
  ['hdfs', 'hadoop'],
  ['yarn', 'hadoop'],
]);

/** A tool that computes on a cluster of one's own. A tool that we do not know is not taken for one. */
function isEngine(tool: string): boolean {
  return KNOWN_TOOLS.has(tool) && !WAREHOUSE_NAMES.has(tool);
}

/** The different engines among some tools. */
export function engineFamilies(tools: readonly string[]): ReadonlySet<string> {
  return new Set(tools.filter(isEngine).map((tool) => FAMILIES.get(tool) ?? tool));
}

const SUPERVISED = new Set(['banking', 'credit', 'insurance', 'health', 'hipaa', 'pharma', 'public_sector']);

/** A rule under which somebody outside may ask how a model decides. */
export function isSupervised(rule: string): boolean {
  return SUPERVISED.has(rule);
}

/** Rules that call for model card, audit log and approvals: every one but the privacy law that all of Europe has. */
export function isGoverned(rules: readonly string[]): boolean {
  return rules.some((rule) => rule !== 'gdpr');
}

const DEEP = new Set(['pytorch', 'tensorflow', 'jax', 'transformers']);
const LANGUAGE_MODEL_CLIENTS = new Set(['openai', 'anthropic', 'langchain']);

export function isDeep(framework: string): boolean {
  return DEEP.has(framework);
}

/** A framework that calls a model which somebody else has trained and runs. */
export function isLanguageModelClient(framework: string): boolean {
  return LANGUAGE_MODEL_CLIENTS.has(framework);
}

/** A framework that trains: vLLM only serves what was trained elsewhere. */
export function isTraining(framework: string): boolean {
  return framework !== 'vllm' && !isLanguageModelClient(framework);
}
