import { isIPv4, isIPv6 } from 'node:net';

/**
 * The network address of a client, to count by: of IPv6 the /64, of which one household or machine has every address. Behind a proxy that may be believed it is the last one that the proxy
 * names in `X-Forwarded-For`: what stands before that is the client's own word.
 */
export function clientAddress(
  request: { forwarded: string | undefined; remote: string | undefined },
  trustProxy: boolean,
): string {
  const forwarded = trustProxy ? request.forwarded?.split(',').at(-1)?.trim() : undefined;
  return networkOf(forwarded || (request.remote ?? 'unknown'));
}

function networkOf(said: string): string {
  // Some proxies name the port as well, which is another one each time.
  const address = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(said)?.slice(1).find(Boolean) ?? said;
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return address;
  const mapped = /^::ffff:([\d.]+)$/i.exec(plain)?.[1];
  if (mapped && isIPv4(mapped)) return mapped;
  const [before = '', after] = plain.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  // What follows `::` has one group more where it ends in an IPv4 address.
  const behind = groups(after ?? '').length + (after?.includes('.') ? 1 : 0);
  const zeros = after === undefined ? 0 : 8 - groups(before).length - behind;
  const all = [...groups(before), ...Array.from({ length: zeros }, () => '0'), ...groups(after ?? '')];
  return `${all
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
