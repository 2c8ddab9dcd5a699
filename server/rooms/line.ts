import { attendanceOf } from '../domain/attendance.ts';
import { servedFrom, type PastWait } from '../domain/expected-wait.ts';
import { glanceOf, queueEvents, type Glance } from '../domain/glance.ts';
import { decideQueue, newQueue, type Queue, type QueueEvent, type QueueSettings } from '../domain/queue.ts';
import type { ServerFrame } from '../protocol/from-server.ts';
import type { Settings } from '../protocol/settings.ts';
import { topicOfPage } from '../protocol/topic-of-page.ts';
import type { Attendance, ConversationSummary, LineView, Presence } from '../protocol/views.ts';
import { Attendants, skillsOf, type LineAgent } from './attendants.ts';
import { Places } from './places.ts';
import type { Room } from './room.ts';
import type { OpenConversation } from './rooms.ts';
import { Timers } from './timers.ts';

/** What a line needs from the world. */
export type LineContext = {
  now: () => number;
  /** The room if it is live. */
  peek: (conversation: string) => Room | null;
  room: (conversation: string) => Promise<Room | null>;
  tellAgents: (frame: ServerFrame) => void;
  tellShoppers: (frame: ServerFrame) => void;
  showPresence: (agent: string, presence: Presence) => void;
  failed: (error: unknown) => void;
};

/** Places are counted again so often even where nothing happens: time itself changes what is left of a wait. */
const RECOUNT_MS = 10_000;
/** The longest that a timer is set for; then it is looked again. */
const LOOK_MS = 6 * 3_600_000;
/** A shopper who waits and has not been here for so long is gone for good. */
const GONE_MS = 24 * 3_600_000;

/**
 * The line of one shop: who waits, who is there to answer, who is asked for whom. It is told what conversations are like now,
 * finds what that means to the queue, and does what follows. Whoever is asked has no right of way: others see who waits,
 * and whoever is first answers.
 */
export class Line {
  #context: LineContext;
  #settings: Settings;
  #queue: Queue;
  #attendants = new Attendants();
  #known = new Map<string, Glance>();
  /** The lines for the lists that they were made from. */
  #summaries = new Map<string, ConversationSummary>();
  /** Agents who were waited for in vain. */
  #lost = new Set<string>();
  #places: Places;
  #attendance: Attendance;
  #toldOffers = '';
  #timers = new Timers<string>();
  #closed = false;

  /** As it is after a restart: `open` are the conversations that are not over, `past` the waits that ended lately. */
  constructor(
    settings: Settings,
    { open, past }: { open: readonly OpenConversation[]; past: readonly PastWait[] },
    context: LineContext,
  ) {
    this.#settings = settings;
    this.#context = context;
    this.#places = new Places(context.peek);
    this.#queue = newQueue(queueSettings(settings), servedFrom(past));
    this.#attendance = this.#attend();
    for (const { summary, standing } of open) {
      const glance = glanceOf(summary, standing, this.#sight(null));
      if (!glance) continue;
      this.#known.set(glance.id, glance);
      this.#summaries.set(glance.id, summary);
      // Nobody is there yet to whom the others could weigh anything.
      const events = glance.status === 'waiting' ? queueEvents(null, glance, glance.estimateMs) : [];
      for (const event of events) this.#happens(event);
      this.#watch(glance);
    }
    this.#settle();
  }

  get attendance(): Attendance {
    return this.#attendance;
  }

  get view(): LineView {
    const now = this.#context.now();
    const ofMs = this.#queue.settings.offerMs;
    const offers = this.#queue.waiting.flatMap(({ conversation, offer }) => {
      if (!offer) return [];
      const name = this.#attendants.agent(offer.agent)?.name ?? '';
      return [{ conversation, agent: { id: offer.agent, name }, leftMs: Math.max(0, offer.until - now), ofMs }];
    });
    return { offers, awayMinutes: this.#settings.routing.awayMinutes };
  }

  /** What an agent has chosen. */
  chosen(agent: string): Presence {
    return this.#attendants.chosen(agent);
  }

  knowsTopic(topic: string | null): boolean {
    return topic === null || this.#settings.topics.some(({ id }) => id === topic);
  }

