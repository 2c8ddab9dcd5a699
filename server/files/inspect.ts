import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fileTypeFromFile, supportedMimeTypes } from 'file-type';
import { isText } from './file-type.ts';
import { pictureSize, type Size } from './picture-size.ts';
import { TextCheck } from './text-check.ts';

/** More pixels than these are not drawn in a chat: some 200 MB once they are decoded. */
const PIXELS_MAX = 50_000_000;
/** What browsers draw, from a file whose size can be told. */
const DRAWN = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif']);

/** What the content of a type may be called by its first bytes besides. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  'image/png': ['image/apng'],
  'image/heic': ['image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  'video/mp4': ['video/x-m4v', 'video/quicktime'],
  'audio/mp4': ['audio/x-m4a', 'video/mp4'],
  'audio/ogg': ['audio/opus', 'application/ogg', 'audio/ogg; codecs=opus'],
  'audio/wav': ['audio/wav', 'audio/vnd.wave'],
  // The old formats of Microsoft's are one container.
  'application/msword': ['application/x-cfb'],
  'application/vnd.ms-excel': ['application/x-cfb'],
  'application/vnd.ms-powerpoint': ['application/x-cfb'],
};

export type Inspected = { sha256: string; size: Size | null };

/**
 * Looks at a whole file of a stranger's: whether it is what its type says, its hash, and the size of a picture from its
 * header. Nothing of it is decoded or unpacked. Null: it is something else.
 */
export async function inspect(path: string, type: string): Promise<Inspected | null> {
  const text = isText(type) ? new TextCheck() : null;
  const hash = createHash('sha256');
  if (!text && !(await isOfType(path, type))) return null;
  if (!(await readThrough(path, hash, text))) return null;
  const size = DRAWN.has(type) ? await pictureSize(path, type) : null;
  const drawn = size !== null && size.width * size.height <= PIXELS_MAX;
  return { sha256: hash.digest('hex'), size: drawn ? size : null };
}

async function isOfType(path: string, type: string): Promise<boolean> {
  // What it cannot read through is something, but nothing that it knows.
  const found = (await fileTypeFromFile(path).catch(() => ({ mime: 'unknown' })))?.mime;
  if (found === undefined) return !supportedMimeTypes.has(type) && !Object.hasOwn(ALSO, type);
  return found === type || (ALSO[type]?.includes(found) ?? false);
}

async function readThrough(path: string, hash: Hash, text: TextCheck | null): Promise<boolean> {
  const handle = await open(path);
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      hash.update(chunk as Buffer);
      if (text && !text.take(chunk as Buffer)) return false;
    }
    return text?.end() ?? true;
  } finally {
    await handle.close();
  }
}
