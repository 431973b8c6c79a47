import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MergeLabels, mergeSides, mergeText } from '../../generators/core/merge/text-merge.ts';
import { type Case, cases, LABELS } from './fixtures/git-oracle.ts';

type Encoding = (lines: readonly string[]) => Uint8Array;

const lf: Encoding = (lines) => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const crlf: Encoding = (lines) => Buffer.from(lines.map((line) => `${line}\r\n`).join(''));

function merged(sides: Case, encoding: Encoding = lf, labels: MergeLabels = LABELS) {
  const { base, yours, theirs } = sides;
  const merge = mergeText(
    'x.txt',
    { base: encoding(base), yours: encoding(yours), theirs: encoding(theirs) },
    labels,
  );
  if (merge.kind !== 'clean' && merge.kind !== 'conflict') throw new Error(merge.kind);
  return { kind: merge.kind, text: Buffer.from(merge.bytes).toString() };
}

/** Sides whose every added line is a word of its own, so that a lost one is seen. */
const distinct: fc.Arbitrary<Case> = cases(8, 16).map(({ base, yours, theirs }) => {
  const named = (side: string, lines: readonly string[]) =>
    lines.map((line, at) => (line.startsWith('line') ? line : `${side}${at}`));
  return { base, yours: named('mine', yours), theirs: named('new', theirs) };
});

const anyCase = fc.oneof(distinct, cases(3, 10), cases(30, 30));
const anyBytes = fc.oneof(
  fc
    .string({ unit: fc.constantFrom('a', 'b', '\n', '\r\n', '\r', '\uFEFF', ' ', 'é', '=') })
    .map((text) => Buffer.from(text)),
  fc
    .array(fc.constantFrom(0x61, 0x0a, 0x0d, 0xe9, 0xff, 0xef, 0xbb, 0xbf, 0x20), { maxLength: 40 })
    .map((bytes) => Buffer.from(bytes)),
);
const many = { numRuns: 2000 };

describe('a merge of any texts', () => {
  it('holds every line that the user added and every line that the template added', () => {
    const property = fc.property(distinct, (sides) => {
      const lines = new Set(merged(sides).text.split('\n'));
      const old = new Set(sides.base);
      const added = [...sides.yours, ...sides.theirs].filter((line) => !old.has(line));
      expect(added.filter((line) => !lines.has(line))).toEqual([]);
    });
    fc.assert(property, many);
  });

  it('shows all three sides of each conflict', () => {
    const property = fc.property(anyCase, (sides) => {
      const { kind, text } = merged(sides);
      fc.pre(kind === 'conflict');
      for (const [, yours = '', base = '', theirs = ''] of text.matchAll(CONFLICT)) {
        expect(sides.yours.join('\n')).toContain(yours.trimEnd());
        expect(sides.base.join('\n')).toContain(base.trimEnd());
        expect(sides.theirs.join('\n')).toContain(theirs.trimEnd());
        expect(new Set([yours, base, theirs]).size).toBe(3);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('is the same from the other side, but for whose name stands where', () => {
    const property = fc.property(anyCase, (sides) => {
      const { kind, text } = merged(sides);
      const other = merged({ base: sides.base, yours: sides.theirs, theirs: sides.yours });
      expect(other.kind).toBe(kind);
      const turned = other.text.replaceAll(CONFLICT, (_, yours, base, theirs) =>
        conflict(theirs, base, yours),
      );
      expect(turned).toBe(text);
    });
    fc.assert(property, many);
  });

  it('decides for one side exactly what it would mark', () => {
    const property = fc.property(anyCase, fc.constantFrom('yours', 'theirs'), (sides, side) => {
      const marked = merged(sides).text;
      const versions = { base: lf(sides.base), yours: lf(sides.yours), theirs: lf(sides.theirs) };
      const decided = mergeSides('x.txt', versions, side);
      const wanted = marked.replaceAll(CONFLICT, (_, yours, _base, theirs) =>
        side === 'yours' ? yours : theirs,
      );
      expect('bytes' in decided && Buffer.from(decided.bytes).toString()).toBe(wanted);
    });
    fc.assert(property, many);
  });

  it('is the same in a CRLF file, and in one that only the user saved with CRLF', () => {
    const property = fc.property(anyCase, (sides) => {
      const { kind, text } = merged(sides);
      const windows = { kind, text: text.replaceAll('\n', '\r\n') };
      expect(merged(sides, crlf)).toEqual(windows);
      fc.pre(sides.yours.length > 0);
      const mixed = mergeText(
        'x.txt',
        { base: lf(sides.base), yours: crlf(sides.yours), theirs: lf(sides.theirs) },
        LABELS,
      );
      expect('bytes' in mixed && Buffer.from(mixed.bytes).toString()).toBe(windows.text);
    });
    fc.assert(property, many);
  });
});

describe('a merge of any bytes', () => {
  it('gives the side that changed, bit for bit, where only one did or both did alike', () => {
    const property = fc.property(anyBytes, anyBytes, (a, b) => {
      expect(bytesOf({ base: a, yours: b, theirs: a })).toEqual(b.toString('latin1'));
      expect(bytesOf({ base: a, yours: b, theirs: b })).toEqual(b.toString('latin1'));
      expect(bytesOf({ base: a, yours: a, theirs: b })).toEqual(b.toString('latin1'));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it("leaves the user's bytes as they are around a change of the template", () => {
    const top = Buffer.from('one\ntwo\nthree\n');
    const property = fc.property(anyBytes, anyBytes, (a, b) => {
      const base = Buffer.concat([top, a]);
      const yours = Buffer.concat([top, b]);
      const theirs = Buffer.concat([Buffer.from('new\n'), base]);
      // The last newline is merged: here only the user can have changed it.
      expect(bytesOf({ base, yours, theirs })).toMatch(/^new\r?\none\n/);
      expect(bytesOf({ base, yours, theirs }).replace(/^new\r?\n/, '')).toBe(yours.toString('latin1'));
    });
    fc.assert(property, many);
  });
});

function bytesOf(versions: Parameters<typeof mergeText>[1]): string {
  const merge = mergeText('x.txt', versions, LABELS);
  if (merge.kind !== 'clean') throw new Error(merge.kind);
  return Buffer.from(merge.bytes).toString('latin1');
}

const CONFLICT =
  /<<<<<<< yours\n((?:.*\n)*?)\|\|\|\|\|\|\| base\n((?:.*\n)*?)=======\n((?:.*\n)*?)>>>>>>> template: small-data → hybrid\n/g;

function conflict(yours: string, base: string, theirs: string): string {
  return `<<<<<<< yours\n${yours}||||||| base\n${base}=======\n${theirs}>>>>>>> template: small-data → hybrid\n`;
}
