import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../server/http/client-address.ts';

const of = (remote: string): string => clientAddress({ forwarded: undefined, remote }, false);

describe('promise 15: whom limits count by', () => {
  it('of IPv6 the network: who has one has all its addresses', () => {
    const home = of('2001:db8:1:2::1');
    expect(home).toBe('2001:db8:1:2::/64');
    for (const same of ['2001:db8:1:2:ffff::9', '2001:0DB8:0001:2:0:0:0:3', '2001:db8:1:2::203.0.113.9']) {
      expect(of(same)).toBe(home);
    }
    for (const other of ['2001:db8:1:3::1', '2001:db8::1:2:0:1', '::1', '::']) expect(of(other)).not.toBe(home);
    expect(of('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });

  it('of IPv4 the address, however it is written', () => {
    expect(of('203.0.113.9')).toBe('203.0.113.9');
    expect(of('::ffff:203.0.113.9')).toBe('203.0.113.9');
    const behind = (forwarded: string): string => clientAddress({ forwarded, remote: '127.0.0.1' }, true);
    expect(behind('1.1.1.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(behind('203.0.113.9:61234')).toBe('203.0.113.9');
    expect(behind('[2001:db8:1:2::1]:61234')).toBe('2001:db8:1:2::/64');
    expect(behind('')).toBe('127.0.0.1');
    expect(clientAddress({ forwarded: '1.1.1.1', remote: '203.0.113.9' }, false)).toBe('203.0.113.9');
    expect(clientAddress({ forwarded: undefined, remote: undefined }, false)).toBe('unknown');
  });
});
