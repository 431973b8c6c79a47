import { rmSync } from 'node:fs';

/** Removes the build: Yeoman would prefer a stale one to the sources. */
export function clean(): void {
  rmSync('dist', { recursive: true, force: true });
}

if (import.meta.main) clean();
