import { randomBytes } from 'node:crypto';

/** Who a pass lets in, and the origin of the shop's page that asked for it. */
type Holder = { shop: string; shopper: string; token: string; origin: string };

const PASS_MS = 60_000;
/** Passes that wait to be used; beyond that the oldest are void. */
const PASSES_MAX = 10_000;

/**
 * Passes for the call's own window. That window is on the service's origin, where the shopper's token is not; its page
 * hands in what another page posted to it, and from which origin. A pass is good once, for a minute, and only when it
 * was handed on by the origin that was given it: nobody can lure a shopper into somebody else's call.
 */
export class WindowPasses {
  #passes = new Map<string, Holder & { until: number }>();
  #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  give(holder: Holder): string {
    const pass = randomBytes(24).toString('base64url');
    this.#passes.set(pass, { ...holder, until: this.#now() + PASS_MS });
    for (const [old, { until }] of this.#passes) {
      if (until > this.#now() && this.#passes.size <= PASSES_MAX) break;
      this.#passes.delete(old);
    }
    return pass;
  }

  /** The shopper, or null; the pass is void from now on either way. */
  take(pass: string, shop: string, from: string): { shopper: string; token: string } | null {
    const holder = this.#passes.get(pass);
    this.#passes.delete(pass);
    if (!holder || holder.shop !== shop || holder.origin !== from || holder.until <= this.#now()) return null;
    return { shopper: holder.shopper, token: holder.token };
  }
}
