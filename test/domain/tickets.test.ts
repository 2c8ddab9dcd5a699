import { describe, expect, it } from 'vitest';
import { dueAfter } from '../../server/domain/due.ts';
import { glanceOf, standingOf } from '../../server/domain/glance.ts';
import { summaryOf, viewOf } from '../../server/domain/view.ts';
import { DEFAULT_SETTINGS } from '../../server/protocol/settings.ts';
import { ana, luis, message, Play, served, shopper } from './play.ts';

const wish = { number: 12, email: 'eva@home.example', name: 'Eva', dueAt: 5_000_000 };
const left = { ...message('s1', 'm1'), ticket: wish } as ReturnType<typeof message>;
const chief = { ...luis, role: 'supervisor' } as const;
const mail = (id: string) => ({ type: 'mail-received', messages: [{ id, text: 'Yes' }], refused: null }) as const;
const ticket = (): Play => new Play().join(shopper).on(left);

describe('promise 25: nobody there is no dead end: a conversation goes on as a ticket', () => {
  it('a message that is left makes one, in one write with its message, and it waits in no line', () => {
    const play = ticket();
    expect(play.entries).toEqual(['message', 'ticket-made']);
    expect(play.effects[0]).toMatchObject({ type: 'append', ack: { id: 'm1' } });
    expect(viewOf(play.state)).toMatchObject({
      status: 'ticket',
      ticket: { number: 12, state: 'open', email: 'eva@home.example', name: 'Eva', dueAt: 5_000_000 },
      place: null,
    });
    const sight = { units: DEFAULT_SETTINGS.routing.units, before: null, now: play.now };
    expect(glanceOf(summaryOf(play.state), standingOf(play.state), sight)).toBeNull();
    // Once more, with the slip in the address corrected.
    play.on({ ...message('s1', 'm2'), ticket: { ...wish, number: 13, email: 'eva@house.example' } } as typeof left);
    expect(play.entries).toEqual(['message']);
    expect(play.state.ticket).toMatchObject({ number: 12, email: 'eva@house.example' });
    // An empty one makes none.
    const none = new Play().join(shopper).on({ ...left, text: ' ' } as typeof left);
    expect([none.refusals, none.state.ticket]).toEqual([['message-empty'], null]);
  });

  it('whose turn it is follows from who wrote; solved is closed, and an answer opens it again', () => {
    const play = ticket().join(ana).on({ type: 'accepted', socket: 'a1' });
    expect([play.entries, play.state.status]).toEqual([['ticket-owner'], 'ticket']);
    play.on(message('a1', 'm2'));
    expect(viewOf(play.state).ticket).toMatchObject({ state: 'pending', dueAt: null });
    play.on(mail('m3'), { type: 'ticket-due', dueAt: 7_000_000 });
    expect(viewOf(play.state).ticket).toMatchObject({ state: 'open', dueAt: 7_000_000 });
    play.on({ type: 'ticket-changed', socket: 'a1', state: 'solved' });
    expect([play.entries, play.state.status, viewOf(play.state).ticket?.state]).toEqual([
      ['ticket-changed'],
      'closed',
      'solved',
    ]);
    expect(play.state.facts).toMatchObject({ closedAt: play.now, missed: false });
    expect(play.on(message('a1', 'm4')).refusals).toEqual(['closed']);
    play.on(mail('m5'));
    expect([play.entries, play.state.status, play.state.facts.closedAt]).toEqual([
      ['message', 'ticket-changed'],
      'ticket',
      null,
    ]);
    expect(play.state.agent).toMatchObject({ id: 'ana' });
    play.on({ type: 'closed', socket: 'a1' }, message('s1', 'm6'));
    expect(viewOf(play.state).ticket?.state).toBe('open');
  });

  it('a mail of nothing but files that are not taken is said in the thread, and is the shopper’s turn taken', () => {
    const play = ticket().join(ana).on({ type: 'accepted', socket: 'a1' }, message('a1', 'm2'));
    const refused = { id: 'm3', files: [{ name: 'a.exe', reason: 'file-type' as const }] };
    play.on({ type: 'mail-received', messages: [], refused });
    expect([play.entries, viewOf(play.state).ticket?.state]).toEqual([['mail-files-refused'], 'open']);
    play.on({ type: 'ticket-changed', socket: 'a1', state: 'solved' });
    play.on({ type: 'mail-received', messages: [{ id: 'm4', text: 'This one?' }], refused: { ...refused, id: 'm5' } });
    expect(play.entries).toEqual(['message', 'mail-files-refused', 'ticket-changed']);
  });

  it('an answer that did not arrive is ours again; of one that is solved, late or only acknowledged it is said', () => {
    const failed = (what: 'answer' | 'acknowledgement', again = false) =>
      ({
        type: 'mail-told',
        body: { type: 'mail-failed', what, reason: 'bounced', again, to: 'eva@home.example' },
      }) as const;
    const play = ticket().join(ana).on({ type: 'accepted', socket: 'a1' }, message('a1', 'm2'));
    for (const told of [failed('answer', true), failed('acknowledgement')]) {
      expect([play.on(told).entries, viewOf(play.state).ticket?.state]).toEqual([['mail-failed'], 'pending']);
    }
    play.on(failed('answer'));
    expect([play.entries, viewOf(play.state).ticket?.state]).toEqual([['mail-failed'], 'open']);
    play.on({ type: 'ticket-changed', socket: 'a1', state: 'solved' }, failed('answer'));
    expect([play.entries, play.state.status]).toEqual([['mail-failed'], 'closed']);
  });

  it('an agent turns a conversation into one and keeps it; it is nobody else’s to look after but a supervisor’s', () => {
    const play = served().on({ type: 'ticket-wanted', socket: 'a1', wish });
    expect(play.entries).toEqual(['ticket-made']);
    expect(play.state).toMatchObject({ status: 'ticket', agent: { id: 'ana' } });
    expect(play.on({ type: 'ticket-wanted', socket: 'a1', wish }).refusals).toEqual(['taken']);
    play.join(luis);
    for (const socket of ['a2', 's1']) {
      expect(play.on({ type: 'ticket-changed', socket, state: 'pending' }).refusals).toEqual(['not-yours']);
      expect(play.on({ type: 'ticket-assigned', socket, to: null }).refusals).toEqual(['not-yours']);
    }
    // Lost or silent, it is still hers: nobody waits in a line for her.
    play.on({ type: 'agent-lost', agent: 'ana', reason: 'lost' });
    expect(play.state.agent).toMatchObject({ id: 'ana' });
    play.on({ type: 'left', socket: 'a2' }).join(chief);
    play.on({ type: 'ticket-assigned', socket: 'a2', to: { id: 'luis', name: 'Luis' } });
    expect([play.entries, play.state.agent]).toEqual([['ticket-owner'], { id: 'luis', name: 'Luis' }]);
    play.on({ type: 'handed-on', socket: 'a2', topic: 'care', note: null });
    expect(play.state).toMatchObject({ status: 'ticket', agent: null, topic: 'care' });
    expect(served().on({ type: 'ticket-changed', socket: 'a1', state: 'open' }).refusals).toEqual(['no-ticket']);
    expect(
      served().on({ type: 'closed', socket: 'a1' }, { type: 'ticket-wanted', socket: 'a1', wish }).refusals,
    ).toEqual(['closed']);
    // Whoever has an agent leaves no message for later.
    expect(served().on(left).state).toMatchObject({ status: 'active', ticket: null, lastSeq: 3 });
    // Without a ticket nothing that comes by mail is anybody's.
    expect(served().on(mail('m9')).effects).toEqual([]);
  });
});

