/** `ci=github+deploy_cloud=aws,gcp`: every key must have one of its values. An empty condition always holds. */
export type Condition = ReadonlyMap<string, readonly string[]>;

/** The chosen value of every choice question. */
export type Choices = ReadonlyMap<string, string>;

export const ALWAYS: Condition = new Map();

/** Reads a condition, or `undefined` where the text is not one. */
export function parseCondition(text: string): Condition | undefined {
  const terms = text
    .split('+')
    .map((term) => /^([a-z][a-z0-9_]*)=([a-z0-9._-]+(?:,[a-z0-9._-]+)*)$/.exec(term));
  const pairs: [string, readonly string[]][] = [];
  for (const term of terms) {
    const [, key, values] = term ?? [];
    if (key === undefined || values === undefined) return undefined;
    pairs.push([key, values.split(',')]);
  }
  return new Map(pairs);
}

export function conditionHolds(condition: Condition, choices: Choices): boolean {
  return [...condition].every(([key, values]) => values.includes(choices.get(key) ?? ''));
}
