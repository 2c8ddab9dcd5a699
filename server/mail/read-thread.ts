import { parentPort, workerData } from 'node:worker_threads';
import { readMail } from './read-mail.ts';

/** The thread of one mail: it is given the source, and says what is in it. */
if (!parentPort || !(workerData instanceof Uint8Array)) throw new Error('This is a worker thread of the mail reader');
parentPort.postMessage(await readMail(workerData));
