import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientFrame, MediaRequest } from '../../server/protocol/from-client.ts';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import type { JoinReply } from '../../server/protocol/media.ts';
import type { CallView } from '../../server/protocol/views.ts';
import { opusParameters, vp8Parameters } from '../media/real-media.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam, type Credentials } from '../support/team.ts';
import { agentWire, shopperWire, signIn, type Wire } from '../support/wire.ts';

let server: TestServer;
let as: Record<string, Credentials>;
beforeAll(async () => {
  const guests = ['Luis', 'Noa', 'Max', 'Kim', 'Tom'].map((name) => ({ name }));
  const team = [...guests, { name: 'Eva', role: 'supervisor' as const }, { name: 'Zoe', shop: 'other' }];
  ({ server, as } = await startWithTeam(team));
  await callsReady();
});
afterAll(async () => await server.remove());

async function callsReady(): Promise<void> {
  const { media: calls } = await (await fetch(`${server.origin}/healthz`)).json();
  if (calls.status === 'ready') return;
  await new Promise((resolve) => setTimeout(resolve, 50));
  await callsReady();
}

type Desk = { wire: Wire; id: string };

/** Signed in once each: attempts are limited. */
const cookies = new Map<string, string>();
async function cookieOf(name?: string): Promise<string> {
  const { email, password } = (name && as[name]) || server;
  const cookie = cookies.get(email) ?? (await signIn(server, email, password));
  cookies.set(email, cookie);
  return cookie;
}

async function desk(name?: string): Promise<Desk> {
  const { wire, welcome } = await agentWire(server, await cookieOf(name));
  return { wire, id: welcome.you.id };
}

/** Ana and a shopper in a running call. */
async function call(): Promise<{ conversation: string; call: string; shopper: Wire; ana: Desk }> {
  const { wire: shopper } = await shopperWire(server);
  shopper.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
  const { conversation } = await shopper.frame('message.ack');
  const ana = await desk();
  ana.wire.send({ type: 'conversation.accept', conversation });
  await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'active');
  ana.wire.send({ type: 'call.propose', conversation, video: false });
  const ringing = await shopper.frame('conversation.state', (frame) => frame.conversation.call !== null);
  const id = ringing.conversation.call?.id ?? '';
  shopper.send({ type: 'call.answer', conversation, call: id, yes: true });
  await seen(ana.wire, (view) => view.status === 'active');
  return { conversation, call: id, shopper, ana };
}

/** The newest view of the call that a wire was sent, once it fits. */
async function seen(wire: Wire, fits: (call: CallView) => boolean): Promise<CallView> {
  return await wire.until(() => {
    const view = wire.frames.findLast((frame) => frame.type === 'conversation.state')?.conversation.call;
    return view && fits(view) ? view : null;
  });
}

/** What a wire is refused for a frame. */
async function refusal(wire: Wire, frame: ClientFrame): Promise<string> {
  const before = wire.frames.length;
  wire.send(frame);
  return await wire.until(() => {
    const found = wire.frames.slice(before).find((other) => other.type === 'refused' && other.of === frame.type);
    return found?.type === 'refused' ? found.reason : null;
  });
}

let requests = 0;
type Wish<T = MediaRequest> = T extends unknown ? Omit<T, 'req'> : never;
async function media(wire: Wire, wish: Wish): Promise<Extract<ServerFrame, { type: 'reply' | 'refused' }>> {
  const req = ++requests;
  const frame: unknown = { ...wish, req };
  wire.sendRaw(JSON.stringify(frame));
  return await wire.until(() => {
    const found = wire.frames.find(
      (frame) => (frame.type === 'reply' || frame.type === 'refused') && frame.req === req,
    );
    return found?.type === 'reply' || found?.type === 'refused' ? found : null;
  });
}

