import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { casesIn } from '../test/classify/labelled.ts';
import { agreementTable, findingsTable } from './classifier/agreement.ts';
import { classifierFigures, pageWith } from './classifier/figures.ts';

// Every figure of docs/classifier.md. Without arguments it writes them into the page; with the paths of files of
// labelled cases it prints how well the verdicts agree with those.
const PAGE = resolve(import.meta.dirname, '../docs/classifier.md');
const files = process.argv.slice(2);

if (files.length === 0) {
  const figures = await classifierFigures();
  writeFileSync(PAGE, pageWith(readFileSync(PAGE, 'utf8'), figures));
  for (const [name, text] of figures) process.stdout.write(`${name}\n\n${text}\n\n`);
} else {
  const sets = files.flatMap((name) => {
    const cases = casesIn(readFileSync(name, 'utf8'));
    return [
      { name, cases },
      { name: `${name} without org_type`, cases, dropped: ['org_type'] },
    ];
  });
  process.stdout.write(
    `${agreementTable(sets)}\n\n${findingsTable(sets.filter(({ name }) => files.includes(name)))}\n`,
  );
}
