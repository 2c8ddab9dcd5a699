import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { turnServers } from '../../server/media/turn.ts';
import { CallRecord } from './real-media.ts';
import { networkLab } from '../support/network/lab.ts';
import { hears, seeEachOther, stateOf, talking } from '../support/network/people.ts';

const lab = networkLab();

describe('promise 11: a call that holds on networks that block', () => {
  it('only TCP can carry it: frames and voice arrive', async () => {
    lab.bens.become({ udp: false });
    const { ana, ben } = await talking(lab.stage);
    await Promise.all([hears(ana), hears(ben)]);
    await expect.poll(async () => (await stateOf(ben)).numbers?.path).toBe('tcp');
    await expect.poll(async () => (await stateOf(ana)).numbers?.path).toBe('udp');
  });

  it('only the relay can carry it: frames and voice arrive, and nothing had to be set for that', async () => {
    for (const shaper of [lab.anas, lab.bens]) shaper.become({ from: [lab.coturn.address] });
    const { ana, ben } = await talking(lab.stage);
    await Promise.all([hears(ana), hears(ben)]);
    for (const page of [ana, ben]) {
      await expect.poll(async () => (await stateOf(page)).numbers?.path).toBe('relay');
      expect((await stateOf(page)).quality).toEqual({ level: 'good', reason: 'relayed' });
    }
  });

  it('UDP is blocked in the middle of a call: it goes on by TCP; then TCP as well: by the relay', async () => {
    const { ana, ben } = await talking(lab.stage);
    lab.bens.become({ udp: false });
    await expect.poll(async () => (await stateOf(ben)).numbers?.path).toBe('tcp');
    await seeEachOther({ ana, ben });
    lab.bens.become({ from: [lab.coturn.address], tcp: false });
    await expect.poll(async () => (await stateOf(ben)).numbers?.path).toBe('relay');
    await seeEachOther({ ana, ben });
  });
});

describe('promise 11: credentials of the relay', () => {
  const allocation = async (page: Page, iceServer: RTCIceServer) =>
    await page.evaluate(async (iceServer) => {
      const connection = new RTCPeerConnection({ iceServers: [iceServer], iceTransportPolicy: 'relay' });
      connection.createDataChannel('any');
      const found = new Promise<string>((resolve) => {
        connection.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate?.type === 'relay') resolve('relay');
          if (!candidate) resolve('none');
        });
      });
      await connection.setLocalDescription();
      const result = await found;
      connection.close();
      return result;
    }, iceServer);

  it('fresh ones get a relay; what has run out, and what was signed with another secret, is refused', async () => {
    const page = await lab.stage.open('ana');
    const { address, port, secret } = lab.coturn;
    const turn = { urls: [`turn:${address}:${port}`], secret, ttlSeconds: 60 };
    const credentials = (settings: typeof turn, at: number): RTCIceServer => {
      const [server] = turnServers(settings, 'ana', at);
      if (!server) throw new Error('no server');
      return server;
    };
    expect(await allocation(page, credentials(turn, Date.now()))).toBe('relay');
    expect(await allocation(page, credentials(turn, Date.now() - 3_600_000))).toBe('none');
    expect(await allocation(page, credentials({ ...turn, secret: 'another secret, long enough' }, Date.now()))).toBe(
      'none',
    );
  });

  it('an ICE restart late in a call brings fresh ones', async () => {
    const call = await lab.media.openCall(new CallRecord().events);
    const joined = await call.join('ana');
    if (!joined.ok) throw new Error(joined.reason);
    const restarted = await call.restartIce('ana', joined.join.send.id);
    call.close();
    expect(restarted).toMatchObject({
      ok: true,
      iceServers: [{ urls: [`turn:${lab.coturn.address}:${lab.coturn.port}`] }],
    });
  });
});
