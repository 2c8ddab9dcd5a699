import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Files } from '../../server/files/files.ts';
import type { FrameCheck } from '../../server/frames/frame-check.ts';
import type { Post } from '../../server/mail/mail.ts';
import type { Media } from '../../server/media/media.ts';
import type { Recordings } from '../../server/recordings/recordings.ts';
import { Rooms } from '../../server/rooms/rooms.ts';
import { ShopSettings } from '../../server/rooms/shop-settings.ts';
import { Sockets } from '../../server/rooms/socket.ts';
import { TicketMails } from '../../server/rooms/ticket-mails.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import { aShop } from '../storage/samples.ts';

const ANA = { side: 'agent', id: 'ana', name: 'Ana', role: 'agent' } as const;

it('promise 25: nobody mails what they like to whom they like: a transcript is of what somebody of the shop has taken', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mostrador-transcripts-'));
  const storage = await openSqlite({ dir });
  const shop = aShop();
  await storage.saveShop(shop);
  const errors: unknown[] = [];
  const log = { error: (fields: object) => void errors.push(fields) };
  const base = { storage, now: Date.now, newId: randomUUID, log };
  const unused: unknown = {};
  const rooms = new Rooms({
    ...base,
    media: unused as Media,
    recordings: unused as Recordings,
    frames: unused as FrameCheck,
    sockets: new Sockets(),
    recorded: () => {},
    summaryChanged: () => {},
    storageFailed: (error) => void errors.push(error),
  });
  const posted: { to: string; text: string }[] = [];
  const post: Post = {
    add: async ({ to, text }) => void posted.push({ to, text }),
    messageId: (mail) => `<${mail}@shop.example>`,
    mailOf: () => null,
  };
  const mails = new TicketMails({
    ...base,
    rooms,
    settings: new ShopSettings(base),
    files: unused as Files,
    post,
    gatherMs: 1_000,
  });
  const { room } = await rooms.openFor(shop.id, randomUUID(), null);
  const say = (socket: string, text: string): void =>
    room.dispatch({ type: 'message-sent', socket, id: randomUUID(), text, known: null });
  room.dispatch({ type: 'joined', presence: { socket: 's', side: 'shopper', tab: 's' }, after: 0 });
  say('s', 'Buy pills at pills.example');
  expect(await mails.transcript(room, 'victim@home.example')).toBe('no-agent-yet');
  room.dispatch({ type: 'joined', presence: { socket: 'a', tab: 'a', ...ANA }, after: 0 });
  room.dispatch({ type: 'accepted', socket: 'a' });
  say('a', 'We have none.');
  expect(await mails.transcript(room, 'kim@home.example')).toBeNull();
  expect(posted).toEqual([{ to: 'kim@home.example', text: expect.stringContaining('Ana: We have none.') }]);
  expect(errors).toEqual([]);
  mails.close();
  await rooms.close();
  await storage.close();
  rmSync(dir, { recursive: true });
});
