import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Message ids that only this installation can make (RFC 5322, 3.6.4): `<mail-id.signature@host>`. Who answers a mail names it,
 * and by its signature we know that they have received it from us.
 */
export class MessageIds {
  #secret: string;
  #host: string;

  constructor(secret: string, host: string) {
    this.#secret = secret;
    this.#host = host;
  }

  of(mail: string): string {
    return `<${mail}.${this.#sign(mail)}@${this.#host}>`;
  }

  /** The id of the mail that was ours; null: it was not. */
  read(messageId: string): string | null {
    const [, mail, signature] = /^<?([A-Za-z0-9-]{1,64})\.([A-Za-z0-9_-]{22})@[^@>\s]+>?$/.exec(messageId.trim()) ?? [];
    if (!mail || !signature) return null;
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(mail))) ? mail : null;
  }

  #sign(mail: string): string {
    return createHmac('sha256', this.#secret).update(`mail ${mail}`).digest('base64url').slice(0, 22);
  }
}
