import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Uploader } from '../../server/files/files.ts';
import { KeptFiles } from '../../server/files/kept-files.ts';
import { DEFAULT_SETTINGS, type UploadSetting } from '../../server/protocol/settings.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { ConversationRecord, Storage } from '../../server/storage/storage.ts';
import { aConversation, aMessage, aShop, upTo } from '../storage/samples.ts';
import { HTML, jpegHeaders, PDF, png, pngBomb, SMALL, SVG, ZIP } from './samples.ts';

const HOUR = 60 * 60_000;
const MB = 1024 * 1024;
const allowing = (...types: string[]) => ({ ...DEFAULT_SETTINGS.uploads, types });

let place: string;
let storage: Storage;
let conversation: ConversationRecord;
let now: number;
let free: number;
let files: KeptFiles;
let shopper: Uploader & { side: 'shopper' };
let ana: Uploader;

async function open(): Promise<void> {
  const log = { error: (fields: object, message: string) => console.error(message, fields) };
  const dir = join(place, 'files');
  files = await KeptFiles.open({ storage, dir, bytesMax: 900 * MB, now: () => now, free: async () => free, log });
}

/** What a crash is: nothing is told that it ends. */
async function crash(): Promise<void> {
  await files.close();
  await open();
}

beforeEach(async () => {
  now = 1_800_000_000_000;
  free = 100_000 * MB;
  place = mkdtempSync(join(tmpdir(), 'mostrador-files-'));
  storage = await openSqlite({ dir: place });
  const shop = aShop();
  await storage.saveShop(shop);
  conversation = upTo(aConversation(shop.id, { shopper: 'shopper-1' }), 1);
  await storage.append(conversation, [aMessage(1)]);
  shopper = { side: 'shopper', shop: shop.id, shopper: 'shopper-1' };
  ana = { side: 'agent', shop: shop.id, agent: 'ana' };
  await open();
});
afterEach(async () => {
  await files.close();
  await storage.close();
  rmSync(place, { recursive: true, force: true });
});

const contents = (): string[] => globSync('files/*/*', { cwd: place });
const webStream = (pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) =>
  Readable.toWeb(Readable.from(pieces, { objectMode: true })) as ReadableStream<Uint8Array>;
const bodyOf = (...pieces: Uint8Array[]): ReadableStream<Uint8Array> => webStream(pieces);

/** A body whose connection is cut after `bytes`. */
function cutBody(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const pieces = [bytes];
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.error(new Error('cut'));
      },
    },
    new CountQueuingStrategy({ highWaterMark: 0 }),
  );
}

type Options = { name?: string; type?: string; by?: Uploader; setting?: UploadSetting };

async function begin(
  bytes: number,
  { name = 'a.png', type = 'image/png', by = shopper, setting = DEFAULT_SETTINGS.uploads }: Options = {},
) {
  const to = { shopper: shopper.shopper, conversation: by.side === 'agent' ? conversation.id : null };
  return await files.begin(by, to, { name, type, bytes }, setting);
}

async function begun(bytes: number, options: Options = {}): Promise<string> {
  const result = await begin(bytes, options);
  if (!('id' in result)) throw new Error(result.reason);
  return result.id;
}

async function upload(content: Buffer, options: Options = {}) {
  const id = await begun(content.length, options);
  return { id, result: await files.append(options.by ?? shopper, id, 0, bodyOf(content)) };
}

async function sent(content: Buffer, seq: number): Promise<string> {
  const { id } = await upload(content);
  const file = await files.take(shopper, id, { conversation: null, message: `m-${seq}` });
  if (!file) throw new Error('not taken');
  await storage.append(upTo(conversation, seq), [{ ...aMessage(seq, { id: `m-${seq}`, text: '' }), file }]);
  return id;
}

