import { render } from 'svelte/server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Desk } from '../../client/console/desk/desk.svelte.ts';
import { invitationsFor } from '../../client/console/desk/invitations.ts';
import InvitationCard from '../../client/console/stage/InvitationCard.svelte';
import JoinButtons from '../../client/console/stage/JoinButtons.svelte';
import RecordButton from '../../client/console/stage/RecordButton.svelte';
import { loadWords, w } from '../../client/console/words.ts';
import type { CallView, ConversationSummary, ConversationView } from '../../server/protocol/views.ts';

// The words say their language to the page.
beforeAll(() => vi.stubGlobal('document', { documentElement: {} }));
afterAll(() => vi.unstubAllGlobals());

/** What Luis reads who is asked into a call of Ana's. */
function card(recording: ConversationSummary['recording']): string {
  const luis = { id: 'luis', name: 'Luis' };
  const summary: ConversationSummary = {
    id: 'c1',
    status: 'active',
    openedAt: 0,
    lastSeq: 1,
    topic: null,
    ticket: null,
    waitingSince: 0,
    estimateMs: null,
    handOver: null,
    note: null,
    unansweredSince: null,
    agent: { id: 'ana', name: 'Ana' },
    shopper: { id: 'shopper', online: true, page: null, locale: null },
    lastAt: 0,
    preview: null,
    unread: 0,
    call: 'active',
    inCall: ['ana'],
    invited: [{ agent: luis, by: { id: 'ana', name: 'Ana' }, as: 'guest', call: 'k1', video: true }],
    cobrowse: 'off',
    recording,
  };
  expect(invitationsFor([summary], 'somebody else')).toEqual([]);
  const [invitation] = invitationsFor([summary], luis.id);
  if (!invitation) throw new Error('not invited');
  return render(InvitationCard, { props: { desk: {} as Desk, invitation } }).body;
}

describe('promise 14: visible to everybody', () => {
  it.each(['en', 'es'])(
    'a colleague reads on the invitation that the call is recorded, before joining: %s',
    async (language) => {
      await loadWords([language]);
      expect(card('on')).toContain(w.invite_recorded());
      for (const recording of ['off', 'asked'] as const) expect(card(recording)).not.toContain(w.invite_recorded());
    },
  );

  it.each(['en', 'es'])(
    'a supervisor reads it beside the ways into the call, before taking one: %s',
    async (language) => {
      await loadWords([language]);
      const ways = (status: ConversationView['recording']['status']): string => {
        const call = { id: 'k1', status: 'active' } as CallView;
        const view = { id: 'c1', call, recording: { status } } as ConversationView;
        return render(JoinButtons, { props: { desk: {} as Desk, view, call } }).body;
      };
      expect(ways('on')).toContain(w.invite_recorded());
      expect(ways('on')).toContain(w.call_listen());
      for (const status of ['off', 'asked'] as const) expect(ways(status)).not.toContain(w.invite_recorded());
    },
  );

  it('who could ask to record reads why that cannot be done here', async () => {
    await loadWords(['en']);
    const button = (call: Desk['recording']['call']): string => {
      const desk = { recording: { call, page: call !== 'off', days: 30 } } as Desk;
      const steps = { recording: { status: 'off' }, call: { status: 'active' }, cobrowse: { status: 'off' } };
      const view = { id: 'c1', ...steps } as ConversationView;
      return render(RecordButton, { props: { desk, view, round: true } }).body;
    };
    expect(button('ready')).toContain(w.recording_ask());
    expect(button('off')).toContain(w.recording_switched_off());
    for (const reason of ['no-ffmpeg', 'ffmpeg-unusable'] as const) {
      expect(button(reason)).toContain(w.recording_unavailable());
    }
  });
});
