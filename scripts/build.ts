import { chmodSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { clean } from './clean.ts';

// One entry a face; what they share becomes chunks. Chunks go to a folder of their own, since Yeoman takes every
// `*/index.js` below dist/generators for a generator. Dependencies stay outside: they are installed, not copied.
const ENTRIES = ['app/index', 'classify/index', 'cli/main'];

clean();
const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((name) => [`generators/${name}`, `generators/${name}.ts`])),
  platform: 'node',
  external: [/^node:/, /^(yaml|zod|inquirer|yeoman-generator)(\/|$)/],
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
});
chmodSync('dist/generators/cli/main.js', 0o755);
