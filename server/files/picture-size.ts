import { open, type FileHandle } from 'node:fs/promises';

export type Size = { width: number; height: number };

/** What is read of a file at most: pieces of a JPEG, and the beginning of an AVIF. */
const SEGMENTS_MAX = 500;
const BEGINNING = 64 * 1024;
/** What no camera and no program makes. */
const SIDE_MAX = 100_000;

/** The size of a picture as it is looked at, from its header alone; null where the header does not say it. */
export async function pictureSize(path: string, type: string): Promise<Size | null> {
  const handle = await open(path);
  try {
    const size = type === 'image/jpeg' ? await jpegSize(handle) : sizeIn(await piece(handle, 0, BEGINNING), type);
    return size && isSensible(size) ? size : null;
  } finally {
    await handle.close();
  }
}

function isSensible({ width, height }: Size): boolean {
  return width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX;
}

async function piece(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

function sizeIn(head: Buffer, type: string): Size | null {
  if (head.length < 10 || (head.length < 30 && type !== 'image/gif')) return null;
  switch (type) {
    case 'image/png':
      // PNG 3, 11.2.1: IHDR is the first chunk.
      return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
    case 'image/gif':
      // GIF89a, 18: the logical screen.
      return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
    case 'image/webp':
      return webpSize(head);
    case 'image/avif':
      return avifSize(head);
    default:
      return null;
  }
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(head: Buffer): Size | null {
  switch (head.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = head.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}

/** ISO/IEC 23008-12, 6.5.3: the largest `ispe` property; smaller ones are of thumbnails and tiles. */
function avifSize(head: Buffer): Size | null {
  let largest: Size | null = null;
  for (let at = head.indexOf('ispe'); at !== -1 && at + 16 <= head.length; at = head.indexOf('ispe', at + 4)) {
    const size = { width: head.readUInt32BE(at + 8), height: head.readUInt32BE(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

/** ISO/IEC 10918-1, B.2.2: from segment to segment up to the frame's header. Exif says whether it was taken lying down. */
async function jpegSize(handle: FileHandle): Promise<Size | null> {
  let at = 2;
  let turned = false;
  for (let n = 0; n < SEGMENTS_MAX; n++) {
    const head = await piece(handle, at, 10);
    if (head.length < 10 || head[0] !== 0xff) return null;
    const marker = head[1] ?? 0;
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return null;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      const [height, width] = [head.readUInt16BE(5), head.readUInt16BE(7)];
      return turned ? { width: height, height: width } : { width, height };
    }
    const length = head.readUInt16BE(2);
    if (marker === 0xe1 && head.toString('latin1', 4, 8) === 'Exif') {
      turned = isTurned(await piece(handle, at + 10, Math.min(length, BEGINNING)));
    }
    at += 2 + length;
  }
  return null;
}

/** Exif 2.32, 4.6.4: the orientation of the first directory; 5 to 8 turn the picture by a quarter. */
function isTurned(tiff: Buffer): boolean {
  if (tiff.length < 14) return false;
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => {
    if (at + 2 > tiff.length) return 0;
    return little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  };
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first > tiff.length) return false;
  const entries = Math.min(short(first), 200);
  for (let n = 0; n < entries; n++) {
    const entry = first + 2 + n * 12;
    if (short(entry) === 0x0112) return short(entry + 8) >= 5;
  }
  return false;
}