describe('promise 23: an upload', () => {
  it('is private on the disk, is checked with its last byte, and is read as it came', async () => {
    const picture = png(40, 30);
    const { id, result } = await upload(picture, { name: '../../x' });
    expect(result).toEqual({
      file: { id, name: 'x.png', type: 'image/png', bytes: picture.length, width: 40, height: 30 },
    });
    const [path = ''] = contents();
    expect(contents()).toEqual([join('files', id.slice(0, 2), id)]);
    expect(statSync(join(place, path)).mode & 0o077).toBe(0);
    expect(await files.find(id)).toMatchObject({ sha256: createHash('sha256').update(picture).digest('hex') });
    const read = await files.read(id);
    expect(Buffer.from(await new Response(read).arrayBuffer())).toEqual(picture);
  });

  it('goes on where a cut connection or a crash left it, whoever else tries', async () => {
    const picture = png(300, 200);
    const id = await begun(picture.length);
    expect(await files.append(shopper, id, 0, cutBody(picture.subarray(0, 100)))).toEqual({ offset: 100 });
    expect(await files.append(shopper, id, 40, bodyOf(picture))).toEqual({ expected: 100 });
    await crash();
    expect(await files.progress(shopper, id)).toEqual({ offset: 100 });
    const others: Uploader[] = [{ ...shopper, shopper: 'another' }, { ...shopper, shop: 'another' }, ana];
    for (const other of others) {
      expect(await files.progress(other, id)).toBeNull();
      expect(await files.append(other, id, 100, bodyOf(picture.subarray(100)))).toEqual({ reason: 'file-gone' });
      expect(await files.cancel(other, id)).toBe(false);
    }
    expect(await files.append(shopper, id, 100, bodyOf(picture.subarray(100)))).toMatchObject({ file: { id } });
    // The answer to the last byte was lost: asking again gives it once more.
    expect(await files.append(shopper, id, picture.length, null)).toMatchObject({ file: { id } });
    expect(await files.progress(shopper, id)).toMatchObject({ file: { id } });
  });

  it('who comes back takes over from a connection that only seems to be open', async () => {
    const picture = png(300, 200);
    const id = await begun(picture.length);
    let dead: ReadableStreamDefaultController<Uint8Array> | undefined;
    const hanging = new ReadableStream<Uint8Array>({ start: (controller) => void (dead = controller) });
    dead?.enqueue(picture.subarray(0, 50));
    const first = files.append(shopper, id, 0, hanging);
    await expect.poll(() => files.progress(shopper, id)).toEqual({ offset: 50 });
    const second = await files.append(shopper, id, 50, bodyOf(picture.subarray(50)));
    expect(second).toMatchObject({ file: { id } });
    expect(await first).toEqual({ offset: 50 });
  });

  it('what is not gone on with in an hour, or not sent in a day, leaves nothing behind; taken back it is gone at once', async () => {
    const [cut, whole] = [await begun(1_000), (await upload(png(9, 9))).id];
    await files.append(shopper, cut, 0, cutBody(Buffer.alloc(10)));
    now += HOUR;
    await crash();
    expect(contents()).toEqual([join('files', whole.slice(0, 2), whole)]);
    now += 23 * HOUR;
    await crash();
    expect(contents()).toEqual([]);
    expect(await storage.unsentFiles()).toEqual([]);
    const { id } = await upload(png(9, 9));
    expect(await files.cancel(shopper, id)).toBe(true);
    expect(contents()).toEqual([]);
    expect(await storage.file(id)).toBeNull();
  });

  it('what is taken back while it is sent goes one way only: it is gone, or it is of the message', async () => {
    for (let n = 0; n < 10; n++) {
      const { id } = await upload(png(9, 9));
      const cancelled = files.cancel(shopper, id);
      for (let turn = 0; turn < n; turn++) await Promise.resolve();
      const taken = files.take(shopper, id, { conversation: null, message: 'm' });
      const [gone, file] = await Promise.all([cancelled, taken]);
      expect([gone, file === null]).toEqual(gone ? [true, true] : [false, false]);
      files.giveBack(id);
      await files.eraseShopper(shopper.shop, shopper.shopper);
    }
  });

  it('after a crash: contents without a record go, records without content go', async () => {
    const lost = await begun(1_000);
    rmSync(join(place, 'files/parts', lost));
    const half = await begun(1_000);
    writeFileSync(join(place, 'files/parts/nobody-knows-it'), 'x');
    await crash();
    expect(contents()).toEqual([join('files/parts', half)]);
    expect((await storage.unsentFiles()).map(({ id }) => id)).toEqual([half]);
  });
});

