import type { Sign, Strength } from './sign.ts';

type Value = string | number | boolean | readonly string[];

/** A fact as it was found, with the evidence of it. */
export interface Found {
  readonly key: string;
  readonly value: Value;
  readonly strength: Strength;
  /** The first place that says so: `pyproject.toml:14`. */
  readonly where: string;
  /** What was seen, in words: one sentence without its full stop. */
  readonly says: string;
}

const LISTS = new Set(['frameworks', 'big_data_tools', 'regulation']);
const ORDER: readonly Strength[] = ['strong', 'weak', 'hint'];

/** One fact a key from all the signs; strong evidence is never mixed with weak. */
export function foundIn(signs: readonly Sign[]): readonly Found[] {
  const keys = [...new Set(signs.map(({ key }) => key))];
  return keys.flatMap((key) => {
    const all = signs.filter((sign) => sign.key === key);
    const whole = key === 'big_data_tools' ? withHalves(all) : all;
    const strength = ORDER.find((one) => whole.some((sign) => sign.strength === one));
    const best = whole.filter((sign) => sign.strength === strength);
    return strength === undefined ? [] : foundFrom(key, strength, best);
  });
}

/**
 * dask and ray are used on one machine as often as on a cluster. Beside an engine one adds nothing, alone it is weak;
 * both together are one engine.
 */
function withHalves(signs: readonly Sign[]): readonly Sign[] {
  const halves = signs.filter(({ isHalf, strength }) => isHalf === true && strength === 'strong');
  const [first] = halves;
  const rest = signs.filter(({ isHalf }) => isHalf !== true);
  if (first === undefined) return signs;
  if (rest.some(({ strength }) => strength === 'strong')) return rest;
  const areBoth = halves.some(({ value }) => value !== first.value);
  const other = signs.filter(({ isHalf, strength }) => isHalf === true && strength === 'weak');
  return [{ ...first, strength: areBoth ? 'strong' : 'weak' }, ...rest, ...other];
}

function foundFrom(key: string, strength: Strength, signs: readonly Sign[]): readonly Found[] {
  const chosen = LISTS.has(key) ? firstOfEach(signs) : oneOf(key, mostOften(signs));
  const [first] = chosen;
  if (first === undefined) return [];
  const value = LISTS.has(key) ? chosen.map((sign) => String(sign.value)) : valueFrom(key, chosen);
  return [{ key, value, strength, where: first.where, says: wordsOf(chosen) }];
}

function firstOfEach(signs: readonly Sign[]): readonly Sign[] {
  const byValue = new Map<Sign['value'], Sign>();
  for (const sign of signs) if (!byValue.has(sign.value)) byValue.set(sign.value, sign);
  return [...byValue.values()];
}

/** One sign of each value, that with the most signs first. */
function mostOften(signs: readonly Sign[]): readonly Sign[] {
  const times = (value: Sign['value']) => signs.filter((sign) => sign.value === value).length;
  return firstOfEach(signs).toSorted((a, b) => times(b.value) - times(a.value));
}

/** The signs that a choice is made from, the deciding one first. */
function oneOf(key: string, signs: readonly Sign[]): readonly Sign[] {
  const largest = (order: readonly string[]) =>
    signs.toSorted((a, b) => order.indexOf(String(b.value)) - order.indexOf(String(a.value))).slice(0, 1);
  switch (key) {
    // Two clouds, or a stream and batches, are an answer of their own; weak signs of two clouds are not.
    case 'cloud':
      return signs.every(({ strength }) => strength === 'strong') ? signs : signs.slice(0, 1);
    case 'data_velocity':
      return signs;
    case 'ci_cd':
      return largest(['partial', 'automated']);
    case 'accelerators':
      return largest(['gpu', 'multi_gpu', 'tpu']);
    default:
      return signs.slice(0, 1);
  }
}

function valueFrom(key: string, [first, second]: readonly Sign[]): Value {
  if (second === undefined) return first?.value ?? '';
  return key === 'cloud' ? 'multi' : 'mixed';
}

function wordsOf(signs: readonly Sign[]): string {
  const [first, ...more] = signs;
  const others = more.map(({ says, where }) => `${cut(says)} (${where})`);
  return [cut(first?.says ?? ''), ...others].join('; ');
}

// A name that was found may be as long as its file.
function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
