/** The thread that owns the SQLite database: it waits for the disk so that the relay and the signalling never do. */
import { parentPort, workerData } from 'node:worker_threads';
import { commitTogether, type Job } from './group-commit.ts';
import { SqliteDatabase } from './sqlite-database.ts';

const port = parentPort;
if (!port) throw new Error('This is a worker thread of the SQLite storage');

const { file }: { file: string } = workerData;
const database = new SqliteDatabase(file);
let waiting: Job[] = [];

port.on('message', (message: Job[] | { checkpoint: number } | 'close') => {
  if (message === 'close') {
    commitWaiting();
    database.close();
    port.close();
    return;
  }
  if ('checkpoint' in message) {
    commitWaiting();
    database.checkpoint();
    port.postMessage([{ id: message.checkpoint, rows: [] }]);
    return;
  }
  // Every message that has come by then is taken before the immediate runs: they are the group.
  if (waiting.length === 0) setImmediate(commitWaiting);
  waiting.push(...message);
});

function commitWaiting(): void {
  if (waiting.length === 0) return;
  const jobs = waiting;
  waiting = [];
  port?.postMessage(commitTogether(database, jobs));
}
