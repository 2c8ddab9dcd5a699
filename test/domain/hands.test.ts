import { describe, expect, it } from 'vitest';
import { viewOf } from '../../server/domain/view.ts';
import { conversationFrom, recordOf } from '../../server/rooms/record.ts';
import { inCall, luis, served, shopper, type Play } from './play.ts';

const yes = { type: 'hands-answered' as const, socket: 's1', yes: true };
const ask = { type: 'hands-asked' as const, socket: 'a1' };
const stop = (socket: string) => ({ type: 'hands-stopped' as const, socket });
const agent = { id: 'ana', name: 'Ana' };
type Did = 'scrolled' | 'clicked' | 'chose' | 'filled';
const acted = (did: Did, what = '') => ({ type: 'hands-acted' as const, socket: 's1', agent, did, what });

const looking = (play: Play = served()): Play =>
  play.on({ type: 'cobrowse-answered', socket: 's1', yes: true, channel: 7 });
const helping = (play?: Play): Play => looking(play).on(ask, yes);
const hands = (play: Play) => viewOf(play.state).hands;

describe('promise 20: helping hands, with a yes of their own', () => {
  it('the agent asks while both look, the shopper says yes, and the record says so', () => {
    const play = looking().on(ask);
    expect(hands(play)).toEqual({ status: 'asked', by: agent });
    play.on(yes);
    expect(play.entries).toEqual(['hands-started']);
    expect(hands(play)).toEqual({ status: 'on', agent, since: play.now });
  });

  it('a no is a no, and a yes without a question is none', () => {
    const play = looking().on(ask, { ...yes, yes: false });
    expect(play.entries).toEqual(['hands-refused']);
    expect(hands(play.on(yes))).toEqual({ status: 'off' });
    expect(play.effects).toEqual([]);
  });

  it('nobody asks without looking, for a conversation that is not theirs, or in place of the shopper', () => {
    expect(served().on(ask).refusals).toEqual(['not-sharing']);
    const play = looking().join(luis);
    expect(play.on({ ...ask, socket: 'a2' }).refusals).toEqual(['not-yours']);
    expect(play.on({ ...ask, socket: 's1' }).refusals).toEqual(['not-yours']);
    play.on(ask);
    expect(play.on({ ...yes, socket: 'a1' }).refusals).toEqual(['not-yours']);
    expect(play.on(stop('a2')).refusals).toEqual(['not-yours']);
    expect(hands(play)).toMatchObject({ status: 'asked' });
  });

  it.each(['s1', 'a1'])('one word ends it, by %s; before the answer it takes the question back', (socket) => {
    expect(helping().on(stop(socket)).entries).toEqual(['hands-stopped']);
    const play = looking().on(ask).on(stop(socket));
    expect(play.entries).toEqual([]);
    expect(hands(play)).toEqual({ status: 'off' });
  });

  it('ends with looking at the page, and with the conversation', () => {
    const stopped = helping().on({ type: 'cobrowse-stopped', socket: 's1' });
    expect(stopped.entries).toEqual(['hands-stopped', 'cobrowse-stopped']);
    expect(hands(stopped)).toEqual({ status: 'off' });
    const closed = helping().on({ type: 'closed', socket: 'a1' });
    expect(closed.entries).toEqual(['hands-stopped', 'cobrowse-stopped', 'closed']);
    expect(hands(looking().on(ask, { type: 'cobrowse-stopped', socket: 's1' }))).toEqual({ status: 'off' });
  });

  it('the yes was given to one agent: whoever takes the conversation over has to ask', () => {
    const play = helping(inCall()).join(luis);
    play.on(
      { type: 'call-invited', socket: 'a1', id: 'call', agent: { id: 'luis', name: 'Luis' }, as: 'owner' },
      { type: 'call-joined', socket: 'a2', id: 'call', part: 'talks', as: 'owner' },
    );
    expect(play.state.agent?.id).toBe('luis');
    expect(play.entries).toContain('hands-stopped');
    expect(hands(play)).toEqual({ status: 'off' });
    expect(viewOf(play.state).cobrowse.status).toBe('on');
  });

  it("goes on over the shopper's page loads, the agent's reload and a restart; not when the agent stays away", () => {
    const play = helping().on({ type: 'left', socket: 's1', leaving: true }).join(shopper);
    expect(hands(play).status).toBe('on');
    play.on({ type: 'left', socket: 'a1' });
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'hands-away', at: play.now + 30_000 });
    const restarted = { ...recordOf(play.state), preview: null, unread: 0 };
    play.state = conversationFrom(restarted);
    play.on({ type: 'resumed' });
    expect(play.effects).toContainEqual({ type: 'timer.set', name: 'hands-away', at: play.now + 30_000 });
    play.join({ ...shopper }, { socket: 'a1', side: 'agent', tab: 'new', id: 'ana', name: 'Ana', role: 'agent' });
    expect(play.effects).toContainEqual({ type: 'timer.clear', name: 'hands-away' });
    expect(hands(play).status).toBe('on');
    play.on({ type: 'left', socket: 'a1' }, { type: 'timer-fired', name: 'hands-away' });
    expect(play.entries).toEqual(['hands-stopped']);
    expect(hands(play)).toEqual({ status: 'off' });
  });

  it('the record has a line for each deed, and one for a run of scrolling or of filling the same field', () => {
    const play = helping();
    const lines: string[] = [];
    for (const deed of [
      acted('scrolled'),
      acted('scrolled'),
      acted('clicked', 'Lamps'),
      acted('clicked', 'Lamps'),
      acted('scrolled'),
      acted('filled', 'Quantity'),
      acted('filled', 'Quantity'),
      acted('filled', 'Name'),
    ]) {
      play.on(deed);
      const entries = play.effects.flatMap((effect) => (effect.type === 'append' ? effect.entries : []));
      lines.push(...entries.map((entry) => (entry.type === 'hands-acted' ? `${entry.did} ${entry.what}` : '?')));
    }
    expect(lines).toEqual([
      'scrolled ',
      'clicked Lamps',
      'clicked Lamps',
      'scrolled ',
      'filled Quantity',
      'filled Name',
    ]);
    play.on({ type: 'message-sent', socket: 's1', id: 'm2', text: 'thanks', known: null }, acted('filled', 'Name'));
    expect(play.entries).toEqual(['hands-acted']);
  });
});
