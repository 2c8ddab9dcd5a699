import { describe, expect, it } from 'vitest';
import { networkLab } from '../support/network/lab.ts';
import { hears, seeEachOther, stateOf, talking } from '../support/network/people.ts';

const lab = networkLab();

describe('promise 11: a call that holds on networks that block', () => {
  it('only TCP can carry it: frames and voice arrive', async () => {
    lab.bens.become({ udp: false });
    const { ana, ben } = await talking(lab.stage);
    await Promise.all([hears(ana), hears(ben)]);
    await expect.poll(async () => (await stateOf(ben)).numbers?.path).toBe('tcp');
    expect((await stateOf(ana)).numbers?.path).toBe('udp');
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
