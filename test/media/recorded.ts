import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

type Probed = {
  streams: { codec_name: string; codec_type: string; width?: number; height?: number; tags?: { title?: string } }[];
  /** Of the longest stream. */
  seconds: number;
  /** Whether the first video packet is a key frame; false where there is no video. */
  firstKey: boolean;
};

/** What ffprobe says of a file. */
export function probe(file: string): Probed {
  const shown = ['-show_streams', '-show_format', '-show_entries', 'packet=stream_index,flags', '-of', 'json'];
  const text = execFileSync('ffprobe', ['-v', 'error', ...shown, file], { encoding: 'utf8', maxBuffer: 1e9 });
  const found = JSON.parse(text) as {
    streams: Probed['streams'];
    format: { duration?: string };
    packets: { stream_index: number; flags: string }[];
  };
  const video = found.streams.findIndex(({ codec_type: type }) => type === 'video');
  const first = found.packets.find(({ stream_index: index }) => index === video);
  return {
    streams: found.streams,
    seconds: Number(found.format.duration ?? 0),
    firstKey: first?.flags.startsWith('K') ?? false,
  };
}

/** Process ids of the ffmpegs that write into a folder what they listen to; not of those that put it together. */
export function writersIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => /ffmpeg.*listen_timeout/s.test(commandOf(pid)) && commandOf(pid).includes(folder))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
