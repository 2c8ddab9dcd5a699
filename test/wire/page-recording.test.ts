import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCobrowseFrame, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';
import type { Entry } from '../../server/protocol/entry.ts';
import type { PageIndex } from '../../server/protocol/recorded-page.ts';
import { itemsIn, namesOf, pageFilesIn, readPageFile, textOf } from '../recordings/recorded-page.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

// Without ffmpeg: the page needs none.
const ENV = { FFMPEG_BIN: '/nowhere/ffmpeg' };
let server: TestServer;
let cookie: string;
beforeAll(async () => {
  server = await startServer(ENV);
  cookie = await signIn(server);
});
afterAll(async () => await server.remove());

/** A whole page, or a change of it, with a text to look for. */
function frame(kind: CobrowseKind, seq: number, text: string, epoch = 5): Uint8Array {
  const note = { type: 5, data: { tag: 'page', payload: { href: `https://shop.example/${text}` } } };
  const page = [
    { type: 4, data: { href: `https://shop.example/${text}?query`, width: 1000, height: 700, scrollbar: 0 } },
    { type: 2, data: { node: { type: 0, id: 1, childNodes: [] }, initialOffset: { left: 0, top: 0 } } },
  ];
  const payload = new TextEncoder().encode(JSON.stringify(kind === 'snapshot' ? [...page, note] : [note]));
  return encodeCobrowseFrame({ kind, encoding: 'json', channel: 0, epoch, seq }, payload);
}

type Looking = { shopper: Wire; agent: Wire; conversation: string; tab: string; token: string };

async function looking(): Promise<Looking> {
  const tab = randomUUID();
  const { wire: shopper, welcome } = await shopperWire(server, { tab });
  shopper.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
  const { conversation } = await shopper.frame('message.ack');
  const { wire: agent, welcome: agentsWelcome } = await agentWire(server, cookie);
  expect(agentsWelcome.recording).toMatchObject({ call: 'no-ffmpeg', page: true });
  agent.send({ type: 'conversation.accept', conversation });
  await shopper.frame('conversation.state', (state) => state.conversation.agent !== null);
  shopper.send({ type: 'cobrowse.answer', conversation, yes: true });
  await shopper.frame('conversation.state', (state) => state.conversation.cobrowse.status === 'on');
  return { shopper, agent, conversation, tab, token: welcome.token };
}

const entriesOf = (wire: Wire): Entry[] =>
  wire.frames.flatMap((one) => (one.type === 'conversation.entries' ? one.entries : []));
const acknowledged = async (wire: Wire, epoch: number, seq: number) =>
  await wire.frame('cobrowse.ack', (ack) => ack.epoch === epoch && ack.seq === seq);

/** Waits for the recording's end; its address. */
async function stopped(wire: Wire, conversation: string): Promise<string> {
  const entry = await wire.until(() => entriesOf(wire).find(({ type }) => type === 'recording-stopped'));
  if (entry.type !== 'recording-stopped') throw new Error('not it');
  return `${server.origin}/api/conversations/${conversation}/recordings/${entry.recording}`;
}

async function ready(address: string): Promise<Record<string, unknown>> {
  const get = async () => (await (await fetch(address, { headers: { cookie } })).json()) as Record<string, unknown>;
  await expect.poll(async () => (await get())['status']).toBe('ready');
  return await get();
}

async function pageOf(address: string): Promise<{ bytes: Uint8Array; index: PageIndex; headers: Headers }> {
  const response = await fetch(`${address}/page`, { headers: { cookie } });
  const index = (await (await fetch(`${address}/page-index`, { headers: { cookie } })).json()) as PageIndex;
  return { bytes: new Uint8Array(await response.arrayBuffer()), index, headers: response.headers };
}

