import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * A shopper's token, `<shopper id>.<HMAC-SHA256 of shop and id>`: it proves which shopper a browser is, without a row in
 * storage for everybody who only opens the widget.
 */
export class ShopperTokens {
  #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** A new shopper. */
  issue(shop: string): { shopper: string; token: string } {
    const shopper = randomUUID();
    return { shopper, token: `${shopper}.${this.#sign(shop, shopper)}` };
  }

  /** The shopper of a token of this shop, or null. */
  verify(shop: string, token: string): string | null {
    const [shopper, mac, more] = token.split('.');
    if (!shopper || !mac || more !== undefined) return null;
    const expected = Buffer.from(this.#sign(shop, shopper));
    const given = Buffer.from(mac);
    return given.length === expected.length && timingSafeEqual(given, expected) ? shopper : null;
  }

  #sign(shop: string, shopper: string): string {
    return createHmac('sha256', this.#secret).update(`${shop}/${shopper}`).digest('base64url');
  }
}
