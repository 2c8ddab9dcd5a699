import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { turnServers } from '../../server/media/turn.ts';

const secret = 'a secret of sixteen letters or more';
const urls = ['turn:turn.example.com:3478', 'turns:turn.example.com:443?transport=tcp'];

describe('promise 11: credentials for the relay', () => {
  it('say when they end, are signed with the shared secret, and do not name the member', () => {
    const at = 1_700_000_000_500;
    const [server, ...others] = turnServers({ urls, secret, ttlSeconds: 600 }, 'a-member', at);
    expect(others).toEqual([]);
    expect(server?.urls).toEqual(urls);
    expect(server?.username).toMatch(/^1700000600:[\w-]{12}$/);
    expect(server?.username).not.toContain('a-member');
    const signed = createHmac('sha1', secret).update(server?.username ?? '');
    expect(server?.credential).toBe(signed.digest('base64'));
  });

  it('differ by member and by time', () => {
    const turn = { urls, secret, ttlSeconds: 600 };
    const names = [turnServers(turn, 'ana', 0), turnServers(turn, 'ben', 0), turnServers(turn, 'ana', 1_000)];
    expect(new Set(names.map(([server]) => server?.username)).size).toBe(3);
  });

  it('there are none without a relay', () => {
    expect(turnServers(null, 'ana', 0)).toEqual([]);
    expect(readConfig({}).media.turn).toBeNull();
  });

  it('settings that cannot work are named at the start, and the secret is not printed', () => {
    const read = (env: Record<string, string>) => () => readConfig(env);
    const TURN_URLS = urls.join(', ');
    expect(read({ TURN_URLS, TURN_SECRET: secret })().media.turn).toEqual({ urls, secret, ttlSeconds: 3_600 });
    expect(read({ TURN_URLS: 'turn:[2001:db8::1]:3478', TURN_SECRET: secret })).not.toThrow();
    expect(read({ TURN_URLS: 'https://turn.example.com', TURN_SECRET: secret })).toThrow(/TURN_URLS=.*turn:turn\./);
    expect(read({ TURN_URLS: 'turn:a:1,stun:b:2', TURN_SECRET: secret })).toThrow(/TURN_URLS=/);
    expect(read({ TURN_URLS })).toThrow(/TURN_URLS and TURN_SECRET go together/);
    expect(read({ TURN_SECRET: secret })).toThrow(/TURN_URLS and TURN_SECRET go together/);
    expect(read({ TURN_URLS, TURN_SECRET: 'hush' })).toThrow(/TURN_SECRET=…: must have 16/);
    expect(read({ TURN_URLS, TURN_SECRET: 'hush' })).not.toThrow(/hush/);
    expect(read({ TURN_URLS, TURN_SECRET: secret, TURN_TTL_SECONDS: '5' })).toThrow(/TURN_TTL_SECONDS=5/);
  });
});
