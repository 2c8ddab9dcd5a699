import { inflateSync } from 'node:zlib';

/** The colour of a place of a screenshot, `[red, green, blue]`: 8 bits a channel, not interlaced (PNG specification, 9 and 10). */
export function pixelOf(png: Buffer, x: number, y: number): number[] {
  const width = png.readUInt32BE(16);
  const channels = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const rows = inflateSync(Buffer.concat(parts));
  const size = width * channels;
  let before = new Uint8Array(size);
  for (let row = 0; row <= y; row += 1) {
    const start = row * (size + 1);
    before = unfiltered(rows[start] ?? 0, rows.subarray(start + 1, start + 1 + size), before, channels);
  }
  return [...before.subarray(x * channels, x * channels + 3)];
}

function unfiltered(filter: number, line: Uint8Array, up: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at += 1) {
    const a = row[at - channels] ?? 0;
    const b = up[at] ?? 0;
    const c = up[at - channels] ?? 0;
    const guess = [0, a, b, (a + b) >> 1, nearest(a, b, c)][filter] ?? 0;
    row[at] = (line[at] ?? 0) + guess;
  }
  return row;
}

function nearest(a: number, b: number, c: number): number {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
