import { join } from 'node:path';
import { type Catalog, readCatalog } from '../../generators/core/catalog/catalog.ts';
import { tempFolder, withFiles } from './folders.ts';

/** A catalog of two capabilities that has every mechanism once: slots, conditions, a seed, an executable, a job. */
const SMALL_CATALOG: Readonly<Record<string, string>> = {
  'archetypes/small-data.yaml': `
id: small-data
title: Small
why: for tests
capabilities: [base, extra]
defaults: {colour: blue}
pitfalls: {}
`,
  'capabilities/base/capability.yaml': `
id: base
title: The base
why: everything starts here
questions:
  - key: colour
    message: Which colour?
    why: It is shown.
    values: [{value: red, label: Red}, {value: blue, label: Blue}]
    default: red
  - key: ci
    message: Which CI?
    why: It checks.
    values: [{value: github, label: GitHub}, {value: none, label: none}]
    default: github
policies: {seed: [src/__package__/mine.py]}
executable: [run.sh]
slots:
  list.txt: {items: set, notes: blocks}
`,
  'capabilities/base/files/list.txt.ejs': 'items:\n<%= slots.items -%>\nnotes:\n<%= slots.notes -%>\n',
  'capabilities/base/files/run.sh': '#!/bin/sh\necho run\n',
  'capabilities/base/files/src/__package__/mine.py': '"""Yours."""\n',
  'capabilities/base/files/dot_env': 'A=1\n',
  'capabilities/base/files+colour=red/red.txt.ejs': '<%= project.name %> is red\n',
  'capabilities/base/fragments/list.txt/items': 'beta\nalpha\n',
  'capabilities/base/fragments/list.txt/notes': 'first\n',
  'capabilities/base/jobs.yaml': `
workflows:
  ci: {title: CI, why: Checks every change., on: {pullRequest: true, push: [main]}, cancelOlder: true}
jobs:
  check:
    workflow: ci
    title: Check
    why: It must work.
    timeoutMinutes: 5
    steps: [{title: Run, run: "uv run <%= project.command %>"}]
`,
  'capabilities/extra/capability.yaml': 'id: extra\ntitle: An extra\nwhy: it adds\nrequires: [base]\n',
  'capabilities/extra/fragments/list.txt/items': 'alpha\ngamma\n',
  'capabilities/extra/fragments+colour=blue/list.txt/notes.ejs': '<%= project.name %> is blue\n',
};

/** The small catalog on disk, with some files changed or added; `null` leaves one out. */
export function smallCatalog(changes: Readonly<Record<string, string | null>> = {}): Catalog {
  const entries = Object.entries({ ...SMALL_CATALOG, ...changes });
  const files = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
  const folder = withFiles(join(tempFolder(), 'templates'), files);
  return readCatalog(folder);
}
