import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Path to text. */
export type Files = ReadonlyMap<string, string>;

export function filesIn(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name).slice(folder.length + 1));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

// Where our own templates name the project, so do those of the peers: two variables.
const KEBAB = /acme-churn/g;
const SNAKE = /acme_churn/g;

/** One template a file, with its path in front, as hygen wants it. */
export function hygenTemplates(files: Files): Files {
  const named = (text: string) => text.replace(KEBAB, '<%= kebab %>').replace(SNAKE, '<%= snake %>');
  return new Map(
    [...files].map(([path, text], index) => {
      const body = named(text.replaceAll('<%', '<%%').replaceAll('%>', '%%>'));
      return [`project/new/${index}.ejs.t`, `---\nto: <%= kebab %>/${named(path)}\n---\n${body}`];
    }),
  );
}

/** Only files that name the project are templates; copier copies the others as they are. */
export function copierTemplates(files: Files): Files {
  const found = [...files].map(([path, text]): [string, string] => {
    const body = jinja(text, '');
    const same = text.search(KEBAB) < 0 && text.search(SNAKE) < 0;
    return same ? [jinja(path, ''), text] : [`${jinja(path, '')}.jinja`, body];
  });
  return new Map([...found, ['copier.yml', 'kebab: {type: str}\nsnake: {type: str}\n']]);
}

/** Every file is a template, as cookiecutter does it by itself. */
export function cookiecutterTemplates(files: Files): Files {
  const found = [...files].map(([path, text]): [string, string] => [
    join('{{ cookiecutter.kebab }}', jinja(path, 'cookiecutter.')),
    jinja(text, 'cookiecutter.'),
  ]);
  return new Map([...found, ['cookiecutter.json', '{"kebab": "", "snake": ""}\n']]);
}

function jinja(text: string, scope: string): string {
  return text
    .replace(/\{[{%#]/g, (open) => `{{ "${open}" }}`)
    .replace(KEBAB, `{{ ${scope}kebab }}`)
    .replace(SNAKE, `{{ ${scope}snake }}`);
}
