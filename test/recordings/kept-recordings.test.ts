import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assemble } from '../../server/media/recording/assemble.ts';
import { findFfmpeg } from '../../server/media/recording/ffmpeg.ts';
import { writeNote } from '../../server/media/recording/segment-note.ts';
import { encodeCobrowseFrame } from '../../server/protocol/cobrowse-frame.ts';
import type { PageIndex } from '../../server/protocol/recorded-page.ts';
import { KeptRecordings } from '../../server/recordings/kept-recordings.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { ConversationRecord, Storage } from '../../server/storage/storage.ts';
import { aConversation, aShop } from '../storage/samples.ts';

const DAY = 24 * 60 * 60 * 1000;

let place: string;
let dir: string;
let storage: Storage;
let conversation: ConversationRecord;
let now: number;
let kept: KeptRecordings;

const options = () => ({
  storage,
  dir,
  days: 30,
  now: () => now,
  log: { error: (fields: object, message: string) => console.error(message, fields) },
});

async function open(): Promise<void> {
  const found = await findFfmpeg({ wanted: true, path: null });
  if (!found.ok) throw new Error(found.reason);
  kept = await KeptRecordings.open({
    ...options(),
    availability: { call: 'ready', page: true, days: 30 },
    assemble: async (job) => await assemble(found.ffmpeg, job),
  });
}

/** What a crash is: nothing is told that it ends. */
async function crash(): Promise<void> {
  await kept.close();
  await open();
}

beforeEach(async () => {
  now = Date.now();
  place = mkdtempSync(join(tmpdir(), 'mostrador-kept-'));
  dir = join(place, 'recordings');
  storage = await openSqlite({ dir: place });
  const shop = aShop();
  await storage.saveShop(shop);
  conversation = aConversation(shop.id, { shopper: 'shopper-1' });
  await storage.append(conversation, []);
  await open();
});
afterEach(async () => {
  await kept.close();
  await storage.close();
  rmSync(place, { recursive: true, force: true });
});

const wanted = (id: string) => ({
  id,
  conversation: conversation.id,
  shop: conversation.shop,
  shopper: conversation.shopper,
  startedAt: now,
  of: { call: true, page: false },
});

/** A recording that runs: two seconds of a voice and of a picture, written by ffmpeg. */
async function running(id: string, of = { call: true, page: false }): Promise<string> {
  const folder = await kept.begin({ ...wanted(id), of });
  const [sound, picture] = [
    ['-f', 'lavfi', '-i', 'sine=d=2'],
    ['-f', 'lavfi', '-i', 'testsrc=d=2:s=160x120'],
  ];
  execFileSync('ffmpeg', ['-v', 'error', ...sound, '-c:a', 'libopus', join(folder, '1.webm')]);
  execFileSync('ffmpeg', ['-v', 'error', ...picture, '-c:v', 'libvpx', join(folder, '2.webm')]);
  const person = { side: 'agent', id: 'a', name: `Ana' "x" \\ ; $(id)` } as const;
  writeNote(folder, {
    n: 1,
    person: { side: 'shopper' },
    source: 'microphone',
    kind: 'audio',
    mimeType: 'audio/opus',
    file: '1.webm',
    at: 0,
  });
  writeNote(folder, { n: 2, person, source: 'camera', kind: 'video', mimeType: 'video/VP8', file: '2.webm', at: 500 });
  return folder;
}

async function ready(id: string): Promise<string> {
  const folder = await running(id);
  await kept.end(id, now + 3_000);
  await expect.poll(async () => (await kept.find(id))?.record.status).toBe('ready');
  return folder;
}

