/**
 * Who is next, and with whom: the queue of one shop. Pure, like the conversations: what happens goes in, what follows comes
 * out. The longest waiting is offered to the least loaded agent who fits; what is not taken in time is offered to the next one.
 */
import { addServed, expectedWait, remainingWait, type Served } from './expected-wait.ts';

/** What each kind of work takes of an agent's capacity, in units. */
export type Units = { readonly chat: number; readonly cobrowse: number; readonly call: number };

export type QueueSettings = {
  readonly units: Units;
  /** How long one agent is asked before the next one is, in milliseconds. */
  readonly offerMs: number;
  /** Who has passed something is not asked again for it before this, in milliseconds. */
  readonly askAgainMs: number;
};

/** `all`: whatever there is. */
export type Skills = 'all' | readonly string[];

export type QueueAgent = {
  readonly id: string;
  readonly skills: Skills;
  readonly capacity: number;
  /** Asked only while available. Busy and away ones keep what they have. */
  readonly presence: 'available' | 'busy' | 'away';
  /** Units of each conversation that is theirs. */
  readonly load: ReadonlyMap<string, number>;
  /** When they were last given something: of equally loaded ones the one that rests longest is asked. */
  readonly restingSince: number;
};

export type Waiting = {
  readonly conversation: string;
  /** Null: no topic was chosen; everybody fits. */
  readonly topic: string | null;
  /** When the waiting began; it is kept when an agent is lost, so the place is kept. */
  readonly since: number;
  /** The place at the beginning. */
  readonly place: number;
  /** What was said at first, to be compared with what it became; null: nothing could be said. */
  readonly estimate: number | null;
  /** It was with an agent already: what it waits says nothing about others. */
  readonly again: boolean;
  /** Who is asked, and until when. */
  readonly offer: { readonly agent: string; readonly until: number } | null;
  /** Who was asked and did not take it, and when. */
  readonly passed: readonly { readonly agent: string; readonly at: number }[];
};

export type Queue = {
  readonly settings: QueueSettings;
  /** The longest waiting first. */
  readonly waiting: readonly Waiting[];
  readonly agents: ReadonlyMap<string, QueueAgent>;
  /** What really happened lately; the estimates come from it. */
  readonly served: readonly Served[];
};

export type QueueEvent =
  /** `since`: now, where it is not said. `estimate`: what the shopper was told; where it is not said, what is expected now. */
  | { type: 'arrived'; conversation: string; topic: string | null; since?: number; estimate?: number | null }
  /** It was with an agent, and waits again at its old place. `by`: who has just had it, and is not the next to be asked; null: nobody has. */
  | { type: 'back'; conversation: string; topic: string | null; since: number; by: string | null }
  /** The shopper gave up, or the conversation was closed before anybody came. */
  | { type: 'gone'; conversation: string }
  /** Signed in, or changed: skills, capacity, presence. */
  | { type: 'agent-here'; agent: Pick<QueueAgent, 'id' | 'skills' | 'capacity' | 'presence'> }
  /** Lost for longer than is waited. What was theirs comes `back`, each by its own decision. */
  | { type: 'agent-gone'; agent: string }
  /** Taken, by the one who was asked or by hand. */
  | { type: 'taken'; conversation: string; agent: string }
  | { type: 'passed'; conversation: string; agent: string }
  /** A step of a conversation began or ended: it weighs something else now. 0: it is over. */
  | { type: 'weighs'; conversation: string; agent: string; units: number }
  | { type: 'topic-changed'; conversation: string; topic: string | null }
  | { type: 'settings-changed'; settings: QueueSettings }
  /** The time of some offer has come. */
  | { type: 'time' };

export type QueueEffect =
  | { type: 'offer'; conversation: string; agent: string; until: number }
  | { type: 'withdraw'; conversation: string; agent: string }
  /** Call again with `time` then; replaces what was said before. Null: nothing to wait for. */
  | { type: 'wake'; at: number | null };

