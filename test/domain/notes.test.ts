import { describe, expect, it } from 'vitest';
import type { Presence } from '../../server/domain/conversation.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { viewOf } from '../../server/domain/view.ts';
import { shownTo } from '../../server/protocol/entry.ts';
import { luis, message, Play, served, shopper } from './play.ts';

const zoe: Presence = { socket: 'a3', side: 'agent', tab: 'tab-z', id: 'zoe', name: 'Zoe', role: 'supervisor' };

function note(socket: string, text = 'ask for the order number', id = 'n1'): ConversationEvent {
  return { type: 'note-written', socket, id, text, known: null };
}

function rated(socket: string, rating = 4, comment = ''): ConversationEvent {
  return { type: 'rated', socket, rating, comment };
}

const over = (): Play => served().on({ type: 'closed', socket: 'a1' });

describe('promise 22: internal notes', () => {
  it('are numbered with the rest, acknowledged, and counted neither as unread nor as the last message', () => {
    const play = served();
    const { unread, preview, lastSeq } = play.state;
    play.on(note('a1'));
    expect(play.state).toMatchObject({ unread, preview, lastSeq: lastSeq + 1 });
    expect(play.effects).toMatchObject([
      { type: 'append', sockets: ['s1', 'a1'], shoppers: ['s1'], ack: { socket: 'a1', id: 'n1' } },
    ]);
  });

  it('of them a shopper may know the number alone', () => {
    const play = served().on(note('a1'));
    const entries = play.effects.flatMap((effect) => (effect.type === 'append' ? effect.entries : []));
    expect(shownTo('agent', entries)).toEqual(entries);
    expect(shownTo('shopper', entries)).toEqual([{ type: 'hidden', seq: play.state.lastSeq, at: play.now }]);
  });

  it('by a supervisor to a colleague who talks are a whisper; a colleague may write one, too', () => {
    const play = served().join(luis, zoe).on(note('a3'));
    expect(play.effects).toMatchObject([{ type: 'append', entries: [{ type: 'note', whisper: true }] }]);
    play.on(note('a2', 'I know this one', 'n2'));
    expect(play.effects).toMatchObject([{ type: 'append', entries: [{ by: { id: 'luis' } }] }]);
    expect(JSON.stringify(play.effects)).not.toContain('whisper');
  });

  it('are refused where they are a shopper’s, empty, too long, or in a closed conversation', () => {
    expect(served().on(note('s1')).refusals).toEqual(['not-yours']);
    expect(served().on(note('a1', '  ')).refusals).toEqual(['message-empty']);
    expect(served().on(note('a1', 'x'.repeat(4_001))).refusals).toEqual(['message-too-long']);
    expect(over().on(note('a1')).refusals).toEqual(['closed']);
  });
});

describe('promise 24: how it was', () => {
  it('the shopper says once, when it is over; both sides see it', () => {
    const play = over().on(rated('s1', 5, 'Quick and kind.'));
    expect(play.effects[0]).toMatchObject({
      type: 'append',
      sockets: ['s1', 'a1'],
      entries: [{ type: 'rated', rating: 5, comment: 'Quick and kind.', agent: { id: 'ana' } }],
    });
    expect(viewOf(play.state).rating).toBe(5);
    expect(play.on(rated('s1', 1)).refusals).toEqual(['rated-already']);
    expect(viewOf(play.state).rating).toBe(5);
  });

  it('nobody else says it, nobody before the end, nobody where no person answered', () => {
    expect(over().on(rated('a1')).refusals).toEqual(['not-yours']);
    expect(served().on(rated('s1')).refusals).toEqual(['still-open']);
    const alone = new Play().join(shopper).on(message('s1', 'm1'), { type: 'closed', socket: 's1' });
    expect(alone.on(rated('s1')).refusals).toEqual(['no-agent-yet']);
  });
});
