import { describe, expect, it } from 'vitest';
import { AWAY_MS } from '../../server/domain/call.ts';
import { INVITATION_MS } from '../../server/domain/call-people.ts';
import type { Presence } from '../../server/domain/conversation.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { summaryOf, viewOf } from '../../server/domain/view.ts';
import { ana, inCall, luis, Play, ringing, shopper } from './play.ts';

const eva: Presence = { socket: 'a3', side: 'agent', tab: 'tab-e', id: 'eva', name: 'Eva', role: 'supervisor' };

function agent(n: number): Presence {
  return { socket: `x${n}`, side: 'agent', tab: `tab-${n}`, id: `x${n}`, name: `X${n}`, role: 'agent' };
}

function invited(who: Presence, as: 'guest' | 'owner' = 'guest', by = 'a1'): ConversationEvent {
  const person = who.side === 'agent' ? { id: who.id, name: who.name } : null;
  return { type: 'call-invited', socket: by, id: 'call', agent: person, as };
}

function joins(who: Presence, over: { part?: 'talks' | 'listens'; as?: 'guest' | 'owner' } = {}): ConversationEvent {
  return { type: 'call-joined', socket: who.socket, id: 'call', part: 'talks', as: 'guest', ...over };
}

const leaves = (who: Presence): ConversationEvent => ({ type: 'call-left', socket: who.socket, id: 'call' });
const hangsUp = (who: Presence): ConversationEvent => ({ type: 'call-hung-up', socket: who.socket, id: 'call' });

/** Luis was asked, and has come. */
function withLuis(): Play {
  return inCall().join(luis).on(invited(luis), joins(luis));
}

function people(play: Play): string[] {
  return (viewOf(play.state).call?.members ?? []).map(({ name, part }) => `${name ?? 'shopper'} ${part}`);
}

function offers(play: Play): string[] {
  return (viewOf(play.state).call?.invited ?? []).map(({ agent: { name }, as }) => `${name} ${as}`);
}

