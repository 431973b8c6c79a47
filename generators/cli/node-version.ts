/** Whether this Node can run us: `^22.18 || >=24.11`, what the current Yeoman needs. No imports: it must load on any Node. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major > 24;
  return fits ? undefined : `generator-mlops needs Node 22.18+, 24.11+ or newer; this is Node ${version}.`;
}
