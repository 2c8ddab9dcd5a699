import { compileWords } from '../client/build.ts';
import { findWorkerBinary } from '../server/media/worker-binary/index.ts';
import { ensureChromium } from './browser/chromium.ts';

/** What the tests need on this machine, before the first of them: messages compiled, a media worker, a Chromium. */
compileWords();
const chromium = ensureChromium();
if (!chromium.ok) throw new Error(chromium.reason);
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
