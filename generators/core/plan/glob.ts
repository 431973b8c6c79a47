/**
 * Whether a path matches a pattern: `**` any folders, `*` anything within one part. The time is bounded by the
 * product of both lengths: patterns come from people, and a regular expression of many stars may never end.
 */
export function globMatches(pattern: string, path: string): boolean {
  const tokens = pattern.replace(/\*{3,}/g, '**').match(/\*\*\/|\*\*|\*|[^*]/gs) ?? [];
  let reached: ReadonlySet<number> = new Set([0]);
  for (const token of tokens) reached = reachedBy(token, path, reached);
  return reached.has(path.length);
}

/** The places in a path that a token leads to, from places that those before it led to. */
function reachedBy(token: string, path: string, from: ReadonlySet<number>): ReadonlySet<number> {
  const next = new Set<number>();
  const first = Math.min(...from, path.length + 1);
  switch (token) {
    case '**':
      for (let at = first; at <= path.length; at++) next.add(at);
      return next;
    case '**/':
      for (const at of from) next.add(at);
      for (let at = first; at < path.length; at++) if (path[at] === '/') next.add(at + 1);
      return next;
    case '*':
      for (const start of from) {
        for (let at = start; at <= path.length && !next.has(at); at++) {
          next.add(at);
          if (path[at] === '/') break;
        }
      }
      return next;
    default:
      for (const at of from) if (path[at] === token) next.add(at + 1);
      return next;
  }
}
