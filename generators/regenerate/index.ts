import { nodeProblem } from '../cli/node-version.ts';

/** Yeoman's entry: Node is checked before anything is loaded that an old one cannot read. */
export async function createGenerator(): Promise<unknown> {
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) throw Object.assign(new Error(problem), { code: 2 });
  const { generatorFor } = await import('../cli/yeoman.ts');
  return generatorFor('regenerate');
}