describe('promise 25: when an answer is due', () => {
  const day = [{ from: 540, to: 1_080 }];
  const hours = { zone: 'Europe/Madrid', weekly: [day, day, day, day, day, [], []], exceptions: {} };
  const at = (text: string): number => Date.parse(text);
  const due = (from: string, of: number): string => new Date(dueAfter(hours, at(from), of) ?? 0).toISOString();

  it('counts the hours in which the shop is open', () => {
    // Friday at 16:00 in Madrid: two hours then, two on Monday.
    expect(due('2026-11-27T15:00:00Z', 4)).toBe('2026-11-30T10:00:00.000Z');
    // On Sunday nothing runs; the week has 45 hours.
    expect(due('2026-11-29T12:00:00Z', 9)).toBe('2026-11-30T17:00:00.000Z');
    expect(due('2026-11-30T08:00:00Z', 45)).toBe('2026-12-04T17:00:00.000Z');
    // Over the change of the clocks: by the wall it opens at nine as ever.
    expect(due('2026-10-23T15:00:00Z', 3)).toBe('2026-10-26T10:00:00.000Z');
  });

  it('on the clock where it never closes; never where it does not open', () => {
    expect(dueAfter(null, 1_000, 24)).toBe(1_000 + 24 * 3_600_000);
    expect(dueAfter({ ...hours, weekly: hours.weekly.map(() => []) }, 0, 24)).toBeNull();
    const always = { ...hours, weekly: hours.weekly.map(() => [{ from: 0, to: 1_440 }]) };
    expect(dueAfter(always, 0, 720)).toBe(720 * 3_600_000);
  });
});