describe('promise 12: a colleague is asked into the call', () => {
  it('of several who were asked the clock of the first runs', () => {
    const play = inCall().join(luis, eva).on(invited(luis));
    const first = play.now + INVITATION_MS;
    play.on(invited(eva));
    expect(play.clocks.get('call-invited')).toBe(first);
    play.on({ type: 'call-invitation-declined', id: 'call', agent: 'luis' });
    expect(play.clocks.get('call-invited')).toBe(first + 1_000);
  });

  it('who leaves while sharing a screen, and comes back, is in the record with the next one', () => {
    const shares: ConversationEvent = { type: 'sources-changed', member: 'agent.luis.tab-l', sources: ['screen'] };
    const play = withLuis().on(shares, leaves(luis), invited(luis), joins(luis), shares);
    expect(play.entries).toEqual(['screen-started']);
  });

  it('the invitation is in the view, and in the line that every agent sees', () => {
    const play = inCall().on(invited(luis));
    expect(offers(play)).toEqual(['Luis guest']);
    expect(summaryOf(play.state)).toMatchObject({
      inCall: ['ana'],
      invited: [{ agent: { id: 'luis' }, by: { id: 'ana', name: 'Ana' }, as: 'guest', call: 'call', video: true }],
    });
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-invited', at: play.now + INVITATION_MS });
  });

  it('who comes is named to everybody and in the record; the invitation is used up', () => {
    const play = withLuis();
    expect(people(play)).toEqual(['Ana talks', 'shopper talks', 'Luis talks']);
    expect(offers(play)).toEqual([]);
    expect(play.effects).toContainEqual(
      expect.objectContaining({
        entries: [
          expect.objectContaining({
            type: 'call-joined',
            part: 'talks',
            by: { side: 'agent', id: 'luis', name: 'Luis' },
          }),
        ],
      }),
    );
    expect(play.types.indexOf('show')).toBeLessThan(play.types.indexOf('append'));
    expect(summaryOf(play.state).inCall).toEqual(['ana', 'luis']);
  });

  it.each([
    ['nobody asked', inCall().join(luis)],
    [
      'taken back',
      inCall().join(luis).on(invited(luis), { type: 'call-uninvited', socket: 'a1', id: 'call', agent: 'luis' }),
    ],
    [
      'declined',
      inCall().join(luis).on(invited(luis), { type: 'call-invitation-declined', agent: 'luis', id: 'call' }),
    ],
    ['come and gone', withLuis().on(leaves(luis))],
  ])('without an invitation (%s) an agent stays outside', (_, play) => {
    expect(play.on(joins(luis)).refusals).toEqual(['not-invited']);
    expect(people(play)).toHaveLength(2);
  });

  it('an invitation ends after a time, and only that one', () => {
    const play = inCall().join(luis).on(invited(luis));
    play.now += 30_000;
    play.on(invited(eva));
    play.now += INVITATION_MS - 30_000;
    play.on({ type: 'timer-fired', name: 'call-invited' });
    expect(offers(play)).toEqual(['Eva guest']);
    expect(play.types).toContain('timer.set');
    expect(play.on(joins(luis)).refusals).toEqual(['not-invited']);
    play.now += INVITATION_MS;
    play.on({ type: 'timer-fired', name: 'call-invited' });
    expect(offers(play)).toEqual([]);
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-invited' });
  });

  it('a timer that fires too early ends nothing and is set again', () => {
    const play = inCall().on(invited(luis), { type: 'timer-fired', name: 'call-invited' });
    expect(offers(play)).toEqual(['Luis guest']);
    expect(play.types).toContain('timer.set');
  });

  it('it ends with the call', () => {
    const play = inCall().join(luis).on(invited(luis), hangsUp(ana));
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-invited' });
    expect(summaryOf(play.state).invited).toEqual([]);
    expect(play.on(joins(luis)).refusals).toEqual(['no-call']);
  });

  it('the conversation’s agent alone asks, in a running call, and somebody who is there', () => {
    const play = inCall().join(luis, eva);
    expect(play.on(invited(eva, 'guest', 'a2')).refusals).toEqual(['not-yours']);
    expect(play.on(invited(eva, 'guest', 's1')).refusals).toEqual(['not-yours']);
    expect(play.on({ type: 'call-invited', socket: 'a1', id: 'call', agent: null, as: 'guest' }).refusals).toEqual([
      'agent-away',
    ]);
    expect(ringing().on(invited(luis)).refusals).toEqual(['no-call']);
    expect(play.on({ ...invited(luis), id: 'another' } as ConversationEvent).refusals).toEqual(['no-call']);
    const guestAsks = withLuis()
      .join(eva)
      .on(invited(eva, 'guest', 'a2'));
    expect(guestAsks.refusals).toEqual(['not-yours']);
  });

  it('asking oneself, or who is there already, changes nothing; asking twice renews', () => {
    expect(inCall().on(invited(ana)).effects).toEqual([]);
    expect(withLuis().on(invited(luis)).effects).toEqual([]);
    const play = inCall().on(invited(luis), invited(luis, 'owner'));
    expect(offers(play)).toEqual(['Luis owner']);
  });

  it('another agent cannot take an invitation back', () => {
    const play = inCall().join(luis).on(invited(luis), {
      type: 'call-uninvited',
      socket: 'a2',
      id: 'call',
      agent: 'luis',
    });
    expect(play.refusals).toEqual(['not-yours']);
    expect(offers(play)).toEqual(['Luis guest']);
  });

  it('six people, and not one more, whoever was faster', () => {
    const play = inCall().join(eva);
    for (const n of [1, 2, 3]) play.join(agent(n)).on(invited(agent(n)), joins(agent(n)));
    play.join(agent(4)).on(invited(agent(4)));
    expect(play.on(invited(agent(5))).refusals).toEqual(['too-many']);
    play.on(joins(eva, { part: 'listens' }));
    expect(people(play)).toHaveLength(6);
    expect(play.on(joins(agent(4))).refusals).toEqual(['too-many']);
    expect(play.on(leaves(agent(2)), joins(agent(4))).refusals).toEqual([]);
    expect(people(play)).toHaveLength(6);
  });
});