export type QueueDecision = { queue: Queue; effects: QueueEffect[] };

/** `served`: what is known of an earlier process. */
export function newQueue(settings: QueueSettings, served: readonly Served[] = []): Queue {
  return { settings, waiting: [], agents: new Map(), served };
}

export function decideQueue(queue: Queue, event: QueueEvent, now: number): QueueDecision {
  const happened = happen(queue, event, now);
  const carried = withdrawWhatIsTooMuch(happened.queue);
  const offered = offerAll(carried.queue, now);
  const wake: QueueEffect = { type: 'wake', at: nextTime(offered.queue, now) };
  return { queue: offered.queue, effects: [...happened.effects, ...carried.effects, ...offered.effects, wake] };
}

/** Of everybody: the place (1 is next) among those who wait for the same topic, and what is left of the wait; null: nothing is known. */
export function placesOf(queue: Queue, now: number): Map<string, { place: number; waitMs: number | null }> {
  const lengths = new Map<string | null, number>();
  const places = new Map<string, { place: number; waitMs: number | null }>();
  for (const own of queue.waiting) {
    const place = (lengths.get(own.topic) ?? 0) + 1;
    lengths.set(own.topic, place);
    places.set(own.conversation, { place, waitMs: remainingWait(queue.served, own, place, now) });
  }
  return places;
}

/** What an agent could still take, in units. */
export function freeUnits(agent: QueueAgent): number {
  return agent.capacity - loadOf(agent);
}

function loadOf({ load }: QueueAgent): number {
  let sum = 0;
  for (const units of load.values()) sum += units;
  return sum;
}

function happen(queue: Queue, event: QueueEvent, now: number): QueueDecision {
  switch (event.type) {
    case 'arrived':
      return { queue: arrive(queue, event, now), effects: [] };
    case 'back':
      return { queue: comeBack(queue, event, now), effects: [] };
    case 'gone':
      return leave(queue, event.conversation);
    case 'agent-here':
      return agentHere(queue, event.agent, now);
    case 'agent-gone':
      return agentGone(queue, event.agent);
    case 'taken':
      return take(queue, event, now);
    case 'passed':
      return { queue: pass(queue, event, now), effects: [] };
    case 'weighs':
      return { queue: weigh(queue, event, now), effects: [] };
    case 'topic-changed':
      return withdrawnFrom(queue, ({ conversation }) => conversation === event.conversation, {
        topic: event.topic,
        passed: [],
      });
    case 'settings-changed':
      return { queue: { ...queue, settings: event.settings }, effects: [] };
    case 'time':
      return expire(queue, now);
  }
}

function arrive(
  queue: Queue,
  { conversation, topic, ...known }: Extract<QueueEvent, { type: 'arrived' }>,
  now: number,
): Queue {
  if (queue.waiting.some((waiting) => waiting.conversation === conversation)) return queue;
  const ahead = queue.waiting.filter((waiting) => waiting.topic === topic).length;
  const estimate = known.estimate === undefined ? expectedWait(queue.served, topic, ahead + 1, now) : known.estimate;
  const place = ahead + 1;
  const since = known.since ?? now;
  const own: Waiting = { conversation, topic, since, place, estimate, again: false, offer: null, passed: [] };
  return inOrder(queue, own);
}

function comeBack(
  queue: Queue,
  { conversation, topic, since, by }: Extract<QueueEvent, { type: 'back' }>,
  now: number,
): Queue {
  if (queue.waiting.some((waiting) => waiting.conversation === conversation)) return queue;
  const passed = by === null ? [] : [{ agent: by, at: now }];
  // Nobody estimated that an agent would be lost.
  const place = { place: 1, estimate: null, again: true };
  const own: Waiting = { conversation, topic, since: Math.min(since, now), ...place, offer: null, passed };
  return inOrder({ ...queue, agents: lifted(queue.agents, conversation) }, own);
}

