import { parentPort } from 'node:worker_threads';
import type { CobrowseEncoding } from '../protocol/cobrowse-frame.ts';
import { readFrame } from './read-frame.ts';

/** The thread of large frames. */
export type Question = { encoding: CobrowseEncoding; payload: Uint8Array };

const port = parentPort;
if (!port) throw new Error('This is a worker thread of the frame check');
port.on('message', ({ encoding, payload }: Question) => {
  const verdict = readFrame(encoding, payload);
  const packed = verdict.ok ? verdict.content.brings.map(({ payload: { buffer } }) => buffer as ArrayBuffer) : [];
  port.postMessage(verdict, packed);
});