describe('promise 12: a supervisor listens, and is named', () => {
  it('comes uninvited, is told of to everybody, and can begin to speak', () => {
    const play = inCall()
      .join(eva)
      .on(joins(eva, { part: 'listens' }));
    expect(people(play)).toEqual(['Ana talks', 'shopper talks', 'Eva listens']);
    expect(play.entries).toEqual(['call-joined']);
    play.on(joins(eva));
    expect(people(play)).toEqual(['Ana talks', 'shopper talks', 'Eva talks']);
    expect(play.entries).toEqual(['call-joined']);
    expect(play.types).not.toContain('media.silence');
  });

  it('who only listens again is silenced on the server, screen and all', () => {
    const play = inCall()
      .join(eva)
      .on(joins(eva), { type: 'sources-changed', member: 'agent.eva.tab-e', sources: ['screen'] });
    expect(viewOf(play.state).call?.screens).toEqual(['agent']);
    play.on(joins(eva, { part: 'listens' }));
    expect(play.effects).toContainEqual({ type: 'media.silence', member: 'agent.eva.tab-e' });
    expect(viewOf(play.state).call?.screens).toEqual([]);
  });

  it('the same wish twice changes nothing', () => {
    const play = inCall().join(eva).on(joins(eva));
    expect(play.on(joins(eva)).effects).toEqual([]);
  });

  it('the conversation’s agent cannot be made a listener, the shopper cannot join as an agent', () => {
    const play = inCall().on(joins(ana, { part: 'listens' }));
    expect(people(play)).toEqual(['Ana talks', 'shopper talks']);
    expect(inCall().on(joins(shopper)).refusals).toEqual(['not-yours']);
  });

  it('nobody joins a call that only rings', () => {
    expect(ringing().join(eva).on(joins(eva)).refusals).toEqual(['no-call']);
  });
});

describe('promise 12: leaving', () => {
  it.each([
    ['leaves', leaves],
    ['hangs up', hangsUp],
  ])('a guest who %s is gone; the call goes on for the others', (_, goes) => {
    const play = withLuis().on(goes(luis));
    expect(people(play)).toEqual(['Ana talks', 'shopper talks']);
    expect(play.entries).toEqual(['call-left']);
    expect(play.effects).toContainEqual({ type: 'media.leave', member: 'agent.luis.tab-l' });
    expect(play.types).not.toContain('media.close');
  });

  it.each([
    ['the shopper', shopper],
    ['the conversation’s agent', ana],
  ])('%s hangs up: it ends for all', (_, who) => {
    const play = withLuis().on(hangsUp(who));
    expect(play.entries).toEqual(['call-ended']);
    expect(play.types).toContain('media.close');
  });

  it('the conversation’s agent hands over before leaving others behind; alone, leaving ends it', () => {
    const play = withLuis().on(leaves(ana));
    expect(play.refusals).toEqual(['hand-over-first']);
    expect(people(play)).toHaveLength(3);
    expect(inCall().on(leaves(ana)).entries).toEqual(['call-ended']);
  });

  it('who is not in the call can neither leave nor end it', () => {
    const play = inCall().join(luis);
    expect(play.on(leaves(luis)).effects).toEqual([]);
    expect(play.on(hangsUp(luis)).refusals).toEqual(['not-yours']);
    expect(play.on(leaves(shopper)).refusals).toEqual(['not-yours']);
  });

  it('a guest who stays away too long is removed, and the call goes on', () => {
    const play = withLuis().on({ type: 'left', socket: 'a2' });
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-guest-away', at: play.now + AWAY_MS });
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-away' });
    play.now += AWAY_MS;
    play.on({ type: 'timer-fired', name: 'call-guest-away' });
    expect(play.entries).toEqual(['call-left']);
    expect(people(play)).toEqual(['Ana talks', 'shopper talks']);
    expect(play.effects).toContainEqual({ type: 'media.leave', member: 'agent.luis.tab-l' });
  });

  it('a guest who loads the page anew comes back as who they were', () => {
    const play = withLuis()
      .on({ type: 'left', socket: 'a2' })
      .join({ ...luis, socket: 'a9' });
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-guest-away' });
    expect(viewOf(play.state).call?.members.every(({ connected }) => connected)).toBe(true);
  });

  it('of two guests who are away only the one whose time is over goes', () => {
    const play = withLuis().join(eva).on(joins(eva), { type: 'left', socket: 'a2' });
    play.now += 30_000;
    play.on({ type: 'left', socket: 'a3' });
    play.now += AWAY_MS - 30_000;
    play.on({ type: 'timer-fired', name: 'call-guest-away' });
    expect(people(play)).toEqual(['Ana talks', 'shopper talks', 'Eva talks']);
    expect(play.effects).toContainEqual(expect.objectContaining({ type: 'timer.set', name: 'call-guest-away' }));
  });

  it('it still waits for the shopper and the agent alone, each from when they went', () => {
    const play = withLuis().on({ type: 'left', socket: 's1' });
    const gone = play.now;
    play.on({ type: 'left', socket: 'a2' });
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-away', at: gone + AWAY_MS });
    expect(play.on({ type: 'timer-fired', name: 'call-away' }).entries).toEqual(['call-ended']);
  });

  it('the same person in another tab takes the place of the first tab', () => {
    const play = withLuis()
      .join({ ...luis, socket: 'a9', tab: 'tab-9' })
      .on(joins({ ...luis, socket: 'a9' }));
    expect(viewOf(play.state).call?.members.map(({ participant }) => participant)).toEqual([
      'agent.ana.tab-a',
      'shopper.tab-s',
      'agent.luis.tab-9',
    ]);
    expect(play.effects).toContainEqual({ type: 'media.leave', member: 'agent.luis.tab-l' });
    expect(play.entries).toEqual([]);
  });
});