function inOrder(queue: Queue, own: Waiting): Queue {
  return { ...queue, waiting: [...queue.waiting, own].toSorted((a, b) => a.since - b.since) };
}

function leave(queue: Queue, conversation: string): QueueDecision {
  const own = queue.waiting.find((waiting) => waiting.conversation === conversation);
  const waiting = queue.waiting.filter((other) => other !== own);
  const agents = lifted(queue.agents, conversation);
  const effects: QueueEffect[] = own?.offer ? [{ type: 'withdraw', conversation, agent: own.offer.agent }] : [];
  return { queue: { ...queue, waiting, agents }, effects };
}

function agentHere(
  queue: Queue,
  agent: Pick<QueueAgent, 'id' | 'skills' | 'capacity' | 'presence'>,
  now: number,
): QueueDecision {
  const known = queue.agents.get(agent.id);
  const here: QueueAgent = { restingSince: now, load: new Map(), ...known, ...agent };
  const agents = new Map(queue.agents).set(agent.id, here);
  // Somebody new may take what everybody else has passed; somebody who is away is not asked any longer.
  const next = { ...queue, agents };
  const unfit = ({ offer, topic }: Waiting): boolean =>
    offer?.agent === agent.id && (agent.presence !== 'available' || !fits(here, topic));
  return withdrawnFrom(next, unfit, {});
}

function agentGone(queue: Queue, agent: string): QueueDecision {
  const agents = new Map(queue.agents);
  agents.delete(agent);
  return withdrawnFrom({ ...queue, agents }, ({ offer }) => offer?.agent === agent, {});
}

function take(
  queue: Queue,
  { conversation, agent }: { conversation: string; agent: string },
  now: number,
): QueueDecision {
  const own = queue.waiting.find((waiting) => waiting.conversation === conversation);
  const taker = queue.agents.get(agent);
  // By hand beyond the capacity is the agent's own decision.
  const agents = lifted(queue.agents, conversation);
  if (taker) {
    const load = new Map(agents.get(agent)?.load).set(conversation, queue.settings.units.chat);
    agents.set(agent, { ...taker, load, restingSince: now });
  }
  const waiting = queue.waiting.filter((other) => other !== own);
  const served = own && !own.again ? addServed(queue.served, own, now) : queue.served;
  const asked = own?.offer?.agent;
  const effects: QueueEffect[] = asked && asked !== agent ? [{ type: 'withdraw', conversation, agent: asked }] : [];
  return { queue: { ...queue, agents, waiting, served }, effects };
}

function pass(queue: Queue, { conversation, agent }: { conversation: string; agent: string }, now: number): Queue {
  return changed(queue, (waiting) =>
    waiting.conversation === conversation && waiting.offer?.agent === agent ? passedBy(waiting, agent, now) : waiting,
  );
}

function passedBy(waiting: Waiting, agent: string, now: number): Waiting {
  const others = waiting.passed.filter((passed) => passed.agent !== agent);
  return { ...waiting, offer: null, passed: [...others, { agent, at: now }] };
}

function weigh(
  queue: Queue,
  { conversation, agent, units }: Extract<QueueEvent, { type: 'weighs' }>,
  now: number,
): Queue {
  const known = queue.agents.get(agent);
  if (!known) return queue;
  const load = new Map(known.load);
  if (units > 0) load.set(conversation, units);
  else load.delete(conversation);
  const restingSince = units > 0 ? known.restingSince : now;
  return { ...queue, agents: new Map(queue.agents).set(agent, { ...known, load, restingSince }) };
}

/** Offers whose time is over go to the next one. */
function expire(queue: Queue, now: number): QueueDecision {
  const effects: QueueEffect[] = [];
  const next = changed(queue, (waiting) => {
    const { offer, conversation } = waiting;
    if (!offer || offer.until > now) return waiting;
    effects.push({ type: 'withdraw', conversation, agent: offer.agent });
    return passedBy(waiting, offer.agent, now);
  });
  return { queue: next, effects };
}

