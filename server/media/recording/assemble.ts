import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembled, RecordedTrack } from '../media.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { readNotes, type SegmentNote } from './segment-note.ts';

/** The longest that one step may take, for a recording of the longest call on a busy machine. */
const STEP_MS = 60 * 60_000;
const SOUND = 'sound.webm';
const WHOLE = 'call.mkv';
/** Quieter than this for so long, nobody speaks; it is told on the standard output. */
const QUIET = 'silencedetect=noise=-45dB:duration=3,ametadata=mode=print:file=-';

type Piece = { note: SegmentNote; seconds: number };

/**
 * Puts a folder's pieces together: every file complete and seekable, all voices mixed into one sound from the first
 * moment to the last, and one file with everything for those who take it home. What is there already is made anew.
 * Rejects when ffmpeg fails; the pieces stay.
 */
export async function assemble(
  ffmpeg: Ffmpeg,
  { folder, seconds, signal }: { folder: string; seconds: number; signal: AbortSignal },
): Promise<Assembled> {
  const run = async (args: string[]): Promise<string> => await ffmpeg.run(args, { timeoutMs: STEP_MS, signal });
  const pieces: Piece[] = [];
  for (const note of readNotes(folder)) {
    const length = await completed(run, folder, note);
    if (length !== null) pieces.push({ note, seconds: length });
  }
  const end = Math.max(seconds, 0.1, ...pieces.map((piece) => piece.note.at / 1000 + piece.seconds));
  const silences = await mixSound(run, folder, pieces, end);
  await makeWhole(run, folder, pieces);
  const tracks = pieces.filter(({ note }) => note.kind === 'video').map(trackOf);
  return { seconds: end, tracks, sound: SOUND, whole: WHOLE, bytes: bytesIn(folder, pieces), silences };
}

type Run = (args: string[]) => Promise<string>;

/** A piece with its length and its index at the right places, whatever happened to its writer. Null: nothing is in it. */
async function completed(run: Run, folder: string, { file }: SegmentNote): Promise<number | null> {
  const path = join(folder, file);
  if (!existsSync(path) || statSync(path).size === 0) return null;
  const made = join(folder, `whole-${file}`);
  const format = file.endsWith('.mp4')
    ? ['-movflags', '+faststart', '-f', 'mp4']
    : ['-cues_to_front', '1', '-f', 'webm'];
  try {
    const said = await run(['-y', '-i', path, '-map', '0', '-c', 'copy', '-progress', 'pipe:1', ...format, made]);
    const seconds = Math.max(0, ...[...said.matchAll(/out_time_us=(\d+)/g)].map(([, time]) => Number(time) / 1e6));
    if (seconds === 0) return null;
    renameSync(made, path);
    return seconds;
  } catch (error) {
    // Not even a header came before its writer died.
    if (error instanceof Error && error.message.startsWith('ffmpeg ended')) return null;
    throw error;
  } finally {
    rmSync(made, { force: true });
  }
}

/**
 * Browsers send nothing while it is quiet: the gaps are filled, so that sound and picture stay together. Gives the stretches
 * in which nobody is heard.
 */
async function mixSound(
  run: Run,
  folder: string,
  pieces: readonly Piece[],
  seconds: number,
): Promise<[number, number][]> {
  const voices = pieces.filter(({ note }) => note.kind === 'audio');
  const inputs = voices.flatMap(({ note }) => ['-i', join(folder, note.file)]);
  const placed = voices.map(
    ({ note }, i) =>
      `[${i}:a]aresample=48000:async=1000:min_hard_comp=0.04:first_pts=0,adelay=${Math.round(note.at)}:all=1[v${i}]`,
  );
  const silence = `anullsrc=r=48000:cl=stereo:d=${seconds.toFixed(3)}[v${voices.length}]`;
  const all = Array.from({ length: voices.length + 1 }, (_, i) => `[v${i}]`).join('');
  const mix = `${all}amix=inputs=${voices.length + 1}:duration=longest:normalize=0,alimiter=limit=0.95:level=0,atrim=end=${seconds.toFixed(3)},${QUIET}[out]`;
  const filter = join(folder, 'sound.filter');
  writeFileSync(filter, [...placed, silence, mix].join(';\n'), { mode: 0o600 });
  const made = join(folder, `new-${SOUND}`);
  const encoded = ['-map', '[out]', '-c:a', 'libopus', '-b:a', '64k', '-cues_to_front', '1', '-f', 'webm'];
  const said = await run(['-y', ...inputs, '-filter_complex_script', filter, ...encoded, made]);
  renameSync(made, join(folder, SOUND));
  rmSync(filter);
  return silencesIn(said, seconds);
}

/** What lasts to the end has no end of its own. */
function silencesIn(said: string, seconds: number): [number, number][] {
  const silences: [number, number][] = [];
  for (const [, which, time] of said.matchAll(/lavfi\.silence_(start|end)=([\d.]+)/g)) {
    const last = silences.at(-1);
    if (which === 'start') silences.push([Number(time), seconds]);
    else if (last) last[1] = Number(time);
  }
  return silences;
}

/** One track for each person's camera and screen, in the order in which they came, and the sound. */
async function makeWhole(run: Run, folder: string, pieces: readonly Piece[]): Promise<void> {
  const lists: string[] = [];
  const inputs: string[] = [];
  const titles: string[] = [];
  for (const [key, group] of Map.groupBy(
    pieces.filter(({ note }) => note.kind === 'video'),
    keyOf,
  )) {
    const [first] = group;
    if (!first) continue;
    const list = join(folder, `list-${lists.length}.txt`);
    const lines = group.flatMap(({ note, seconds }, i) => {
      const next = group[i + 1];
      // Until the next one begins: so a camera that was off in between is off in the file as well.
      const length = next ? Math.max(seconds, (next.note.at - note.at) / 1000) : seconds;
      return [`file '${note.file}'`, `duration ${length.toFixed(3)}`];
    });
    writeFileSync(list, `ffconcat version 1.0\n${lines.join('\n')}\n`, { mode: 0o600 });
    inputs.push('-itsoffset', (first.note.at / 1000).toFixed(3), '-f', 'concat', '-i', list);
    titles.push(`-metadata:s:v:${lists.length}`, `title=${key.split('\n')[0]}`);
    lists.push(list);
  }
  const maps = lists.flatMap((_, i) => ['-map', `${i}:v`]);
  const sound = ['-i', join(folder, SOUND), ...maps, '-map', `${lists.length}:a`];
  const made = join(folder, `new-${WHOLE}`);
  await run(['-y', ...inputs, ...sound, '-c', 'copy', ...titles, '-cues_to_front', '1', '-f', 'matroska', made]);
  renameSync(made, join(folder, WHOLE));
  for (const list of lists) rmSync(list);
}

/** Pieces of one camera with one codec go into one track. */
function keyOf({ note: { person, source, mimeType } }: Piece): string {
  const name = person.side === 'agent' ? person.name : 'Shopper';
  return [`${name} (${source})`, person.side === 'agent' ? person.id : '', mimeType].join('\n');
}

function trackOf({ note, seconds }: Piece): RecordedTrack {
  const { n, person, source, at, file, mimeType } = note;
  return { n, person, kind: source === 'screen' ? 'screen' : 'camera', at: at / 1000, seconds, file, mimeType };
}

function bytesIn(folder: string, pieces: readonly Piece[]): number {
  const files = [SOUND, WHOLE, ...pieces.map(({ note }) => note.file)];
  return files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}
