import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from './run-command.ts';
import type { Search } from './search.ts';

type Part = { package: string } & ({ program: string } | { library: readonly string[] });

/** What a build needs: Debian's package, and how to see on any distribution that its content is there. */
const PARTS: readonly Part[] = [
  { package: 'g++', program: 'c++' },
  { package: 'meson', program: 'meson' },
  { package: 'ninja-build', program: 'ninja' },
  { package: 'pkg-config', program: 'pkg-config' },
  { package: 'libuv1-dev', library: ['libuv'] },
  { package: 'libssl-dev', library: ['openssl'] },
  { package: 'libsrtp2-dev', library: ['libsrtp2'] },
  { package: 'libflatbuffers-dev', library: ['flatbuffers'] },
  { package: 'flatbuffers-compiler', program: 'flatc' },
  { package: 'libabsl-dev', library: ['absl_flat_hash_map', 'absl_inlined_vector', 'absl_optional', 'absl_strings'] },
];

/** The Debian packages that a build still lacks on this machine. */
export async function missingPackages({ env, signal }: Pick<Search, 'env' | 'signal'>): Promise<string[]> {
  const missing: string[] = [];
  for (const part of PARTS) {
    const there =
      'program' in part
        ? findProgram(part.program, env) !== undefined
        : await runCommand('pkg-config', ['--exists', ...part.library], { env, signal });
    if (!there) missing.push(part.package);
  }
  return missing;
}

export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** The command that brings the packages, for a person to run as root. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get install --no-install-recommends ${packages.join(' ')}`;
}

/** Installs packages with apt-get (root only); says whether that worked. `onLine` gets apt's output. */
export async function installPackages(
  packages: readonly string[],
  { env, signal, onLine }: Pick<Search, 'env' | 'signal'> & { onLine: (line: string) => void },
): Promise<boolean> {
  const options = {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    signal,
    onLine,
    // Killed in the middle, dpkg would leave half-installed packages; apt-get itself knows when it may stop.
    stop: 'program' as const,
  };
  // Another apt-get may be at work, as on a machine's first minutes.
  const patience = ['-o', 'DPkg::Lock::Timeout=120'];
  if (!(await runCommand('apt-get', [...patience, 'update'], options))) return false;
  return await runCommand('apt-get', [...patience, 'install', '-y', '--no-install-recommends', ...packages], options);
}
