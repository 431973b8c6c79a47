import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './mlops.ts';

/** What is kept between runs: the base, and the packages that builds have downloaded. */
export const CONTAINER_CACHE = join(ROOT, '.cache/container');

const SUITE = 'bookworm';
const PACKAGES = ['ca-certificates', 'python3', 'python3-pip', 'python3-venv'];

/**
 * A stand-in for the official `python:3.11-slim-bookworm`, as an archive: the same Debian, with its own
 * Python 3.11 under the official names. An emitted Dockerfile is built on it as it is.
 */
export function baseArchive(): string {
  const archive = join(CONTAINER_CACHE, `${SUITE}.tar`);
  if (existsSync(archive)) return archive;
  const root = join(CONTAINER_CACHE, `${SUITE}.root`);
  removeTree(root);
  mkdirSync(root, { recursive: true });
  const args = ['--variant=minbase', `--include=${PACKAGES.join()}`, SUITE, root, ...debianMirror()];
  execFileSync('debootstrap', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  symlinkSync('/usr/bin/python3', join(root, 'usr/local/bin/python'));
  // The official image's pip installs without a virtual environment.
  rmSync(join(root, 'usr/lib/python3.11/EXTERNALLY-MANAGED'));
  // Written from this machine; an image has neither.
  for (const path of ['etc/hostname', 'etc/resolv.conf']) rmSync(join(root, path), { force: true });
  const left = ['./proc/*', './sys/*', './dev/*', './var/cache/apt/*', './var/lib/apt/lists/*'];
  const excluded = left.map((path) => `--exclude=${path}`);
  execFileSync('tar', ['--create', `--file=${archive}.part`, `--directory=${root}`, ...excluded, '.']);
  renameSync(`${archive}.part`, archive);
  removeTree(root);
  return archive;
}

/** Where this machine's apt takes Debian from; without an answer, debootstrap's own default. */
function debianMirror(): readonly string[] {
  const args = ['indextargets', '--format', '$(SITE)', 'Created-By: Packages', `Release: ${SUITE}`];
  return execFileSync('apt-get', args, { encoding: 'utf8' }).split('\n').slice(0, 1).filter(Boolean);
}

/** Not into a mount that a broken debootstrap left there. */
function removeTree(folder: string): void {
  execFileSync('rm', ['--recursive', '--force', '--one-file-system', folder]);
}

const CLIENT_VARIABLES = [
  /^(SSL_CERT_FILE|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/,
  /^PIP_(CERT|CONFIG_FILE|DEFAULT_TIMEOUT|FIND_LINKS|NO_INDEX|PROXY|RETRIES|TRUSTED_HOST)$/,
  /^PIP_(EXTRA_)?INDEX_URL$/,
  /^UV_(CONFIG_FILE|FIND_LINKS|HTTP_TIMEOUT|INSECURE_HOST|NATIVE_TLS|NO_INDEX|SYSTEM_CERTS)$/,
  /^UV_(DEFAULT_|EXTRA_)?INDEX(_URL|_STRATEGY)?$/,
];

const CONFIG = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');

/** By path on this machine, the path at which the root of an image looks for it. */
const CLIENT_FILES: Readonly<Record<string, string>> = {
  '/etc/ssl/certs/ca-certificates.crt': '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pip.conf': '/etc/pip.conf',
  '/etc/uv/uv.toml': '/etc/uv/uv.toml',
  [join(homedir(), '.pip/pip.conf')]: '/root/.pip/pip.conf',
  [join(CONFIG, 'pip/pip.conf')]: '/root/.config/pip/pip.conf',
  [join(CONFIG, 'uv/uv.toml')]: '/root/.config/uv/uv.toml',
};

interface RegistryAccess {
  readonly variables: readonly string[];
  /** `source:target:ro` */
  readonly mounts: readonly string[];
  /** Lines of an apt configuration. */
  readonly apt: string;
}

/** How this machine reaches the package registries, so that a build on it does the same. */
export function registryAccess(): RegistryAccess {
  const variables = Object.entries(process.env).filter(([name]) =>
    CLIENT_VARIABLES.some((pattern) => pattern.test(name)),
  );
  const named = variables.map(([, value = '']) => [value, value] as const);
  const files = new Map([...Object.entries(CLIENT_FILES), ...named]);
  const dump = execFileSync('apt-config', ['dump'], { encoding: 'utf8' });
  return {
    variables: variables.map(([name, value]) => `${name}=${value}`),
    mounts: [...files]
      .filter(([source]) => source.startsWith('/') && existsSync(source))
      .map(([source, target]) => `${source}:${target}:ro`),
    apt: (dump.match(/^Acquire::(https?|Check-|ForceIP|Retries).*\n/gm) ?? []).join(''),
  };
}
