import { describe, expect, test } from 'vitest';
import type { House } from './contract.ts';
import { aShop, anAgent } from './samples.ts';

/** Shops, team, sign-ins and settings: what is found by a name or an id. */
export function namesContract(house: House): void {
  describe('shops', () => {
    test('are found by key and by id, with everything that was saved', async () => {
      const shop = aShop({ greeting: '¡Hola! 👋', origins: ['https://a.example', 'https://b.example:8443'] });
      await house.storage.saveShop(shop);
      await house.storage.saveShop(aShop());
      expect(await house.storage.shopByKey(shop.key)).toEqual(shop);
      expect(await house.storage.shopById(shop.id)).toEqual(shop);
      expect(await house.storage.shopByKey('unknown')).toBeNull();
      expect(await house.storage.shopById('unknown')).toBeNull();
    });

    test('are replaced when saved again', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      await house.storage.saveShop(aShop());
      const changed = { ...shop, key: 'new-key', name: "L'atelier; drop table shops", origins: ['https://c.example'] };
      await house.storage.saveShop(changed);
      expect(await house.storage.shopByKey(shop.key)).toBeNull();
      expect(await house.storage.shopByKey('new-key')).toEqual(changed);
      expect(await house.storage.shops()).toHaveLength(2);
    });

    test('are all listed, and none at first', async () => {
      expect(await house.storage.shops()).toEqual([]);
      const [one, two] = [aShop({ id: 'b' }), aShop({ id: 'a' })];
      await house.storage.saveShop(one);
      await house.storage.saveShop(two);
      expect(await house.storage.shops()).toEqual([two, one]);
    });

    test('do not share a key', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      await expect(house.storage.saveShop(aShop({ key: shop.key }))).rejects.toThrow();
      expect(await house.storage.shops()).toEqual([shop]);
    });
  });

  describe('agents', () => {
    test('are found by id and by e-mail address in any case', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const agent = anAgent(shop.id, { email: 'Atención.Ñ@Shop.example', role: 'admin' });
      await house.storage.saveAgent(agent);
      await house.storage.saveAgent(anAgent(shop.id));
      expect(await house.storage.agentById(agent.id)).toEqual(agent);
      expect(await house.storage.agentByEmail('ATENCIÓN.ñ@sHOP.EXAMPLE')).toEqual(agent);
      expect(await house.storage.agentByEmail('other@shop.example')).toBeNull();
      expect(await house.storage.agentById('unknown')).toBeNull();
    });

    test('are replaced when saved again, and do not share an address', async () => {
      const shop = aShop();
      await house.storage.saveShop(shop);
      const [agent, other] = [anAgent(shop.id), anAgent(shop.id)];
      await house.storage.saveAgent(agent);
      await house.storage.saveAgent(other);
      const changed = { ...agent, email: 'new@shop.example', passwordHash: '$argon2id$other', name: 'Renamed' };
      await house.storage.saveAgent(changed);
      expect(await house.storage.agentByEmail(agent.email)).toBeNull();
      expect(await house.storage.agentByEmail('new@shop.example')).toEqual(changed);
      await expect(house.storage.saveAgent({ ...other, email: 'NEW@shop.example' })).rejects.toThrow();
      expect(await house.storage.agentById(other.id)).toEqual(other);
    });

    test('belong to a shop that exists', async () => {
      const agent = anAgent('no-such-shop');
      await expect(house.storage.saveAgent(agent)).rejects.toThrow();
      expect(await house.storage.agentById(agent.id)).toBeNull();
    });
  });

  describe('sign-ins', () => {
    test('hold until they expire or are deleted', async () => {
      const shop = aShop();
      const agent = anAgent(shop.id);
      await house.storage.saveShop(shop);
      await house.storage.saveAgent(agent);
      const session = { id: 'hash-1', agent: agent.id, expiresAt: 1_800_000_000_000 };
      await house.storage.saveAgentSession(session);
      expect(await house.storage.agentSession('hash-1', 1_799_999_999_999)).toEqual(session);
      expect(await house.storage.agentSession('hash-1', 1_800_000_000_000)).toBeNull();
      expect(await house.storage.agentSession('hash-2', 0)).toBeNull();

      await house.storage.saveAgentSession({ ...session, expiresAt: 1_900_000_000_000 });
      expect(await house.storage.agentSession('hash-1', 1_800_000_000_000)).not.toBeNull();
      await house.storage.deleteAgentSession('hash-1');
      await house.storage.deleteAgentSession('hash-1');
      expect(await house.storage.agentSession('hash-1', 0)).toBeNull();
      await house.storage.saveAgentSession({ ...session, id: 'old' });
      await house.storage.deleteAgentSessions(session.agent, 0);
      expect(await house.storage.agentSession('old', 0)).toBeNull();
    });
  });

  describe('settings', () => {
    test('keep their first value', async () => {
      expect(await house.storage.setting('secret')).toBeNull();
      expect(await house.storage.settle('secret', 'first')).toBe('first');
      expect(await house.storage.settle('secret', 'second')).toBe('first');
      expect(await house.storage.setting('secret')).toBe('first');
    });

    test('are the same for all who settle them at once', async () => {
      const values = Array.from({ length: 20 }, (_, index) => `value-${index}`);
      const settled = await Promise.all(values.map((value) => house.storage.settle('secret', value)));
      expect(new Set(settled).size).toBe(1);
      expect(await house.storage.setting('secret')).toBe(settled[0]);
    });
  });
}
