/**
 * The network address of a client, to count by. Behind a proxy that may be believed it is the last one that the proxy
 * names in `X-Forwarded-For`: what stands before that is the client's own word.
 */
export function clientAddress(
  request: { forwarded: string | undefined; remote: string | undefined },
  trustProxy: boolean,
): string {
  const forwarded = trustProxy ? request.forwarded?.split(',').at(-1)?.trim() : undefined;
  return forwarded || (request.remote ?? 'unknown');
}