describe('promise 12: handing the call over', () => {
  const yes: ConversationEvent = { type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 };
  const takes = (who: Presence): ConversationEvent => joins(who, { as: 'owner' });

  it('the conversation is the colleague’s, the earlier agent stays until leaving, the shopper notices nothing else', () => {
    const play = inCall().join(luis).on(yes, invited(luis, 'owner'), takes(luis));
    expect(play.state.agent).toEqual({ id: 'luis', name: 'Luis' });
    expect(people(play)).toEqual(['Ana talks', 'shopper talks', 'Luis talks']);
    expect(play.state.cobrowse).toMatchObject({ status: 'on', channel: 7, agent: { id: 'luis', name: 'Luis' } });
    expect(play.types).not.toContain('cobrowse.reset');
    expect(play.effects).toContainEqual(
      expect.objectContaining({
        entries: [
          expect.objectContaining({
            type: 'handed-over',
            from: { id: 'ana', name: 'Ana' },
            to: { id: 'luis', name: 'Luis' },
          }),
        ],
      }),
    );
    expect(play.on(leaves(ana)).entries).toEqual(['call-left']);
    expect(people(play)).toEqual(['shopper talks', 'Luis talks']);
    expect(play.on({ type: 'message-sent', socket: 'a1', id: 'm7', text: 'x', known: null }).refusals).toEqual([
      'not-yours',
    ]);
  });

  it('to somebody who is in the call already, and back again', () => {
    const play = withLuis().on(invited(luis, 'owner'), takes(luis));
    expect(play.state.agent?.id).toBe('luis');
    expect(people(play)).toHaveLength(3);
    play.on(invited(ana, 'owner', 'a2'), takes(ana));
    expect(play.state.agent?.id).toBe('ana');
    expect(people(play)).toHaveLength(3);
  });

  it('a listener who takes it over speaks', () => {
    const play = inCall()
      .join(eva)
      .on(joins(eva, { part: 'listens' }), invited(eva, 'owner'), joins(eva, { part: 'listens', as: 'owner' }));
    expect(people(play)).toContain('Eva talks');
  });

  it('two are asked at once: the first one has it, the second one is told', () => {
    const play = inCall().join(luis, eva).on(invited(luis, 'owner'), invited(eva, 'owner'), takes(eva));
    expect(play.state.agent?.id).toBe('eva');
    expect(offers(play)).toEqual([]);
    expect(play.on(takes(luis)).refusals).toEqual(['not-invited']);
    expect(play.state.agent?.id).toBe('eva');
    expect(people(play)).toHaveLength(3);
  });

  it.each([
    ['a guest’s invitation', invited(luis)],
    ['none', { type: 'left', socket: 'nobody' } as const],
  ])('%s is none to take over', (_, before) => {
    const play = inCall().join(luis).on(before, takes(luis));
    expect(play.refusals).toEqual(['not-invited']);
    expect(play.state.agent?.id).toBe('ana');
  });

  it('a supervisor may come in, but not take over unasked', () => {
    expect(inCall().join(eva).on(takes(eva)).refusals).toEqual(['not-invited']);
  });

  it('the colleague is gone before taking it: nothing changes', () => {
    const play = inCall().join(luis).on(invited(luis, 'owner'), { type: 'left', socket: 'a2' });
    expect(play.on(takes(luis)).effects).toEqual([]);
    play.now += INVITATION_MS;
    play.on({ type: 'timer-fired', name: 'call-invited' });
    expect(play.state.agent?.id).toBe('ana');
    expect(people(play)).toEqual(['Ana talks', 'shopper talks']);
  });

  it('while the shopper’s page loads: it waits for the shopper and the new agent from then on', () => {
    const play = inCall().join(luis).on(invited(luis, 'owner'), { type: 'left', socket: 's1' });
    const gone = play.now;
    play.on(takes(luis));
    expect(play.state.agent?.id).toBe('luis');
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'call-away', at: gone + AWAY_MS });
    play.join({ ...shopper, socket: 's2' });
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-away' });
    // The earlier agent is a guest now: their going ends nothing.
    play.on({ type: 'left', socket: 'a1' });
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'call-away' });
    expect(play.effects).toContainEqual(expect.objectContaining({ type: 'timer.set', name: 'call-guest-away' }));
  });

  it('a question about the page in the earlier agent’s name is taken back: the yes was asked for another person', () => {
    const play = inCall().join(luis).on({ type: 'cobrowse-asked', socket: 'a1' }, invited(luis, 'owner'), takes(luis));
    expect(play.state.cobrowse).toEqual({ status: 'off' });
  });
});

