import { chmodSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { type Plugin, rolldown } from 'rolldown';
import { parse } from 'yaml';
import { clean } from './clean.ts';

// One entry a face; what they share becomes chunks. Chunks go to a folder of their own, since Yeoman takes every
// `*/index.js` below dist/generators for a generator.
const ENTRIES = ['app/index', 'classify/index', 'doctor/index', 'regenerate/index', 'cli/main'];

// Loaded file by file, these cost more than all of our own work at start-up (see docs/benchmarks.md).
const BUNDLED = ['diff', 'smol-toml', 'yaml', 'zod'];

// The manifests travel parsed as well; `core/catalog/parsed-manifests.ts` says why.
const parsedManifests: Plugin = {
  name: 'parsed-manifests',
  load: (id) => (id.endsWith('/parsed-manifests.ts') ? manifestsModule() : null),
};

// An import of a built-in module makes Node read all that the module exports, and for `node:fs` that alone loads its
// streams: five percent of what writing a repository costs.
const builtinsUnread: Plugin = {
  name: 'builtins-unread',
  renderChunk: (code) =>
    code.replace(/^import (.+) from "(node:[\w/]+)";$/gm, (_, imported: string, module: string) => {
      const [, whole, names] = /^(\w+)?(?:, )?(?:\{(.+)\})?$/.exec(imported) ?? [];
      if (whole === undefined && names === undefined)
        throw new Error(`Cannot replace an import of ${imported}`);
      if (module === 'node:child_process') return startersIn(names ?? '');
      const parts = [whole, names && `{${names.replaceAll(' as ', ': ')}}`].filter(
        (part) => part !== undefined,
      );
      return parts.map((part) => `const ${part} = process.getBuiltinModule("${module}");`).join('\n');
    }),
};

/** Most runs start no other program, so what starts one is loaded when it is called. */
function startersIn(names: string): string {
  const starters = names.split(',').map((name) => name.trim());
  return starters
    .map(
      (name) =>
        `const ${name} = (...args) => process.getBuiltinModule("node:child_process").${name}(...args);`,
    )
    .join('\n');
}

// Every chunk costs its search and its own compilation, so what a command needs beyond the ones before it is one.
const GROUPS = [
  { name: 'start', test: /generators[\\/]cli[\\/]run\.ts$/, priority: 3 },
  { name: 'facts', test: /generators[\\/]classify[\\/]command\.ts$/, priority: 2 },
  { name: 'write', test: /generators[\\/]app[\\/]command\.ts$/, priority: 1 },
];

clean();
const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((name) => [`generators/${name}`, `generators/${name}.ts`])),
  platform: 'node',
  plugins: [parsedManifests, builtinsUnread],
  external: [/^node:/, /^(inquirer|yeoman-generator)(\/|$)/],
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  codeSplitting: { groups: GROUPS },
  // The names stay, so that `--debug` shows a stack that says something.
  minify: { mangle: { keepNames: true } },
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
