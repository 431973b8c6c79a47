import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { clean } from './clean.ts';

// One entry a face; what they share becomes chunks. Chunks go to a folder of their own, since Yeoman takes every
// `*/index.js` below dist/generators for a generator.
const ENTRIES = ['app/index', 'classify/index', 'cli/main'];

// Loaded file by file, these two cost more than all of our own work at start-up (see docs/benchmarks.md).
const BUNDLED = ['yaml', 'zod'];

clean();
const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((name) => [`generators/${name}`, `generators/${name}.ts`])),
  platform: 'node',
  external: [/^node:/, /^(inquirer|yeoman-generator)(\/|$)/],
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
});
chmodSync('dist/generators/cli/main.js', 0o755);
writeFileSync('dist/THIRD_PARTY_LICENSES.txt', BUNDLED.map(licenceOf).join('\n'));

function licenceOf(name: string): string {
  return `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`;
}
