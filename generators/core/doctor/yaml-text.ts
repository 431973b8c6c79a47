import { parse } from 'yaml';

/** A document as plain values, unless the reader of YAML gives it up. */
export function yamlIn(
  bytes: Uint8Array,
): { readonly kind: 'read'; readonly value: unknown } | { readonly kind: 'given-up' } {
  try {
    return { kind: 'read', value: parse(Buffer.from(bytes).toString('utf8'), { logLevel: 'error' }) };
  } catch {
    // No valid YAML, or aliases without end.
    return { kind: 'given-up' };
  }
}
