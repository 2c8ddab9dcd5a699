import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const TIME_TO_STOP_MS = 5000;

export type CommandOptions = {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Gets every line of the output and of the error output. */
  onLine?: (line: string) => void;
  /** Who is told to stop: the whole family at once, or the program alone, which then ends its children in its own order. */
  stop?: 'family' | 'program';
};

/**
 * Runs a program to its end and says whether it succeeded. When the signal aborts, the program is stopped and the
 * call rejects with the signal's reason after it is gone.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  { env, signal, onLine = () => {}, stop = 'family' }: CommandOptions,
): Promise<boolean> {
  signal.throwIfAborted();
  // A group of its own, so that the compilers that a build tool started can be stopped together with it.
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);

  const kill = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(stop === 'family' ? -child.pid : child.pid, name);
    } catch {
      // It is gone already.
    }
  };
  let force: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    kill(stop === 'family' ? 'SIGTERM' : 'SIGINT');
    if (stop === 'family') force = setTimeout(kill, TIME_TO_STOP_MS, 'SIGKILL');
  };
  signal.addEventListener('abort', onAbort);
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', (error) => {
        onLine(error.message);
        resolve(null);
      });
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    return code === 0;
  } finally {
    clearTimeout(force);
    signal.removeEventListener('abort', onAbort);
  }
}
