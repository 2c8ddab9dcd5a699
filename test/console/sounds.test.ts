import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SOUND_KINDS, type SoundKind } from '../../client/console/desk/alerts.svelte.ts';
import { Bell } from '../../client/console/desk/bell.svelte.ts';
import { Chime, SAMPLES } from '../../client/console/desk/chime.ts';
import type { LiveConversation } from '../../client/console/desk/live-conversation.svelte.ts';
import { Notices } from '../../client/console/desk/notices.svelte.ts';
import { loadWords } from '../../client/console/words.ts';
import type { ConversationSummary } from '../../server/protocol/views.ts';

const summary = { id: 'c', shopper: { id: 'shopper-1' }, preview: null } as ConversationSummary;
const caller = { id: 'c', view: null } as LiveConversation;

let played: (SoundKind | undefined)[];
let bells: Bell[];

/** A console that has just been loaded. */
function newBell(): Bell {
  const play = (notes: unknown) => played.push(SOUND_KINDS.find((kind) => SAMPLES[kind] === notes));
  const bell = new Bell(new Notices(), () => {}, new Chime({ play, close: () => {} }));
  bells.push(bell);
  return bell;
}

/** What is heard when somebody waits, writes, and rings once. */
function heard(bell: Bell): typeof played {
  played = [];
  bell.hear(summary, { kind: 'waits' });
  bell.hear(summary, { kind: 'wrote' });
  bell.rings([caller], []);
  bell.rings([], []);
  return played;
}

beforeEach(async () => {
  vi.useFakeTimers();
  played = [];
  bells = [];
  const remembered = new Map<string, string>();
  const page = new EventTarget();
  vi.stubGlobal('document', Object.assign(new EventTarget(), { documentElement: {}, hidden: true }));
  vi.stubGlobal('window', {});
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => remembered.get(key) ?? null,
    setItem: (key: string, value: string) => void remembered.set(key, value),
  });
  await loadWords(['en']);
});
afterEach(() => {
  for (const bell of bells) bell.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('promise 22: sounds as each likes', () => {
  it.each(SOUND_KINDS)('“%s” switched off is silent, also after a reload, and the others sound', (kind) => {
    const bell = newBell();
    expect(heard(bell)).toEqual(['waits', 'message', 'ring']);
    bell.alerts.setKind(kind, false);
    const others = SOUND_KINDS.filter((other) => other !== kind);
    expect(heard(bell)).toEqual(others);
    expect(heard(newBell())).toEqual(others);
    played = [];
    bell.alerts.setKind(kind, true);
    expect(played).toEqual([kind]);
    expect(heard(bell)).toEqual(['waits', 'message', 'ring']);
  });

  it('all of them switched off are silent, whatever the kinds say', () => {
    const bell = newBell();
    bell.alerts.setSound(false);
    for (const kind of SOUND_KINDS) bell.alerts.setKind(kind, true);
    expect(heard(bell)).toEqual([]);
    expect(heard(newBell())).toEqual([]);
    bell.alerts.setSound(true);
    expect(heard(bell)).toEqual(['waits', 'message', 'ring']);
  });

  it('a ring that is switched off while it rings is silent from then on', () => {
    const bell = newBell();
    bell.rings([caller], []);
    vi.advanceTimersByTime(6_000);
    expect(played).toEqual(['ring', 'ring', 'ring']);
    bell.alerts.setKind('ring', false);
    vi.advanceTimersByTime(60_000);
    expect(played).toHaveLength(3);
  });

  it('a message makes no sound while the console is looked at', () => {
    vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
    expect(heard(newBell())).toEqual(['waits', 'ring']);
  });
});
