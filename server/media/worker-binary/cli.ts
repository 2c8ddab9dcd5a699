import { findWorkerBinary, type WorkerBinaryProgress } from './index.ts';

/** Progress goes to the error output, the path alone to the output, so that a script can use it. */
const terminal = process.stderr;
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const onProgress = terminal.isTTY ? oneLine() : everyTenth();
const found = await findWorkerBinary({ onProgress, signal: stop.signal });
if (terminal.isTTY) terminal.write('\r\x1b[K');
if (found.ok) {
  console.log(found.path);
} else {
  console.error(found.reason);
  process.exitCode = 1;
}

function sentence({ step, done, total }: WorkerBinaryProgress): string {
  return done !== undefined && total ? `${step}: ${Math.floor((100 * done) / total)} %` : step;
}

function oneLine(): (progress: WorkerBinaryProgress) => void {
  return (progress) => terminal.write(`\r\x1b[K${sentence(progress).slice(0, Math.max(20, terminal.columns - 1))}`);
}

/** A line for every new step, and then one for about every ten percent of it. */
function everyTenth(): (progress: WorkerBinaryProgress) => void {
  let shown = '';
  return (progress) => {
    const { step, done, total } = progress;
    const tenth = done !== undefined && total ? Math.floor((10 * done) / total) : 0;
    if (shown === `${step} ${tenth}`) return;
    shown = `${step} ${tenth}`;
    terminal.write(`${sentence(progress)}\n`);
  };
}
