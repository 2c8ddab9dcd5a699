import type { MiddlewareHandler } from 'hono';

/**
 * Changes wait for each other, and everything that one of them is decided by, also who asks, is read in its own turn: of two
 * admins who demote each other, the second is none any more.
 */
export function oneByOne(): MiddlewareHandler {
  let last: Promise<unknown> = Promise.resolve();
  return async (c, next) => {
    if (['GET', 'HEAD'].includes(c.req.method)) return await next();
    // Nobody waits for a body that comes slowly.
    await c.req.text();
    const before = last;
    const turn = (async () => {
      await before;
      await next();
    })();
    last = turn.catch(() => {});
    await turn;
  };
}
