import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { setPriority } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export type FfmpegProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** Why nothing can be recorded: switched off by the operator · no ffmpeg on this machine · one that lacks what is needed. */
export type NoFfmpeg = 'off' | 'no-ffmpeg' | 'ffmpeg-unusable';

export type FoundFfmpeg = { ok: true; ffmpeg: Ffmpeg } | { ok: false; reason: NoFfmpeg };

/** Calls come first: what has no listener can wait. */
const NICENESS = 10;
const PROBE_MS = 20_000;
/** What it says before it fails, kept for the log. */
const STDERR_MAX = 4_000;
const STDOUT_MAX = 1_000_000;

/** The ffmpeg of this machine, always started without a shell. */
export class Ffmpeg {
  readonly path: string;
  /** `setpriv`: it makes a child end together with this process, even by a kill -9; a milder signal waits for a packet. */
  readonly #setpriv: string | null;

  constructor(path: string) {
    this.path = path;
    this.#setpriv = onPath('setpriv');
  }

  /** At the server's own priority: what listens to a call loses what it is too late for. */
  spawn(args: readonly string[]): FfmpegProcess {
    const command = [this.path, '-hide_banner', '-nostats', '-loglevel', 'error', ...args];
    const whole = this.#setpriv ? [this.#setpriv, '--pdeathsig', 'KILL', '--', ...command] : command;
    const [program = this.path, ...rest] = whole;
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {});
    return child;
  }

  /** Runs to the end, and never in the way of the calls. Rejects with what ffmpeg said when it fails or takes longer than `timeoutMs`. */
  async run(
    args: readonly string[],
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<string> {
    signal.throwIfAborted();
    const child = this.spawn(args);
    try {
      if (child.pid !== undefined) setPriority(child.pid, NICENESS);
    } catch {
      // It has ended already; its exit says so.
    }
    child.stdin.end();
    const stop = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const kill = (): void => void child.kill('SIGKILL');
    stop.addEventListener('abort', kill, { once: true });
    try {
      const [code, said, printed] = await Promise.all([
        exitOf(child),
        textOf(child.stderr),
        textOf(child.stdout, STDOUT_MAX),
      ]);
      if (code !== 0) throw new Error(`ffmpeg ended with ${code ?? 'a signal'}: ${said.trim()}`);
      return printed;
    } finally {
      stop.removeEventListener('abort', kill);
    }
  }
}

/** Looks once, at the start. `wanted` false: recording is switched off. `path`: another ffmpeg than the one on the PATH. */
export async function findFfmpeg({ wanted, path }: { wanted: boolean; path: string | null }): Promise<FoundFfmpeg> {
  if (!wanted) return { ok: false, reason: 'off' };
  const found = path ?? onPath('ffmpeg');
  if (!found || !isProgram(found)) return { ok: false, reason: 'no-ffmpeg' };
  const ffmpeg = new Ffmpeg(found);
  const options = { timeoutMs: PROBE_MS, signal: new AbortController().signal };
  try {
    const [receiver, encoder] = await Promise.all([
      ffmpeg.run(['-h', 'demuxer=sdp'], options),
      ffmpeg.run(['-h', 'encoder=libopus'], options),
    ]);
    // Without `localaddr` it would listen to the whole network.
    const usable = receiver.includes('localaddr') && encoder.includes('libopus');
    return usable ? { ok: true, ffmpeg } : { ok: false, reason: 'ffmpeg-unusable' };
  } catch {
    return { ok: false, reason: 'ffmpeg-unusable' };
  }
}

/** The exit code, null after a signal or when it could not be started. */
export async function exitOf(child: FfmpegProcess): Promise<number | null> {
  return await new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
}

/** The beginning of what a stream says; the rest is read and dropped. */
export async function textOf(stream: Readable, most = STDERR_MAX): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    if (text.length < most) text += chunk.slice(0, most - text.length);
  });
  await new Promise<void>((resolve) => stream.once('close', resolve).once('error', () => resolve()));
  return text;
}

function onPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
