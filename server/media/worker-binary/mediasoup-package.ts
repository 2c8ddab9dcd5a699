import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The installed npm package: its version, the folder of the worker's sources, and where its releases are published. */
export type Mediasoup = { version: string; workerFolder: string; releasesUrl: string };

/** Finds the mediasoup that this project runs with. Throws when it is not installed. */
export async function findMediasoup(): Promise<Mediasoup> {
  // The package exports its entry alone, which lies two folders deep.
  const entry = createRequire(import.meta.url).resolve('mediasoup');
  const folder = dirname(dirname(dirname(entry)));
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (!isManifest(manifest)) throw new Error('mediasoup is installed in a shape that is not known');
  const repository = manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return {
    version: manifest.version,
    workerFolder: join(folder, 'worker'),
    releasesUrl: `${repository}/releases/download`,
  };
}

function isManifest(value: unknown): value is { version: string; repository: { url: string } } {
  if (typeof value !== 'object' || value === null) return false;
  if (!('version' in value) || typeof value.version !== 'string' || !('repository' in value)) return false;
  const { repository } = value;
  return (
    typeof repository === 'object' && repository !== null && 'url' in repository && typeof repository.url === 'string'
  );
}
