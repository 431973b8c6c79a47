import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import {
  escapeds,
  escapeHtml,
  quoteGithubYaml,
  quoteJson,
  quotePython,
  quoteShell,
  quoteToml,
  quoteYaml,
} from '../../generators/core/render/escape.ts';
import { sampleTexts, texts } from './texts.ts';
import { yamlSpellings } from './yaml-spellings.ts';

const OPEN = '$' + '{{';
const RUNS = { numRuns: 2000 };
const LARGE = { maxBuffer: 64 * 1024 * 1024 };

describe('a text placed in YAML', () => {
  it.each(['1.1', '1.2'] as const)(
    'is the same string to a YAML %s reader, in a map, a list and a flow',
    (version) => {
      fc.assert(
        fc.property(texts, (text) => {
          const literal = quoteYaml(text);
          const document = parseDocument(`a: ${literal} # end\nb:\n  - ${literal}\nc: [${literal}, 1]\n`, {
            version,
          });
          const want = text.toWellFormed();
          expect(document.errors).toEqual([]);
          expect(document.toJS()).toEqual({ a: want, b: [want], c: [want, 1] });
        }),
        RUNS,
      );
    },
  );

  it('is spelled character by character, so that a record of all characters covers every text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const bodies = [...text].map((character) => quoteYaml(character).slice(1, -1));
        expect(quoteYaml(text)).toBe(`"${bodies.join('')}"`);
      }),
      RUNS,
    );
  });

  it('spells every character as PyYAML was seen to read it (record_pyyaml.py)', () => {
    const record = readFileSync(new URL('pyyaml-read.txt', import.meta.url), 'utf8');
    expect(record.split('\n').slice(1, -1)).toEqual(yamlSpellings());
  });

  it('is the same string in a workflow of GitHub, once its expressions are evaluated', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const read: unknown = parse(quoteGithubYaml(text));
        expect(evaluated(String(read))).toBe(text.toWellFormed());
      }),
      RUNS,
    );
  });
});

/** What GitHub makes of a string that may hold no other expression than a quoted text. */
function evaluated(text: string): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_expression, inner: string) => {
    const [, literal] = /^ '([^']*)' $/.exec(inner) ?? [];
    if (literal === undefined) throw new Error(`a live expression: ${inner}`);
    return literal;
  });
}

describe('a text placed in JSON', () => {
  it('is the same string to JSON.parse', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(JSON.parse(quoteJson(text))).toBe(text.toWellFormed());
      }),
      RUNS,
    );
  });
});

describe('thousands of texts read by Python', () => {
  const literals = {
    toml: sampleTexts.map(quoteToml),
    json: sampleTexts.map(quoteJson),
    py: sampleTexts.map(quotePython),
    html: sampleTexts.map(escapeHtml),
  };
  const input = JSON.stringify(literals);
  const output = execFileSync('python3', [new URL('readers.py', import.meta.url).pathname], {
    input,
    ...LARGE,
  });
  const read: Record<string, string[]> = JSON.parse(output.toString());

  it.each(['toml', 'json', 'py'] as const)('are the same strings in %s', (format) => {
    expect(differing(read[format])).toEqual([]);
  });

  it('are the same strings in HTML, where it has a spelling for their characters', () => {
    const inHtml = (text: string) =>
      text.replace(/(?![\t\n\r])\p{Cc}|\p{Noncharacter_Code_Point}/gu, '\ufffd');
    expect(differing(read.html, inHtml)).toEqual([]);
  });
});

describe('thousands of texts read by a shell', () => {
  const words = sampleTexts.map(quoteShell);
  const withoutNul = (text: string) => text.replaceAll('\0', '\ufffd');

  it.each(['C', 'C.UTF-8'])('are the same words in bash, locale %s, and run nothing', (locale) => {
    const script = words.map((word) => `printf '%s\\0' ${word}\n`).join('');
    expect(differing(printed('bash', script, locale), withoutNul)).toEqual([]);
  });

  it('are the same words behind `bash -c`', () => {
    const some = sampleTexts.slice(0, 400);
    const script = `printf '%s\\0' ${some.map(quoteShell).join(' ')}`;
    const output = execFileSync('bash', ['-c', script], LARGE).toString();
    expect(differing(output.split('\0').slice(0, -1), withoutNul, some)).toEqual([]);
  });

  it('are one word each in any POSIX shell, and the same word when nothing in them is hidden', () => {
    const counts = printed('sh', words.map((word) => `set -- ${word}; printf '%s\\0' "$#"\n`).join(''));
    expect(new Set(counts)).toEqual(new Set(['1']));
    const plain = words.map((word, index) => ({ word, index })).filter(({ word }) => word.startsWith("'"));
    expect(plain.length).toBeGreaterThan(500);
    const read = printed('sh', plain.map(({ word }) => `printf '%s\\0' ${word}\n`).join(''));
    expect(read).toEqual(plain.map(({ index }) => withoutNul(sampleTexts[index]?.toWellFormed() ?? '')));
  });
});

function printed(shell: string, script: string, locale = 'C.UTF-8'): string[] {
  const env = { PATH: process.env.PATH, LC_ALL: locale };
  return execFileSync(shell, ['-s'], { input: script, env, ...LARGE })
    .toString()
    .split('\0')
    .slice(0, -1);
}

/** The texts that came back as something else, and as what. */
function differing(
  read: readonly string[] | undefined,
  want: (text: string) => string = (text) => text,
  given: readonly string[] = sampleTexts,
): { readonly text: string; readonly read: string | undefined }[] {
  expect(read).toHaveLength(given.length);
  return given
    .map((text, index) => ({ text, read: read?.[index] }))
    .filter((pair) => pair.read !== want(pair.text.toWellFormed()));
}

describe('every spelling', () => {
  it('stands on one line', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const spelling of Object.values(escapeds(text)))
          expect(spelling).not.toMatch(/[\n\v\f\r\x85\u2028\u2029]/);
      }),
      RUNS,
    );
  });

  it('shows every character that it holds, in the order in which it is read', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const spelling of Object.values(escapeds(text))) {
          expect(spelling).not.toMatch(/\p{Cc}|\p{Bidi_Control}|[\u200b\u2060\ufeff]/u);
          expect(spelling.isWellFormed()).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('opens no expression of GitHub, whichever file it stands in, but for plain YAML', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { yaml: _exact, gha, ...others } = escapeds(text);
        for (const spelling of Object.values(others)) expect(spelling).not.toContain('${');
        expect(gha.replaceAll(`${OPEN} '${OPEN}' }}`, '')).not.toContain(OPEN);
      }),
      RUNS,
    );
  });
});
