import { RateLimiterMemory } from 'rate-limiter-flexible';
import { CLOSE } from '../protocol/close-codes.ts';
import type { Hello } from '../protocol/from-client.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { Refusal } from '../protocol/refusals.ts';
import { AgentSession, type AgentContext } from '../rooms/agent-session.ts';
import type { Session } from '../rooms/session.ts';
import { ShopperSession, type ShopperContext } from '../rooms/shopper-session.ts';
import type { Socket } from '../rooms/socket.ts';
import type { Storage } from '../storage/storage.ts';
import { agentView, signedInAgent } from './agent-auth.ts';
import { isAllowed, type Origins } from './origins.ts';
import type { ShopperTokens } from './shopper-token.ts';
import { WindowPasses } from './window-passes.ts';

/**
 * A browser tab that was let in. `tab` tells the same tab when it connects again; `agentSession` its sign-in, which is good
 * `until` then (milliseconds since the epoch).
 */
export type Visitor = {
  session: Session;
  tab: string;
  agentSession: string | null;
  until: number | null;
  start: () => void;
};

/** Why a hello was refused, and the close code that says whether to come again. */
export type Turned = { reason: Refusal; code: number };

export type ReceptionOptions = {
  storage: Storage;
  origins: Origins;
  tokens: ShopperTokens;
  shopper: Omit<ShopperContext, 'mayOpen' | 'givePass'>;
  agent: AgentContext;
  /** New conversations from one address in ten minutes. */
  conversationsPerAddress: number;
  now: () => number;
};

const TEN_MINUTES = 600;

/** Who asks: the page's origin, the agent's cookie, the network address. */
export type Caller = { origin: string | null; cookie: string | undefined; address: string };

/** Decides who a socket's hello lets in. */
export class Reception {
  #options: ReceptionOptions;
  #newConversations: RateLimiterMemory;
  #passes: WindowPasses;
  #shopperContext: ShopperContext;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    this.#passes = new WindowPasses(options.now);
    this.#newConversations = new RateLimiterMemory({ points: options.conversationsPerAddress, duration: TEN_MINUTES });
    this.#shopperContext = {
      ...options.shopper,
      mayOpen: async (address) =>
        await this.#newConversations.consume(address).then(
          () => true,
          () => false,
        ),
      givePass: (to) => this.#passes.give(to),
    };
  }

  async receive(socket: Socket, hello: Hello, from: Caller): Promise<Visitor | Turned> {
    if (hello.protocol !== PROTOCOL_VERSION) return { reason: 'version', code: CLOSE.version };
    return hello.role === 'shopper' ? await this.#shopper(socket, hello, from) : await this.#agent(socket, hello, from);
  }

  async #shopper(
    socket: Socket,
    hello: Extract<Hello, { role: 'shopper' }>,
    { origin, address }: Caller,
  ): Promise<Visitor | Turned> {
    const { storage, tokens, origins } = this.#options;
    const shop = await storage.shopByKey(hello.shop);
    if (!shop) return { reason: 'unknown-shop', code: CLOSE.forbidden };
    const known = hello.token ? tokens.verify(shop.id, hello.token) : null;
    const inWindow = origin === origins.service && !hello.page;
    const passed = inWindow && hello.pass ? this.#passes.take(hello.pass.pass, shop.id, hello.pass.from) : null;
    // The call's own window is no page of the shop: it is let in by a pass, and after that by the shopper's token.
    const allowed = hello.page ? isAllowed(shop, origin) : inWindow && (passed !== null || known !== null);
    if (!allowed) return { reason: 'forbidden-origin', code: CLOSE.forbidden };
    const { shopper, token } =
      passed ?? (hello.token && known ? { shopper: known, token: hello.token } : tokens.issue(shop.id));
    const view = await this.#shopperContext.lines.view(shop);
    const who = { shop: shop.id, shopper, token, origin: origin ?? '', address, hello };
    const session = new ShopperSession(socket, who, this.#shopperContext);
    const tab = `${shop.id}/${shopper}/${hello.tab}`;
    return { session, tab, agentSession: null, until: null, start: () => session.start(view, hello.seen) };
  }

  async #agent(
    socket: Socket,
    hello: Extract<Hello, { role: 'agent' }>,
    { origin, cookie }: Caller,
  ): Promise<Visitor | Turned> {
    const { storage, origins, agent: context, now } = this.#options;
    // The cookie alone would let any page that the agent visits open this socket.
    if (origin !== origins.service) return { reason: 'forbidden-origin', code: CLOSE.forbidden };
    const found = await signedInAgent(storage, cookie, now());
    const shop = found && (await storage.shopById(found.agent.shop));
    if (!shop) return { reason: 'signed-out', code: CLOSE.signedOut };
    const { id, origins: pages } = shop;
    const { presence, tab } = hello;
    const { id: agent, name, topics, capacity } = found.agent;
    const asks = { id: agent, name, topics, capacity };
    const view = await context.lines.view(shop);
    const who = { shop: { id, view, origins: pages }, agent: agentView(found.agent), asks, tab, presence };
    const session = new AgentSession(socket, who, context);
    return {
      session,
      tab: `${found.agent.id}/${hello.tab}`,
      agentSession: found.session,
      until: found.until,
      start: () => session.start(),
    };
  }
}
