import { parse } from 'smol-toml';
import {
  type Dependency,
  type DependencyKind,
  defined,
  dependency,
  kindOfExtra,
  kindOfGroup,
} from './requirements.ts';

type Table = Readonly<Record<string, unknown>>;

/** `pyproject.toml` in all its dialects: PEP 621, dependency groups, Poetry, PDM, uv, Hatch, Pixi. */
export function pyprojectEntries(text: string): readonly Dependency[] {
  const root = tomlIn(text);
  const tool = tableIn(root, 'tool');
  const project = tableIn(root, 'project');
  return [
    ...listed(project.dependencies, 'used'),
    ...groups(tableIn(project, 'optional-dependencies'), kindOfExtra),
    ...groups(tableIn(root, 'dependency-groups'), kindOfGroup),
    ...poetryEntries(tableIn(tool, 'poetry')),
    ...groups(tableIn(tableIn(tool, 'pdm'), 'dev-dependencies'), () => 'dev'),
    ...listed(tableIn(tool, 'uv')['dev-dependencies'], 'dev'),
    ...hatchEntries(tableIn(tool, 'hatch')),
    ...keyed(tableIn(tableIn(tool, 'pixi'), 'dependencies'), 'used'),
    ...keyed(tableIn(tableIn(tool, 'pixi'), 'pypi-dependencies'), 'used'),
  ];
}

/** `Pipfile`, which is TOML. */
export function pipfileEntries(text: string): readonly Dependency[] {
  const root = tomlIn(text);
  return [...keyed(tableIn(root, 'packages'), 'used'), ...keyed(tableIn(root, 'dev-packages'), 'dev')];
}

function poetryEntries(poetry: Table): readonly Dependency[] {
  const named = Object.entries(tableIn(poetry, 'group'));
  return [
    ...keyed(tableIn(poetry, 'dependencies'), 'used'),
    ...keyed(tableIn(poetry, 'dev-dependencies'), 'dev'),
    ...named.flatMap(([name, group]) => keyed(tableIn(asTable(group), 'dependencies'), kindOfGroup(name))),
  ];
}

// An environment of Hatch is for those who work on the code, except the default one of an application.
function hatchEntries(hatch: Table): readonly Dependency[] {
  return Object.entries(tableIn(hatch, 'envs')).flatMap(([name, env]) =>
    listed(asTable(env).dependencies, name === 'default' ? 'used' : 'dev'),
  );
}

function groups(table: Table, kindOf: (name: string) => DependencyKind): readonly Dependency[] {
  return Object.entries(table).flatMap(([name, list]) => listed(list, kindOf(name)));
}

function listed(list: unknown, kind: DependencyKind): readonly Dependency[] {
  if (!Array.isArray(list)) return [];
  return defined(
    list.map((item: unknown) => (typeof item === 'string' ? dependency(item, kind) : undefined)),
  );
}

function keyed(table: Table, kind: DependencyKind): readonly Dependency[] {
  return defined(Object.keys(table).map((name) => dependency(name, kind)));
}

/** Nothing where the text is no TOML: what cannot be read is unknown. */
function tomlIn(text: string): Table {
  try {
    return asTable(parse(text));
  } catch {
    return {};
  }
}

function tableIn(table: Table, key: string): Table {
  return asTable(table[key]);
}

function asTable(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
