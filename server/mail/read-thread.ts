import { parentPort, workerData } from 'node:worker_threads';
import { readMail } from './read-mail.ts';

/** The thread of one mail: it is given the source, and says what is in it. */
if (!parentPort) throw new Error('This is a worker thread of the mail reader');
const { source, cut }: { source: Uint8Array; cut: boolean } = workerData;
parentPort.postMessage(await readMail(source, { cut }));