describe('promise 14: what is recorded is kept for a time and deleted for good', () => {
  it('is private on the disk, is put together, and is served by names of ours alone', async () => {
    const folder = await ready('one');
    expect(statSync(folder).mode & 0o077).toBe(0);
    const found = await kept.find('one');
    expect(found?.contents).toMatchObject({ tracks: [{ n: 2, kind: 'camera', at: 0.5 }] });
    expect(found?.contents?.seconds).toBeCloseTo(3, 1);
    expect(await kept.file('one', 'sound')).toMatchObject({ mimeType: 'audio/webm' });
    expect(await kept.file('one', 'whole')).toMatchObject({ mimeType: 'video/x-matroska' });
    expect(await kept.file('one', 2)).toMatchObject({ mimeType: 'video/webm' });
    expect(await kept.file('one', 1)).toBeNull();
    expect(await kept.file('unknown', 'sound')).toBeNull();
    await expect(kept.begin(wanted('../../outside'))).rejects.toThrow('not a name of ours');
  });

  it('after its time, files and record are gone', async () => {
    const folder = await ready('one');
    now += 30 * DAY - 1;
    await crash();
    expect(existsSync(folder)).toBe(true);
    now += 1;
    await crash();
    expect(existsSync(folder)).toBe(false);
    expect(await storage.recordings()).toEqual([]);
  });

  it('erasing one, a conversation, a shopper leaves no file and no record', async () => {
    await ready('one');
    await ready('two');
    await kept.erase('one');
    expect((await storage.recordings()).map(({ id }) => id)).toEqual(['two']);
    await kept.eraseShopper(conversation.shop, 'another');
    expect(await storage.recordings()).toHaveLength(1);
    await kept.eraseConversation(conversation.id);
    await ready('three');
    await kept.eraseShopper(conversation.shop, conversation.shopper);
    expect(await storage.recordings()).toEqual([]);
    expect(readdirSync(join(dir, conversation.id))).toEqual([]);
  });

  it('one that is erased while it is written goes as soon as it ends, and after a crash as well', async () => {
    const folder = await running('one');
    await kept.erase('one');
    expect(await kept.find('one')).toBeNull();
    await kept.end('one', now + 1_000);
    expect(existsSync(folder)).toBe(false);

    const other = await running('two');
    await kept.erase('two');
    await crash();
    expect(existsSync(other)).toBe(false);
    expect(await storage.recordings()).toEqual([]);
  });

  it('after a crash: files without a record go, a record without files goes, what was interrupted is finished', async () => {
    const orphan = join(dir, 'nobody', 'knows');
    mkdirSync(orphan, { recursive: true });
    writeFileSync(join(orphan, '1.webm'), 'x');
    const lost = await running('lost');
    rmSync(lost, { recursive: true });
    await running('goes-on');
    await running('ended');
    const ended = await storage.recording('ended');
    if (ended) await storage.saveRecording({ ...ended, status: 'ended', endedAt: now + 2_000 });
    await crash();
    expect(existsSync(orphan)).toBe(false);
    expect(await storage.recording('lost')).toBeNull();
    await expect.poll(async () => (await kept.find('ended'))?.record.status).toBe('ready');
    // Its call may go on as well: in the same folder, as what it was.
    expect(await kept.begin(wanted('goes-on'))).toBe(join(dir, conversation.id, 'goes-on'));
    await expect(kept.begin(wanted('ended'))).rejects.toThrow('ended already');
  });

  it('what a killed writer left can be played; what it never began is left out', async () => {
    const folder = await running('one');
    const whole = join(folder, '2.webm');
    execFileSync('truncate', ['-s', String(Math.floor(statSync(whole).size * 0.7)), whole]);
    writeFileSync(join(folder, '3.webm'), '');
    writeNote(folder, {
      n: 3,
      person: { side: 'shopper' },
      source: 'camera',
      kind: 'video',
      mimeType: 'video/VP8',
      file: '3.webm',
      at: 900,
    });
    await kept.end('one', now + 3_000);
    await expect.poll(async () => (await kept.find('one'))?.record.status).toBe('ready');
    const tracks = (await kept.find('one'))?.contents?.tracks ?? [];
    expect(tracks.map(({ n }) => n)).toEqual([2]);
    expect(tracks[0]?.seconds).toBeGreaterThan(0.5);
    expect(tracks[0]?.seconds).toBeLessThan(2);
    const file = await kept.file('one', 'whole');
    execFileSync('ffmpeg', ['-v', 'error', '-i', file?.path ?? '', '-map', '0', '-f', 'null', '-']);
  });

  it('a page is kept without ffmpeg, beside a call or alone, and goes with the rest', async () => {
    const frame = encodeCobrowseFrame(
      { kind: 'snapshot', encoding: 'json', channel: 1, epoch: 5, seq: 1 },
      Buffer.from('[]'),
    );
    const recordPage = async (id: string, of: { call: boolean; page: boolean }) => {
      const recording = { ...wanted(id), of };
      const folder = of.call ? await running(id, of) : await kept.begin(recording);
      const page = kept.writePage(recording, (outcome, error) => expect.unreachable(`${outcome}: ${error.message}`));
      page.frame(frame, 5);
      await page.stop();
      await kept.end(id, now + 6_000);
      await expect.poll(async () => (await kept.find(id))?.record.status).toBe('ready');
      return folder;
    };
    const both = await recordPage('both', { call: true, page: true });
    expect((await kept.find('both'))?.contents).toMatchObject({ of: { call: true, page: true }, seconds: 6 });
    // The voice is heard for two seconds; after that nobody is.
    const [silence] = (await kept.find('both'))?.contents?.silences ?? [];
    expect(silence?.[0]).toBeCloseTo(2, 0);
    expect(silence?.[1]).toBeCloseTo(6, 0);
    expect(await kept.file('both', 'sound')).toMatchObject({ mimeType: 'audio/webm' });
    expect(await kept.file('both', 'page')).toMatchObject({ mimeType: 'application/octet-stream' });

    await kept.close();
    kept = await KeptRecordings.open({
      ...options(),
      availability: { call: 'no-ffmpeg', page: true, days: 30 },
      assemble: null,
    });
    await expect(kept.begin(wanted('call'))).rejects.toThrow('not available');
    const alone = await recordPage('alone', { call: false, page: true });
    expect((await kept.find('alone'))?.contents).toMatchObject({ of: { call: false, page: true }, seconds: 6 });
    expect(await kept.file('alone', 'sound')).toBeNull();
    const index = JSON.parse(readFileSync((await kept.file('alone', 'page-index'))?.path ?? '', 'utf8')) as PageIndex;
    expect(index.parts).toEqual([{ at: 0, offset: 0, epoch: 5 }]);
    expect(statSync(join(alone, 'page.json')).mode & 0o077).toBe(0);
    // One that never had a picture has nothing to play, and says so.
    await kept.begin({ ...wanted('empty'), of: { call: false, page: true } });
    await kept.end('empty', now + 1_000);
    await expect.poll(async () => (await kept.find('empty'))?.contents?.of).toEqual({ call: false, page: false });
    await kept.eraseShopper(conversation.shop, conversation.shopper);
    expect([both, alone].filter((folder) => existsSync(folder))).toEqual([]);
    expect(await storage.recordings()).toEqual([]);
  });
});