  /** What a new conversation is about: what the shopper chose, else what the page's address says. */
  topicFor(wish: string | null | undefined, page: string | undefined): string | null {
    if (wish !== undefined && this.knowsTopic(wish)) return wish;
    return page === undefined ? null : topicOfPage(this.#settings.topics, page);
  }

  /** A conversation is another one now, or there is a new one. */
  sees(summary: ConversationSummary): void {
    // One that has no word yet may never get one.
    if (this.#closed || summary.lastSeq === 0) return;
    const before = this.#known.get(summary.id) ?? null;
    // Most that is seen comes from a live room; what it was holds as long as none is.
    const standing = this.#context.peek(summary.id)?.standing ?? before ?? { again: false, gone: false };
    const after = glanceOf(summary, standing, this.#sight(before));
    if (after) {
      this.#known.set(summary.id, after);
      this.#summaries.set(summary.id, summary);
    } else {
      this.#known.delete(summary.id);
      this.#summaries.delete(summary.id);
    }
    const events = queueEvents(before, after, this.#isAttended(summary.topic) ? undefined : null);
    for (const event of events) this.#happens(event);
    if (events.some(({ type }) => type === 'arrived')) this.#estimate(summary.id);
    const came = after?.awaySince === null && before?.awaySince !== null;
    if (came) this.#places.forget(summary.id);
    if (after) this.#watch(after);
    else this.#timers.clear(silence(summary.id));
    // Most that is seen is another word, and moves nobody.
    if (events.length > 0 || came) this.#settle();
  }

  /** An agent's tab is there. */
  join(socket: string, agent: LineAgent, remembered: Presence = 'available'): void {
    this.#lost.delete(agent.id);
    this.#timers.clear(grace(agent.id));
    this.#attendants.here(socket, agent, remembered);
    this.#changed(agent);
  }

  /** It is gone; the agent may have others, or come back. */
  leave(socket: string): void {
    const agent = this.#closed ? null : this.#attendants.lost(socket);
    if (!agent) return;
    this.#changed(agent);
    this.#waitFor(agent.id);
  }

  choose(agent: string, presence: Presence): void {
    this.#attendants.choose(agent, presence);
    this.#changed(this.#attendants.agent(agent));
  }

  idle(socket: string, idle: boolean): void {
    this.#changed(this.#attendants.idle(socket, idle));
  }

  /** Who is asked says not now: the next one is. */
  pass(conversation: string, agent: string): void {
    this.#happens({ type: 'passed', conversation, agent });
    this.#settle();
  }

  /** Names, skills or capacities of the team have changed. */
  teamIs(team: readonly LineAgent[]): void {
    for (const agent of team) {
      this.#attendants.change(agent);
      if (this.#attendants.agent(agent.id)) this.#changed(agent);
    }
  }

  settingsAre(settings: Settings): void {
    this.#settings = settings;
    this.#happens({ type: 'settings-changed', settings: queueSettings(settings) });
    for (const agent of this.#attendants.all) this.#enter(agent);
    this.#toldOffers = '';
    // What each weighs may be another thing now, and how long is waited for an answer.
    for (const summary of this.#summaries.values()) this.sees(summary);
    this.#settle();
    this.#attendAgain();
  }

  close(): void {
    this.#closed = true;
    this.#timers.close();
  }

  #sight(before: Glance | null): Parameters<typeof glanceOf>[2] {
    return { units: this.#settings.routing.units, before, now: this.#context.now() };
  }

  #happens(event: QueueEvent): void {
    const { queue, effects } = decideQueue(this.#queue, event, this.#context.now());
    this.#queue = queue;
    // What was offered and withdrawn is in the queue; everybody is told of the whole.
    for (const effect of effects) if (effect.type === 'wake') this.#wake(effect.at);
  }

  #wake(at: number | null): void {
    if (at === null) return this.#timers.clear('wake');
    this.#timers.set('wake', at - this.#context.now(), () => {
      this.#happens({ type: 'time' });
      this.#settle();
    });
  }

  #changed(agent: LineAgent | null): void {
    if (!agent || this.#closed) return;
    this.#enter(agent);
    this.#settle();
    this.#context.showPresence(agent.id, this.#attendants.presence(agent.id));
    this.#attendAgain();
  }

  /** Into the queue, or what is known of them there anew, with all that they carry. */
  #enter(agent: LineAgent): void {
    const { id } = agent;
    const isNew = !this.#queue.agents.has(id);
    const capacity = agent.capacity ?? this.#settings.routing.capacity;
    // Nobody is asked before it is known what they have already.
    const presence = this.#attendants.presence(id);
    const here = { id, skills: skillsOf(agent), capacity };
    if (isNew) this.#happens({ type: 'agent-here', agent: { ...here, presence: 'away' } });
    for (const { id: conversation, loads } of isNew ? this.#known.values() : []) {
      const units = loads.get(id);
      if (units !== undefined) this.#happens({ type: 'weighs', conversation, agent: id, units });
    }
    this.#happens({ type: 'agent-here', agent: { ...here, presence } });
  }

  /** Whether its agent is still there, and answers. */
  #watch({ id, status, agent, calls, unansweredSince }: Glance): void {
    const { silentMinutes } = this.#settings.routing;
    if (status !== 'active' || agent === null) return this.#timers.clear(silence(id));
    if (!this.#attendants.isHere(agent)) {
      if (this.#lost.has(agent)) this.#sendBack(id, agent, 'lost');
      else if (!this.#timers.has(grace(agent))) this.#waitFor(agent);
    }
    if (silentMinutes === null || unansweredSince === null || calls) return this.#timers.clear(silence(id));
    const at = unansweredSince + silentMinutes * 60_000;
    this.#timers.set(silence(id), at - this.#context.now(), () => this.#sendBack(id, agent, 'silent'));
  }

  /** For so long an agent's conversations stay theirs, without a connection. */
  #waitFor(agent: string): void {
    this.#timers.set(grace(agent), this.#settings.routing.graceSeconds * 1_000, () => {
      this.#lost.add(agent);
      this.#attendants.gone(agent);
      this.#happens({ type: 'agent-gone', agent });
      for (const glance of this.#known.values()) if (glance.agent === agent) this.#watch(glance);
      this.#settle();
      this.#attendAgain();
    });
  }

  /** The conversation decides whether it goes back (not out of a running call); the queue learns of it as of any change. */
  #sendBack(conversation: string, agent: string, reason: 'lost' | 'silent'): void {
    this.#context
      .room(conversation)
      .then((room) => this.#closed || room?.dispatch({ type: 'agent-lost', agent, reason }))
      .catch((error: unknown) => this.#context.failed(error));
  }

  /** Whether shoppers are told place and wait: else they read when somebody is there. */
  #isAttended(topic: string | null): boolean {
    const { open, staffed } = this.#attendance.topics.find(({ id }) => id === topic) ?? this.#attendance;
    return open && staffed;
  }

  #estimate(conversation: string): void {
    const own = this.#queue.waiting.find((waiting) => waiting.conversation === conversation);
    if (!own || own.estimate === null) return;
    this.#context.peek(conversation)?.dispatch({ type: 'estimated', estimateMs: Math.round(own.estimate) });
  }

  /** After whatever happened: everybody is told what is another thing to them now. */
  #settle(): void {
    if (this.#closed) return;
    this.#places.tell(this.#queue, this.#settings, this.#context.now());
    const offers = JSON.stringify(this.#queue.waiting.flatMap(({ conversation, offer }) => [conversation, offer]));
    if (offers !== this.#toldOffers) this.#context.tellAgents({ type: 'line', line: this.view });
    this.#toldOffers = offers;
    if (this.#queue.waiting.length === 0) return this.#timers.clear('recount');
    if (!this.#timers.has('recount')) this.#timers.set('recount', RECOUNT_MS, () => this.#settle());
  }

  #attendAgain(): void {
    if (this.#closed) return;
    const before = JSON.stringify(this.#attendance);
    this.#attendance = this.#attend();
    if (JSON.stringify(this.#attendance) === before) return;
    const frame = { type: 'attendance' as const, attendance: this.#attendance };
    this.#context.tellShoppers(frame);
    this.#context.tellAgents(frame);
  }

  #attend(): Attendance {
    const now = this.#context.now();
    const agents = this.#attendants.all.map((agent) => ({
      skills: skillsOf(agent),
      // Who is lost for a moment is still there, as far as shoppers are concerned.
      presence: this.#attendants.isHere(agent.id)
        ? this.#attendants.presence(agent.id)
        : this.#attendants.chosen(agent.id),
    }));
    const { attendance, changesAt } = attendanceOf(this.#settings, agents, now);
    this.#timers.set('look', Math.min(LOOK_MS, (changesAt ?? Number.MAX_SAFE_INTEGER) - now), () => {
      this.#attendAgain();
      this.#forgetGone();
      // Whoever waits beyond what the shop finds right does not while it is closed.
      this.#settle();
    });
    return attendance;
  }

  #forgetGone(): void {
    const now = this.#context.now();
    for (const { id, status, gone, awaySince } of this.#known.values()) {
      if (status !== 'waiting' || gone || awaySince === null || now - awaySince < GONE_MS) continue;
      this.#context
        .room(id)
        .then((room) => this.#closed || room?.dispatch({ type: 'shopper-gone' }))
        .catch((error: unknown) => this.#context.failed(error));
    }
  }
}

const grace = (agent: string): string => `grace ${agent}`;
const silence = (conversation: string): string => `silence ${conversation}`;

function queueSettings({ routing }: Settings): QueueSettings {
  const { units, offerSeconds, askAgainSeconds } = routing;
  return { units, offerMs: offerSeconds * 1_000, askAgainMs: askAgainSeconds * 1_000 };
}
