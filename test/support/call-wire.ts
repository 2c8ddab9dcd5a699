import { randomUUID } from 'node:crypto';
import type { MediaRequest } from '../../server/protocol/from-client.ts';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import type { JoinReply } from '../../server/protocol/media.ts';
import { agentWire, shopperWire, type Door, type Wire } from './wire.ts';

type WithoutIds<T> = T extends unknown ? Omit<T, 'req' | 'conversation' | 'call'> : never;
type Answer = Extract<ServerFrame, { type: 'reply' } | { type: 'refused' }>;

/** A person's tab in a call over the bare wire, as no browser of ours would have to behave. */
export class Caller {
  readonly wire: Wire;
  readonly conversation: string;
  readonly #next: () => number;
  call = '';

  /** With these the same browser tab comes again; empty for an agent. */
  readonly tab: string;
  readonly token: string;

  constructor(wire: Wire, conversation: string, { tab = '', token = '' } = {}) {
    this.tab = tab;
    this.token = token;
    this.wire = wire;
    this.conversation = conversation;
    // A socket may have several conversations; its requests are numbered once.
    this.#next = () => (numbers.set(wire, (numbers.get(wire) ?? 0) + 1), numbers.get(wire) ?? 0);
  }

  /** Sends a request; its number. `over`: another call or conversation than the own one. */
  say(request: WithoutIds<MediaRequest>, over: { conversation?: string; call?: string } = {}): number {
    const req = this.#next();
    const ids = { conversation: this.conversation, call: this.call, ...over };
    this.wire.send({ ...request, ...ids, req });
    return req;
  }

  async answer(req: number): Promise<Answer> {
    return await this.wire.until(() =>
      this.wire.frames.find(
        (frame): frame is Answer => (frame.type === 'reply' || frame.type === 'refused') && frame.req === req,
      ),
    );
  }

  /** The reply's data, or the reason of the refusal. */
  async ask(
    request: WithoutIds<MediaRequest>,
    over?: { conversation?: string; call?: string },
  ): Promise<Record<string, unknown> | string> {
    const answer = await this.answer(this.say(request, over));
    return answer.type === 'reply' ? answer.data : answer.reason;
  }

  async join(): Promise<JoinReply> {
    const reply = await this.ask({ type: 'media.join' });
    if (typeof reply === 'string') throw new Error(`join: ${reply}`);
    return reply as unknown as JoinReply;
  }
}

const numbers = new WeakMap<Wire, number>();

/** A shopper who has written, and that agent, who has taken the conversation. */
export async function servedOverWire(server: Door, agent: Wire): Promise<{ shopper: Caller; agent: Caller }> {
  const tab = randomUUID();
  const { wire, welcome } = await shopperWire(server, { tab });
  wire.send({ type: 'message.send', id: randomUUID(), text: 'hello' });
  const { conversation } = await wire.frame('message.ack');
  agent.send({ type: 'conversation.accept', conversation });
  await wire.frame('conversation.state', (frame) => frame.conversation.status === 'active');
  return {
    shopper: new Caller(wire, conversation, { tab, token: welcome.token }),
    agent: new Caller(agent, conversation),
  };
}

/** The agent calls: it rings. */
export async function ringOverWire({ shopper, agent }: { shopper: Caller; agent: Caller }): Promise<string> {
  const { conversation } = shopper;
  agent.wire.send({ type: 'call.propose', conversation, video: true });
  const call = await shopper.wire.until(() => {
    const state = shopper.wire.frames.findLast((frame) => frame.type === 'conversation.state');
    const ringing = state?.type === 'conversation.state' ? state.conversation.call : null;
    return ringing && ringing.id !== shopper.call ? ringing.id : null;
  });
  shopper.call = call;
  agent.call = call;
  return call;
}

/** The shopper says yes: it runs. */
export async function takeOverWire({ shopper, agent }: { shopper: Caller; agent: Caller }): Promise<void> {
  const { conversation, call } = shopper;
  shopper.wire.send({ type: 'call.answer', conversation, call, yes: true });
  for (const { wire } of [shopper, agent]) {
    await wire.frame(
      'conversation.state',
      (frame) => frame.conversation.call?.id === call && frame.conversation.call.status === 'active',
    );
  }
}

export async function agentOverWire(server: Door, cookie: string): Promise<Wire> {
  return (await agentWire(server, cookie)).wire;
}