describe('promise 23: what is not what it says is not taken', () => {
  it.each([
    ['a zip bomb named .png', ZIP, 'image/png'],
    ['a page named .jpg', HTML, 'image/jpeg'],
    ['a drawing with a script named .png', SVG, 'image/png'],
    ['a PNG that says it is a PDF', png(3, 3), 'application/pdf'],
    ['a program as text', Buffer.from('MZ\u0000\u0001\u0002'), 'text/plain'],
    ['half a letter of UTF-16 as text', Buffer.from('fffe3dd8', 'hex'), 'text/csv'],
  ])('%s', async (_, content, type) => {
    const { id, result } = await upload(content, { name: 'a', type });
    expect(result).toEqual({ reason: 'file-false' });
    expect(contents()).toEqual([]);
    expect(await storage.file(id)).toBeNull();
  });

  it.each([
    ['text in UTF-8', Buffer.from('a;ñ;🏺\r\n'), 'text/csv'],
    ['text in UTF-16', Buffer.from('\ufeffa;ñ;🏺\r\n', 'utf16le'), 'text/csv'],
    ['text in the encoding of old spreadsheets', Buffer.from('BM;Muñoz;ß', 'latin1'), 'text/csv'],
    ['a document', PDF, 'application/pdf'],
  ])('%s is', async (_, content, type) => {
    expect((await upload(content, { name: 'a', type })).result).toMatchObject({ file: { type } });
  });

  it('an SVG where the shop allows it, a picture that is too large to draw, and a page inside a picture are downloads', async () => {
    const svg = await upload(SVG, { name: 'a.svg', type: 'image/svg+xml', setting: allowing('image/svg+xml') });
    expect(svg.result).toEqual({ file: { id: svg.id, name: 'a.svg', type: 'image/svg+xml', bytes: SVG.length } });
    const bomb = await upload(pngBomb());
    expect(bomb.result).toEqual({ file: { id: bomb.id, name: 'a.png', type: 'image/png', bytes: pngBomb().length } });
    const polyglot = await upload(Buffer.concat([png(2, 2), HTML]), { name: 'page.html' });
    expect(polyglot.result).toMatchObject({ file: { name: 'page.html.png', type: 'image/png' } });
  });

  it('tells a picture’s size from its header, turned as it is looked at', async () => {
    const { result } = await upload(jpegHeaders(4_000, 3_000), { name: 'a.jpg', type: 'image/jpeg' });
    expect(result).toMatchObject({ file: { width: 3_000, height: 4_000 } });
    for (const [type, content] of SMALL) {
      const picture = await upload(content, { name: 'a', type });
      expect(picture.result).toMatchObject({ file: { width: 48, height: 32 } });
    }
  });
});

