export interface Load {
  readonly url: string;
  readonly bodies: readonly string[];
  readonly count: number;
  readonly connections: number;
}

const WITHIN_MS = 120_000;

/** Sends `count` requests over connections that are kept alive; the milliseconds that each took. */
export async function latenciesUnder({ url, bodies, count, connections }: Load): Promise<readonly number[]> {
  const signal = AbortSignal.timeout(WITHIN_MS);
  const latencies: number[] = [];
  let sent = 0;
  const connection = async () => {
    while (sent < count) {
      const body = bodies[sent++ % bodies.length] ?? '';
      const began = performance.now();
      await answerTo(url, body, signal);
      latencies.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return latencies;
}

/** The answer to one request as text; anything but 200 is an error. */
export async function answerTo(url: string, body: string, signal?: AbortSignal): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, signal: signal ?? null });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return text;
}
