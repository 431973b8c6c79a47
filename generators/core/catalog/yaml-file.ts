import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod/mini';
import { type ErrorDetail, EXIT, MlopsError } from '../errors.ts';
import { PARSED_MANIFESTS } from './parsed-manifests.ts';

const MAX_BYTES = 256 * 1024;

/** Reads YAML and checks it against a schema; throws one error that lists every problem with line and column. */
export function parseYamlFile<T>(path: string, text: string, schema: z.ZodMiniType<T>): T {
  const parsed = schema.safeParse(PARSED_MANIFESTS.get(text));
  if (parsed.success) return parsed.data;
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw invalid([{ path, message: 'the file is larger than 256 KiB' }]);
  const lines = new LineCounter();
  // maxAliasCount 0: a manifest has no use for aliases, and they multiply.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { path, line, column: col };
  };
  if (document.errors.length > 0) {
    throw invalid(document.errors.map((error) => ({ ...at(error.pos[0]), message: error.message })));
  }
  const checked = schema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (checked.success) return checked.data;
  throw invalid(
    checked.error.issues.map((issue) => ({
      ...at(offsetOf(document.contents, issue.path)),
      message: [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': '),
    })),
  );
}

/** Where in the text the value at a path begins; the nearest parent's place if the value is not there. */
function offsetOf(contents: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const step of path) {
    const next = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === step)
      : undefined;
    if (next === undefined) return offset;
    offset = isScalar(next.key) ? (next.key.range?.[0] ?? offset) : offset;
    node = next.value;
  }
  return offset;
}

function invalid(details: readonly ErrorDetail[]): MlopsError {
  const [first] = details;
  return new MlopsError({
    code: 'MLOPS_E_MANIFEST',
    exit: EXIT.kit,
    message: `${first?.path ?? 'A manifest'} is not valid: ${first?.message ?? 'unknown'}.`,
    hint: 'Mend the places listed and run again.',
    details,
  });
}