describe('promise 23: files are bounded', () => {
  it('a type that the shop does not take, nothing, and a gigabyte are refused when they are announced', async () => {
    expect(await begin(9, { type: 'application/x-msdownload' })).toEqual({ reason: 'file-type' });
    expect(await begin(9, { name: 'x', type: '' })).toEqual({ reason: 'file-type' });
    expect(await begin(9, { type: 'image/svg+xml' })).toEqual({ reason: 'file-type' });
    expect(await begin(0)).toEqual({ reason: 'file-empty' });
    expect(await begin(1024 * MB)).toEqual({ reason: 'file-too-large', bytesMax: 20 * MB });
    expect(contents()).toEqual([]);
  });

  it('not a byte more is written than was announced', async () => {
    const id = await begun(1_000);
    expect(await files.append(shopper, id, 0, bodyOf(Buffer.alloc(900), Buffer.alloc(MB)))).toEqual({
      reason: 'file-too-large',
    });
    expect(contents()).toEqual([]);
  });

  it('one person has so many under way, so many unsent, and so much in all', async () => {
    const first = await begun(10);
    now += 1;
    for (let n = 0; n < 4; n++, now++) await begun(10);
    // The one that was given up longest ago made room.
    expect(await files.progress(shopper, first)).toBeNull();
    expect(await storage.unsentFiles()).toHaveLength(4);
    await files.eraseShopper(shopper.shop, shopper.shopper);
    for (let n = 0; n < 20; n++) await upload(png(2, 2));
    expect(await begin(10)).toEqual({ reason: 'too-many' });
    expect(await begin(10, { by: ana })).toMatchObject({ id: expect.any(String) });
    await files.eraseShopper(shopper.shop, shopper.shopper);
    const large = { ...DEFAULT_SETTINGS.uploads, bytesMax: 600 * MB };
    expect(await begin(501 * MB, { setting: large })).toEqual({ reason: 'too-many' });
    expect(await begin(499 * MB, { setting: large })).toMatchObject({ id: expect.any(String) });
  });

  it('all files together have a limit, the disk keeps room for the rest, and a full one is said so', async () => {
    const large = { ...DEFAULT_SETTINGS.uploads, bytesMax: 1_000 * MB };
    expect(await begin(901 * MB, { setting: large, by: ana })).toEqual({ reason: 'files-full' });
    // What is only announced takes no room; what is complete first has it.
    const picture = png(9, 9);
    const late = await begun(picture.length, { setting: large, by: ana });
    for (let n = 0; n < 3; n++) expect(await begin(600 * MB, { setting: large, by: ana })).toHaveProperty('id');
    const record = await storage.file(late);
    if (record) await storage.saveFile({ ...record, id: 'of others', bytes: 900 * MB, sha256: 'complete' });
    expect(await files.append(ana, late, 0, bodyOf(picture))).toEqual({ reason: 'files-full' });
    await storage.deleteFile('of others');
    free = 512 * MB;
    expect(await begin(10)).toEqual({ reason: 'files-full' });
    free = 600 * MB;
    const id = await begun(10);
    const part = join(place, 'files/parts', id);
    rmSync(part);
    symlinkSync('/dev/full', part);
    expect(await files.append(shopper, id, 0, bodyOf(Buffer.alloc(10)))).toEqual({ reason: 'files-full' });
    expect(contents()).toHaveLength(3);
    expect(await storage.file(id)).toBeNull();
  });
});

describe('promise 23: a file goes with one message, and for good when it is erased', () => {
  it('is taken once, by whoever brought it, into the conversation that it is for', async () => {
    const { id } = await upload(png(2, 2), { by: ana });
    const to = { conversation: conversation.id, message: 'm-1' };
    expect(await files.take(shopper, id, to)).toBeNull();
    expect(await files.take(ana, id, { ...to, conversation: 'another' })).toBeNull();
    expect(await files.take(ana, await begun(10, { by: ana }), to)).toBeNull();
    expect(await files.take(ana, id, to)).toMatchObject({ id });
    expect(await files.take(ana, id, to)).toMatchObject({ id });
    expect(await files.take(ana, id, { ...to, message: 'm-2' })).toBeNull();
    expect(await files.cancel(ana, id)).toBe(false);
    files.giveBack(id);
    expect(await files.take(ana, id, { ...to, message: 'm-2' })).toMatchObject({ id });
    const used = await sent(png(2, 2), 2);
    expect(await files.take(shopper, used, { conversation: conversation.id, message: 'm-2' })).toBeNull();
    now += 1_000 * HOUR;
    await crash();
    expect(await files.find(used)).toMatchObject({ seq: 2, conversation: conversation.id });
  });

  it('erased: its content is gone and that it was there is known; with its conversation or shopper nothing is left', async () => {
    const [one] = [await sent(png(2, 2), 2), await sent(png(2, 2), 3)];
    await files.erase(one);
    expect(await files.find(one)).toBeNull();
    expect(await files.read(one)).toBeNull();
    expect(await storage.file(one)).toMatchObject({ deletedAt: now });
    expect(contents()).toHaveLength(1);
    await files.eraseOf(conversation.id);
    expect(contents()).toEqual([]);
    expect(await storage.filesOf(conversation.id)).toEqual([]);
    await upload(png(2, 2));
    await files.eraseShopper(shopper.shop, shopper.shopper);
    expect(contents()).toEqual([]);
  });
});