function withdrawnFrom(queue: Queue, which: (waiting: Waiting) => boolean, change: Partial<Waiting>): QueueDecision {
  const effects: QueueEffect[] = [];
  const next = changed(queue, (waiting) => {
    if (!which(waiting)) return waiting;
    const { offer, conversation } = waiting;
    if (offer) effects.push({ type: 'withdraw', conversation, agent: offer.agent });
    return { ...waiting, ...change, offer: null };
  });
  return { queue: next, effects };
}

/** A chat that became a call leaves no room for what was offered beside it: the latest in line goes to somebody else. */
function withdrawWhatIsTooMuch(queue: Queue): QueueDecision {
  const room = new Map<string, number>();
  const tooMuch = ({ offer }: Waiting): boolean => {
    const agent = offer && queue.agents.get(offer.agent);
    if (!agent) return false;
    const free = (room.get(agent.id) ?? freeUnits(agent)) - queue.settings.units.chat;
    room.set(agent.id, free);
    return free < 0;
  };
  return withdrawnFrom(queue, tooMuch, {});
}

/** Everybody who waits and is not being asked for, in order, as far as agents have room. */
function offerAll(queue: Queue, now: number): QueueDecision {
  const { units, offerMs, askAgainMs } = queue.settings;
  const room = new Map<string, { agent: QueueAgent; free: number; load: number }>();
  for (const agent of queue.agents.values()) {
    if (agent.presence !== 'available') continue;
    const free = freeUnits(agent);
    room.set(agent.id, { agent, free, load: 1 - free / agent.capacity });
  }
  const claim = (id: string): void => {
    const place = room.get(id);
    if (!place) return;
    place.free -= units.chat;
    place.load = 1 - place.free / place.agent.capacity;
  };
  for (const { offer } of queue.waiting) if (offer) claim(offer.agent);
  for (const [id, { free }] of room) if (free < units.chat) room.delete(id);

  const effects: QueueEffect[] = [];
  const next = changed(queue, (waiting) => {
    if (waiting.offer || room.size === 0) return waiting;
    const notYet = new Set(waiting.passed.filter(({ at }) => now < at + askAgainMs).map(({ agent }) => agent));
    const [best] = [...room.values()]
      .filter(({ agent }) => fits(agent, waiting.topic) && !notYet.has(agent.id))
      .toSorted((a, b) => a.load - b.load || a.agent.restingSince - b.agent.restingSince);
    if (!best) return waiting;
    const offer = { agent: best.agent.id, until: now + offerMs };
    claim(offer.agent);
    if (best.free < units.chat) room.delete(offer.agent);
    effects.push({ type: 'offer', conversation: waiting.conversation, ...offer });
    return { ...waiting, offer };
  });
  return { queue: next, effects };
}

/** When an offer ends, or somebody may be asked again. */
function nextTime({ waiting, settings }: Queue, now: number): number | null {
  const times = waiting.flatMap(({ offer, passed }) =>
    offer ? [offer.until] : passed.map(({ at }) => at + settings.askAgainMs).filter((at) => at > now),
  );
  return times.length > 0 ? Math.min(...times) : null;
}

function fits({ skills }: QueueAgent, topic: string | null): boolean {
  return skills === 'all' || topic === null || skills.includes(topic);
}

function lifted(agents: ReadonlyMap<string, QueueAgent>, conversation: string): Map<string, QueueAgent> {
  const next = new Map(agents);
  for (const [id, agent] of agents) {
    if (!agent.load.has(conversation)) continue;
    const load = new Map(agent.load);
    load.delete(conversation);
    next.set(id, { ...agent, load });
  }
  return next;
}

/** The same queue where nothing changes. */
function changed(queue: Queue, change: (waiting: Waiting) => Waiting): Queue {
  let same = true;
  const waiting = queue.waiting.map((each) => {
    const next = change(each);
    same &&= next === each;
    return next;
  });
  return same ? queue : { ...queue, waiting };
}
