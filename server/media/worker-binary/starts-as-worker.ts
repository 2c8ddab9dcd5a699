import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';

const TIME_TO_START_MS = 10_000;

/**
 * Whether the file runs as a media worker on this machine: started the way mediasoup starts it (its version in the
 * environment, a channel on the file descriptors 3 and 4), the first thing a worker says is a message with its process id.
 */
export async function startsAsWorker(
  path: string,
  { version, env, signal }: { version: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<boolean> {
  signal.throwIfAborted();
  const child = spawn(path, ['--logLevel=none'], {
    env: { ...env, MEDIASOUP_VERSION: version },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  // The channel of a process that never started, or is killed below, breaks; only what it said counts.
  for (const stream of child.stdio) stream?.on('error', () => {});

  const kill = (): void => void child.kill('SIGKILL');
  const tooLate = setTimeout(kill, TIME_TO_START_MS);
  signal.addEventListener('abort', kill);
  let saidItRuns = false;
  try {
    await new Promise<void>((resolve) => {
      let said = '';
      const channel = child.stdio[4];
      if (channel instanceof Readable) {
        channel.on('data', (bytes: Buffer) => {
          said += bytes.toString('latin1');
          if (!said.includes(String(child.pid))) return;
          saidItRuns = true;
          kill();
        });
      }
      child.once('error', () => resolve());
      child.once('close', () => resolve());
    });
  } finally {
    clearTimeout(tooLate);
    signal.removeEventListener('abort', kill);
  }
  signal.throwIfAborted();
  return saidItRuns;
}