describe('promise 12: more than two', () => {
  it('a colleague is invited, sees it in the lists, comes, and the shopper sees who', async () => {
    const { conversation, call: id, shopper, ana } = await call();
    const luis = await desk('Luis');
    const { team } = await ana.wire.frame('team', (frame) => frame.team.some(({ name }) => name === 'Luis'));
    expect(team).toContainEqual({ id: luis.id, name: 'Luis', role: 'agent', free: true, presence: 'available' });
    ana.wire.send({ type: 'call.invite', conversation, call: id, agent: luis.id, as: 'guest' });
    const { summary } = await luis.wire.frame('conversation.summary', (frame) => frame.summary.invited.length > 0);
    expect(summary.invited).toMatchObject([{ agent: { id: luis.id }, by: { name: 'Ana' }, as: 'guest', call: id }]);
    luis.wire.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'guest' });
    const view = await seen(shopper, ({ members }) => members.length === 3);
    expect(view.members.map(({ name, part }) => [name, part])).toContainEqual(['Luis', 'talks']);
    await shopper.frame('conversation.entries', ({ entries }) => entries.some(({ type }) => type === 'call-joined'));
    await ana.wire.frame('team', (frame) => frame.team.some(({ name, free }) => name === 'Luis' && !free));
    luis.wire.close();
    await ana.wire.until(() => {
      const last = ana.wire.frames.findLast((frame) => frame.type === 'team');
      return last?.type === 'team' && !last.team.some(({ name }) => name === 'Luis');
    });
  });

  it('the welcome after a lost connection brings the invitation and the team again; a no is a no', async () => {
    const { conversation, call: id, ana } = await call();
    const luis = await desk('Luis');
    ana.wire.send({ type: 'call.invite', conversation, call: id, agent: luis.id, as: 'owner' });
    await luis.wire.frame('conversation.summary', (frame) => frame.summary.invited.length > 0);
    luis.wire.close();
    const { wire, welcome } = await agentWire(server, await cookieOf('Luis'));
    expect(welcome.conversations.find((line) => line.id === conversation)?.invited).toHaveLength(1);
    expect(welcome.team.map(({ name }) => name)).toContain('Ana');
    wire.send({ type: 'call.decline', conversation, call: id });
    await seen(ana.wire, ({ invited }) => invited.length === 0);
    expect(await refusal(wire, { type: 'call.join', conversation, call: id, part: 'talks', as: 'owner' })).toBe(
      'not-invited',
    );
  });

  it('handed over: the new agent decides from then on, the earlier one is a guest', async () => {
    const { conversation, call: id, shopper, ana } = await call();
    const luis = await desk('Luis');
    ana.wire.send({ type: 'call.invite', conversation, call: id, agent: luis.id, as: 'owner' });
    await luis.wire.frame('conversation.summary', (frame) => frame.summary.invited.length > 0);
    luis.wire.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'owner' });
    await shopper.frame('conversation.state', (frame) => frame.conversation.agent?.id === luis.id);
    expect(await refusal(ana.wire, { type: 'message.send', id: randomUUID(), conversation, text: 'x' })).toBe(
      'not-yours',
    );
    expect(await refusal(luis.wire, { type: 'call.leave', conversation, call: id })).toBe('hand-over-first');
    ana.wire.send({ type: 'call.leave', conversation, call: id });
    const view = await seen(shopper, ({ members }) => members.length === 2);
    expect(view.members.map(({ name }) => name)).toContain('Luis');
    luis.wire.send({ type: 'call.hangup', conversation, call: id });
    await shopper.frame('conversation.entries', ({ entries }) => entries.some(({ type }) => type === 'call-ended'));
  });

  it('after a kill -9 of the server the guests are still in the call', async () => {
    const { conversation, call: id, ana } = await call();
    const luis = await desk('Luis');
    ana.wire.send({ type: 'call.invite', conversation, call: id, agent: luis.id, as: 'guest' });
    await luis.wire.frame('conversation.summary', (frame) => frame.summary.invited.length > 0);
    luis.wire.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'guest' });
    await ana.wire.frame('conversation.entries', ({ entries }) => entries.some(({ type }) => type === 'call-joined'));
    await server.kill();
    const { email, password } = server;
    server = { ...(await server.restart()), email, password };
    const again = await desk();
    again.wire.send({ type: 'conversation.open', conversation, after: 0 });
    const view = await seen(again.wire, () => true);
    expect(view.members.map(({ name }) => name)).toEqual(['Ana', null, 'Luis']);
    expect(view.members.every(({ connected }) => !connected)).toBe(true);
    await callsReady();
  });
});