describe('promise 12: after a restart', () => {
  it('everybody is waited for anew, invitations end at their time', () => {
    const play = withLuis().join(eva).on(invited(eva));
    // How long somebody was away before is the server's doing, not theirs.
    play.on({ type: 'left', socket: 's1' }, { type: 'left', socket: 'a2' });
    play.state = { ...play.state, present: [] };
    play.on({ type: 'resumed' });
    expect(play.effects).toContainEqual({
      type: 'media.activate',
      members: ['agent.ana.tab-a', 'shopper.tab-s', 'agent.luis.tab-l'],
    });
    for (const name of ['call-away', 'call-guest-away'] as const) {
      expect(play.effects).toContainEqual({ type: 'timer.set', name, at: play.now + AWAY_MS });
    }
    expect(offers(play)).toEqual(['Eva guest']);
    play.state = { ...play.state, present: [] };
    play.now += INVITATION_MS;
    play.on({ type: 'resumed' });
    expect(offers(play)).toEqual([]);
  });

  it('a call that rang goes on ringing, and co-browsing is taken up', () => {
    expect(ringing().on({ type: 'resumed' }).types).toEqual(['timer.set']);
    const play = inCall().on({ type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 }, { type: 'resumed' });
    expect(play.types).toContain('cobrowse.reset');
  });

  it('nothing runs: nothing is done', () => {
    expect(new Play().on({ type: 'resumed' }).effects).toEqual([]);
  });
});
