import { chmodSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { type Plugin, rolldown } from 'rolldown';
import { parse } from 'yaml';
import { clean } from './clean.ts';

// One entry a face; what they share becomes chunks. Chunks go to a folder of their own, since Yeoman takes every
// `*/index.js` below dist/generators for a generator.
const ENTRIES = ['app/index', 'classify/index', 'regenerate/index', 'cli/main'];

// Loaded file by file, these cost more than all of our own work at start-up (see docs/benchmarks.md).
const BUNDLED = ['diff', 'smol-toml', 'yaml', 'zod'];

// The manifests travel parsed as well; `core/catalog/parsed-manifests.ts` says why.
const parsedManifests: Plugin = {
  name: 'parsed-manifests',
  load: (id) => (id.endsWith('/parsed-manifests.ts') ? manifestsModule() : null),
};

clean();
const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((name) => [`generators/${name}`, `generators/${name}.ts`])),
  platform: 'node',
  plugins: [parsedManifests],
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

function manifestsModule(): string {
  const texts = ['capabilities/*/*.yaml', 'archetypes/*.yaml', 'pins.yaml']
    .flatMap((pattern) => globSync(pattern, { cwd: 'templates' }))
    .map((path) => readFileSync(`templates/${path}`, 'utf8'));
  const entries = JSON.stringify(texts.map((text) => [text, parse(text)]));
  return `export const PARSED_MANIFESTS = new Map(JSON.parse(${JSON.stringify(entries)}));`;
}

function licenceOf(name: string): string {
  return `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`;
}