describe('promise 12: what is refused', () => {
  it('an agent whom nobody asked, and one of another shop', async () => {
    const { conversation, call: id, ana } = await call();
    const [luis, zoe] = [await desk('Luis'), await desk('Zoe')];
    const join: ClientFrame = { type: 'call.join', conversation, call: id, part: 'listens', as: 'guest' };
    expect(await refusal(luis.wire, join)).toBe('not-invited');
    zoe.wire.send(join);
    expect(await zoe.wire.frame('refused')).toMatchObject({ reason: 'no-conversation' });
    const toZoe: ClientFrame = { type: 'call.invite', conversation, call: id, agent: zoe.id, as: 'guest' };
    expect(await refusal(ana.wire, toZoe)).toBe('agent-away');
    expect(await refusal(luis.wire, { ...toZoe, agent: luis.id })).toBe('not-yours');
    zoe.wire.send({ type: 'call.decline', conversation, call: id });
    const team = zoe.wire.frames.flatMap((frame) => (frame.type === 'team' ? frame.team : []));
    expect(team.every(({ name }) => name === 'Zoe')).toBe(true);
    expect(await media(luis.wire, { type: 'media.join', conversation, call: id })).toMatchObject({ reason: 'no-call' });
  });

  it('a shopper who wants to invite, join or leave as agents do', async () => {
    const { conversation, call: id, shopper, ana } = await call();
    for (const frame of [
      { type: 'call.invite', conversation, call: id, agent: ana.id, as: 'guest' },
      { type: 'call.join', conversation, call: id, part: 'talks', as: 'owner' },
      { type: 'call.leave', conversation, call: id },
      { type: 'call.decline', conversation, call: id },
    ] as const) {
      expect(await refusal(shopper, frame)).toBe('not-yours');
    }
  });

  it('a listener who wants to be heard: not until the listener speaks for everybody to see', async () => {
    const { conversation, call: id, shopper } = await call();
    const { wire: eva } = await desk('Eva');
    eva.send({ type: 'call.join', conversation, call: id, part: 'listens', as: 'guest' });
    const listening = await seen(shopper, ({ members }) => members.length === 3);
    expect(listening.members).toContainEqual(expect.objectContaining({ name: 'Eva', part: 'listens' }));
    const joined = await media(eva, { type: 'media.join', conversation, call: id });
    if (joined.type !== 'reply') throw new Error(joined.reason);
    const { send } = joined.data as JoinReply;
    const microphone = {
      type: 'media.produce' as const,
      conversation,
      call: id,
      transport: send.id,
      kind: 'audio' as const,
      source: 'microphone' as const,
      rtpParameters: opusParameters(1),
      paused: false,
    };
    expect(await media(eva, microphone)).toMatchObject({ type: 'refused', reason: 'only-listens' });
    eva.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'guest' });
    await seen(shopper, ({ members }) => members.every(({ part }) => part === 'talks'));
    expect((await media(eva, microphone)).type).toBe('reply');
    // Back to listening: what was sent is closed, the tab is told to join anew, and may not send again.
    eva.send({ type: 'call.join', conversation, call: id, part: 'listens', as: 'guest' });
    await eva.frame('media.lost', (frame) => frame.call === id);
    const again = await media(eva, { type: 'media.join', conversation, call: id });
    expect(again.type).toBe('reply');
    expect(await media(eva, microphone)).toMatchObject({ type: 'refused', reason: 'only-listens' });
  });

  it('a colleague who shares a screen while one is shared; not the shopper, and not once it has stopped', async () => {
    const { conversation, call: id, shopper, ana } = await call();
    const { wire: eva } = await desk('Eva');
    eva.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'guest' });
    await seen(shopper, ({ members }) => members.length === 3);
    const share = async (wire: Wire, paused = false) => {
      const joined = await media(wire, { type: 'media.join', conversation, call: id });
      if (joined.type !== 'reply') throw new Error(joined.reason);
      const { send } = joined.data as JoinReply;
      const screen = { kind: 'video', source: 'screen', rtpParameters: vp8Parameters(5), paused } as const;
      return await media(wire, { type: 'media.produce', conversation, call: id, transport: send.id, ...screen });
    };
    // A screen that waits behind a pause has its place as well: going on needs no other question.
    const shared = await share(ana.wire, true);
    if (shared.type !== 'reply') throw new Error(shared.reason);
    expect(await share(eva)).toMatchObject({ type: 'refused', reason: 'screen-taken' });
    expect((await share(shopper)).type).toBe('reply');
    const producer = String(shared.data['producer']);
    expect((await media(ana.wire, { type: 'media.close', conversation, call: id, producer })).type).toBe('reply');
    const both = await Promise.all([share(eva), share(ana.wire)]);
    expect(both.map(({ type }) => type).toSorted()).toEqual(['refused', 'reply']);
    await seen(shopper, ({ screens }) => screens.filter((side) => side === 'agent').length === 1);
  });

  it('a screen whose tab is gone keeps nobody waiting', async () => {
    const { conversation, call: id, shopper, ana } = await call();
    const { wire: eva } = await desk('Eva');
    eva.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'guest' });
    await seen(shopper, ({ members }) => members.length === 3);
    for (const wire of [ana.wire, eva]) {
      const joined = await media(wire, { type: 'media.join', conversation, call: id });
      if (joined.type !== 'reply') throw new Error(joined.reason);
      const { send } = joined.data as JoinReply;
      const screen = { kind: 'video', source: 'screen', rtpParameters: vp8Parameters(5), paused: false } as const;
      const shared = await media(wire, {
        type: 'media.produce',
        conversation,
        call: id,
        transport: send.id,
        ...screen,
      });
      expect(shared.type).toBe('reply');
      wire.close();
      await seen(shopper, ({ members }) => members.filter(({ connected }) => !connected).length > 0);
    }
  });

  it('a guest who left, and one whose media is asked for afterwards', async () => {
    const { conversation, call: id, shopper } = await call();
    const { wire: eva } = await desk('Eva');
    eva.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'guest' });
    await seen(eva, ({ members }) => members.length === 3);
    expect((await media(eva, { type: 'media.join', conversation, call: id })).type).toBe('reply');
    eva.send({ type: 'call.leave', conversation, call: id });
    await seen(shopper, ({ members }) => members.length === 2);
    expect(await media(eva, { type: 'media.join', conversation, call: id })).toMatchObject({ reason: 'no-call' });
  });

  it('a seventh person', async () => {
    const { conversation, call: id, shopper, ana } = await call();
    for (const name of ['Luis', 'Noa', 'Max', 'Kim']) {
      const guest = await desk(name);
      ana.wire.send({ type: 'call.invite', conversation, call: id, agent: guest.id, as: 'guest' });
      await guest.wire.frame('conversation.summary', (frame) => frame.summary.invited.length > 0);
      guest.wire.send({ type: 'call.join', conversation, call: id, part: 'talks', as: 'guest' });
    }
    await seen(shopper, ({ members }) => members.length === 6);
    const tom = await desk('Tom');
    const invite: ClientFrame = { type: 'call.invite', conversation, call: id, agent: tom.id, as: 'guest' };
    expect(await refusal(ana.wire, invite)).toBe('too-many');
    const { wire: eva } = await desk('Eva');
    expect(await refusal(eva, { type: 'call.join', conversation, call: id, part: 'listens', as: 'guest' })).toBe(
      'too-many',
    );
  });
});

