import { readlinkSync } from 'node:fs';

/** The text that a link leads by; undefined where there is no link, or its text is not UTF-8. */
export function linkTarget(path: string | Buffer): string | undefined {
  try {
    const bytes = readlinkSync(path, { encoding: 'buffer' });
    return Buffer.from(bytes.toString()).equals(bytes) ? bytes.toString() : undefined;
  } catch {
    return undefined;
  }
}
