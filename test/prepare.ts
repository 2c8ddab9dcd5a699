import { existsSync } from 'node:fs';
import { buildIfStale, compileWords } from '../client/build.ts';
import { findWorkerBinary } from '../server/media/worker-binary/index.ts';
import { ensureChromium } from './browser/chromium.ts';
import { ensureCoturn, ensureDovecot, ensureFfmpeg, ensureFirefox } from './support/installed.ts';
import { ensurePostgres } from './support/postgres.ts';

/**
 * What the tests need on this machine, before the first of them: the browser parts built, messages compiled, a media worker,
 * the browsers, a relay, ffmpeg, a PostgreSQL.
 */
const built = await buildIfStale((line) => console.log(line));
if (!built && !existsSync('widget/words/compiled')) compileWords();
const chromium = ensureChromium();
if (!chromium.ok) throw new Error(chromium.reason);
for (const installed of [ensureFirefox(), ensureCoturn(), ensureFfmpeg(), ensureDovecot()]) {
  if (!installed.ok) throw new Error(installed.reason);
}
const postgres = ensurePostgres();
if (!postgres.ok) throw new Error(postgres.reason);
let told = -1;
const worker = await findWorkerBinary({
  onProgress: ({ step, done, total }) => {
    const tenth = total ? Math.floor((10 * (done ?? 0)) / total) : 0;
    if (tenth === told) return;
    told = tenth;
    console.log(total ? `${step} (${tenth * 10} %)` : step);
  },
});
if (!worker.ok) throw new Error(worker.reason);
