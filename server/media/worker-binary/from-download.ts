import { createWriteStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { landInCache } from './cache.ts';
import type { Mediasoup } from './mediasoup-package.ts';
import { runCommand } from './run-command.ts';
import { openCacheFolder, type Attempt, type Search } from './search.ts';
import { startsAsWorker } from './starts-as-worker.ts';
import { sweepTempFolders, withTempFolder } from './temp-folder.ts';

const PATIENCE_MS = 8000;
const MAX_BYTES = 64 * 1024 * 1024;
const WORKER = 'mediasoup-worker';

/**
 * The worker that mediasoup's makers built for this kind of machine. Honours the variables of mediasoup's own install
 * script: MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL and MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD.
 * It gives up when no byte came for `patienceMs`, so a firewall that swallows everything costs some seconds.
 */
export async function fromDownload(search: Search, patienceMs: number = PATIENCE_MS): Promise<Attempt> {
  const { env, folder, mediasoup, report, signal } = search;
  if (env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD']) return { refusal: 'The download is switched off.' };
  const closed = await openCacheFolder(search);
  if (closed) return closed;
  await sweepTempFolders(folder, 'download-');

  report('Looking for a ready-made media worker to download');
  return await withTempFolder(folder, 'download-', async (temp) => {
    const archive = join(temp, 'worker.tgz');
    try {
      await download(prebuiltUrl(mediasoup, env), archive, patienceMs, search);
    } catch {
      signal.throwIfAborted();
      return { refusal: 'No ready-made media worker can be downloaded from here.' };
    }
    const unpacked = await runCommand('tar', ['-xzf', archive, '--no-same-owner', '-C', temp, WORKER], { env, signal });
    const file = join(temp, WORKER);
    // The archive comes from elsewhere, so a link in it is not followed out of the folder.
    const isFile = unpacked && (await lstat(file)).isFile();
    if (!isFile || !(await startsAsWorker(file, { version: mediasoup.version, env, signal }))) {
      const refusal = 'The ready-made media worker does not run on this machine.';
      report(refusal);
      return { refusal };
    }
    return await landInCache(file, search);
  });
}

/** Named as in mediasoup's npm-scripts.mjs: the kernel's major version is part of it on Linux. */
export function prebuiltUrl({ version, releasesUrl }: Mediasoup, env: NodeJS.ProcessEnv): string {
  const base = env['MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL'] || releasesUrl;
  const kernel = process.platform === 'linux' ? `-kernel${Number(release().split('.')[0])}` : '';
  return `${base}/${version}/${WORKER}-${version}-${process.platform}-${process.arch}${kernel}.tgz`;
}

async function download(url: string, file: string, patienceMs: number, { report, signal }: Search): Promise<void> {
  const stalled = new AbortController();
  const stall = setTimeout(() => stalled.abort(new Error('the download stands still')), patienceMs);
  const either = AbortSignal.any([signal, stalled.signal]);
  try {
    const response = await fetch(url, { signal: either });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`the download answers ${response.status}`);
    }
    const total = Number(response.headers.get('content-length')) || undefined;
    let done = 0;
    const { body } = response;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const bytes of body) {
        stall.refresh();
        done += bytes.length;
        if (done > MAX_BYTES) throw new Error('the download is too large');
        report('Downloading a ready-made media worker', done, total);
        yield bytes;
      }
    };
    await pipeline(counted, createWriteStream(file), { signal: either });
  } finally {
    clearTimeout(stall);
  }
}