describe('promise 5: a call that asks first: whose its media is', () => {
  /** A shopper and Ana, each in two tabs, and Luis, who reads along; `proposer` has just called. */
  async function ringing(proposer: 'shopper' | 'ana') {
    const { wire: shopper, welcome } = await shopperWire(server);
    const { token } = welcome;
    shopper.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
    const { conversation } = await shopper.frame('message.ack');
    const [ana, luis] = [await desk(), await desk('Luis')];
    ana.wire.send({ type: 'conversation.accept', conversation });
    await shopper.frame('conversation.state', (frame) => frame.conversation.status === 'active');
    const [{ wire: shoppersOther }, anasOther] = [await shopperWire(server, { token }), await desk()];
    for (const { wire } of [luis, anasOther]) wire.send({ type: 'conversation.open', conversation, after: 0 });
    const caller = proposer === 'ana' ? ana.wire : shopper;
    caller.send({ type: 'call.propose', conversation, video: false });
    const tabs = { shopper, shoppersOther, ana: ana.wire, anasOther: anasOther.wire, luis: luis.wire };
    const { id } = await seen(shopper, ({ status }) => status === 'ringing');
    await Promise.all(Object.values(tabs).map(async (wire) => await seen(wire, (view) => view.id === id)));
    const joined = async (wire: Wire) => {
      const answer = await media(wire, { type: 'media.join', conversation, call: id });
      return answer.type === 'reply' ? (answer.data as unknown as JoinReply) : answer.reason;
    };
    return { conversation, call: id, tabs, joined };
  }

  it('while it rings, the tab that calls gets ready and every tab of those who are called; nobody else', async () => {
    const byAna = await ringing('ana');
    for (const wire of [byAna.tabs.ana, byAna.tabs.shopper, byAna.tabs.shoppersOther]) {
      expect(await byAna.joined(wire)).toHaveProperty('send');
    }
    for (const wire of [byAna.tabs.anasOther, byAna.tabs.luis]) expect(await byAna.joined(wire)).toBe('no-call');
    const byShopper = await ringing('shopper');
    for (const wire of [byShopper.tabs.shopper, byShopper.tabs.ana, byShopper.tabs.anasOther]) {
      expect(await byShopper.joined(wire)).toHaveProperty('send');
    }
    for (const wire of [byShopper.tabs.shoppersOther, byShopper.tabs.luis]) {
      expect(await byShopper.joined(wire)).toBe('no-call');
    }
  });

  it('after the yes its two tabs keep what they have, and the tabs that only got ready are let go', async () => {
    const { conversation, call: id, tabs, joined } = await ringing('ana');
    const open = async (): Promise<number> =>
      (await (await fetch(`${server.origin}/healthz`)).json()).open.transports as number;
    const before = await open();
    const kept = [];
    for (const wire of [tabs.ana, tabs.shopper]) kept.push({ wire, join: await joined(wire) });
    expect(await joined(tabs.shoppersOther)).toHaveProperty('send');
    expect(await open()).toBe(before + 6);
    tabs.shopper.send({ type: 'call.answer', conversation, call: id, yes: true });
    await seen(tabs.ana, ({ status }) => status === 'active');
    await expect.poll(open).toBe(before + 4);
    for (const { wire, join } of kept) {
      if (typeof join === 'string') throw new Error(join);
      const asked = { type: 'media.restart-ice', conversation, call: id, transport: join.send.id } as const;
      expect(await media(wire, asked)).toMatchObject({ type: 'reply' });
    }
    expect(await joined(tabs.shoppersOther)).toBe('no-call');
    expect(await joined(tabs.anasOther)).toBe('no-call');
  });

  it('nobody makes it ring without end: who proposes too often is refused in every tab, the other side is not', async () => {
    const { conversation, tabs } = await ringing('shopper');
    const asked = async (wire: Wire, times: number): Promise<string[]> => {
      const before = wire.frames.length;
      for (let n = 0; n < times; n++) wire.send({ type: 'call.propose', conversation, video: false });
      return await wire.until(() => {
        const refused = wire.frames.slice(before).filter((frame) => frame.type === 'refused');
        return refused.length === times ? refused.map(({ reason }) => reason) : null;
      });
    };
    const reasons = await asked(tabs.shopper, 25);
    expect(reasons.slice(0, 19)).not.toContain('too-fast');
    expect(reasons.slice(19)).toContain('too-fast');
    expect(await asked(tabs.shoppersOther, 10)).toContain('too-fast');
    expect(await asked(tabs.ana, 1)).not.toContain('too-fast');
  });
});
