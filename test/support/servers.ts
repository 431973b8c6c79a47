import { createServer } from 'node:net';

const MINUTE = 60_000;

/** A port of this machine that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((settle, fail) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? settle(address.port) : fail(new Error('no port')),
      );
    });
  });
}

/** Waits, at most a minute, until something is so. What throws is not so yet. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + MINUTE;
  while (Date.now() < deadline) {
    if (await isTrue().catch(() => false)) return;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Error('it did not become so within a minute');
}
