/**
 * The values of the built-in manifests by their text. Empty here; the build fills it in, since parsing YAML is a
 * sixth of what writing a repository costs. Keyed by text, so a manifest that was changed is read anew.
 */
export const PARSED_MANIFESTS: ReadonlyMap<string, unknown> = new Map();