describe('promise 14: the page is recorded only with both yeses', () => {
  it('nothing is written before the yes, what consoles are sent from then on, and not one byte after the stop', async () => {
    const { shopper, agent, conversation } = await looking();
    shopper.sendRaw(frame('snapshot', 1, 'as-it-was'));
    shopper.sendRaw(frame('events', 2, 'state-at-the-yes'));
    agent.send({ type: 'recording.ask', conversation });
    const asked = await shopper.frame('conversation.state', (state) => state.conversation.recording.status === 'asked');
    expect(asked.conversation.recording).toMatchObject({ of: { call: false, page: true }, days: 30 });
    shopper.send({ type: 'recording.answer', conversation, yes: false });
    await shopper.until(() => entriesOf(shopper).some(({ type }) => type === 'recording-refused'));
    expect(existsSync(join(server.dataDir, 'recordings'))).toBe(false);

    // A whole page that came before the yes and is void by then is in nobody's file.
    shopper.sendRaw(frame('snapshot', 3, 'whole-page-at-the-yes'));
    await acknowledged(shopper, 5, 3);
    agent.send({ type: 'recording.ask', conversation });
    await shopper.until(
      () =>
        shopper.frames.filter(
          (one) => one.type === 'conversation.state' && one.conversation.recording.status === 'asked',
        ).length > 1,
    );
    shopper.send({ type: 'recording.answer', conversation, yes: true });
    await expect.poll(() => pageFilesIn(server.dataDir).length).toBe(1);
    shopper.sendRaw(frame('events', 4, 'while-it-runs'));
    await acknowledged(shopper, 5, 4);
    agent.send({ type: 'cobrowse.watch', conversation });
    agent.send({ type: 'cobrowse.highlight', conversation, epoch: 5, node: 4, tag: 'p', label: 'look' });
    await shopper.frame('cobrowse.highlight');
    shopper.sendRaw(frame('snapshot', 1, 'next-page', 6));
    await acknowledged(shopper, 6, 1);
    shopper.send({ type: 'recording.stop', conversation });
    shopper.sendRaw(frame('events', 2, 'after-the-stop', 6));
    const address = await stopped(shopper, conversation);
    await acknowledged(shopper, 6, 2);

    expect(await ready(address)).toMatchObject({ of: { call: false, page: true }, tracks: [] });
    const { bytes, index, headers } = await pageOf(address);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('cache-control')).toBe('no-store');
    const items = itemsIn(bytes);
    expect(namesOf(items)).toEqual(['snapshot 5:3', 'events 5:4', 'highlight', 'snapshot 6:1']);
    const text = textOf(items);
    expect(text).toContain('while-it-runs');
    expect(text).not.toMatch(/as-it-was|state-at-the-yes|after-the-stop/);
    expect(index.pages.map(({ epoch, address: where }) => `${epoch} ${where}`)).toEqual([
      '5 https://shop.example/whole-page-at-the-yes',
      '6 https://shop.example/next-page',
    ]);
    expect(index.pointing).toHaveLength(1);
    // In parts, as a player asks for them; for nobody else.
    const { offset = 0 } = index.parts[1] ?? {};
    const part = await fetch(`${address}/page`, { headers: { cookie, range: `bytes=${offset}-${index.bytes - 1}` } });
    expect(part.status).toBe(206);
    expect(namesOf(itemsIn(new Uint8Array(await part.arrayBuffer())))).toEqual(['snapshot 6:1']);
    for (const path of ['page', 'page-index']) expect((await fetch(`${address}/${path}`)).status).toBe(401);
    expect((await fetch(`${address}/sound`, { headers: { cookie } })).status).toBe(404);

    const erased = await fetch(address, { method: 'DELETE', headers: { cookie, origin: server.origin } });
    expect(erased.status).toBe(204);
    const audit = await (await fetch(`${server.origin}/api/settings/audit`, { headers: { cookie } })).json();
    expect(audit.lines[0]).toMatchObject({ action: 'recording.deleted', by: { name: 'Ana' } });
    expect(pageFilesIn(server.dataDir)).toEqual([]);
    expect((await fetch(`${address}/page`, { headers: { cookie } })).status).toBe(404);
  });

  it('goes on after a kill of the server in the same file, and loses at most a second of it', async () => {
    const { shopper, agent, conversation, tab, token } = await looking();
    shopper.sendRaw(frame('snapshot', 1, 'first'));
    await acknowledged(shopper, 5, 1);
    agent.send({ type: 'recording.ask', conversation });
    await shopper.frame('conversation.state', (state) => state.conversation.recording.status === 'asked');
    shopper.send({ type: 'recording.answer', conversation, yes: true });
    shopper.sendRaw(frame('events', 2, 'before-the-kill'));
    await expect
      .poll(() => pageFilesIn(server.dataDir).map((path) => namesOf(readPageFile(path))))
      .toEqual([['snapshot 5:1', 'events 5:2']]);
    await server.kill();
    server = await server.restart();
    const { wire: back } = await shopperWire(server, { tab, token });
    await back.frame('conversation.state', (state) => state.conversation.recording.status === 'on');
    // A server that has just started knows no page: it asks for a whole one.
    back.sendRaw(frame('events', 3, 'too-early'));
    await back.frame('cobrowse.snapshot');
    back.sendRaw(frame('snapshot', 4, 'after-the-kill'));
    await acknowledged(back, 5, 4);
    back.send({ type: 'cobrowse.stop', conversation });
    const entry = await back.until(() => entriesOf(back).find(({ type }) => type === 'recording-stopped'));
    expect(entry).toMatchObject({ outcome: 'page-ended', of: { call: false, page: true } });
    const address = await stopped(back, conversation);
    await ready(address);
    expect(namesOf(itemsIn((await pageOf(address)).bytes))).toEqual(['snapshot 5:1', 'events 5:2', 'snapshot 5:4']);
  });
});
