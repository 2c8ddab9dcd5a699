import { tick } from 'svelte';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Desk } from '../../client/console/desk/desk.svelte.ts';
import { perform } from '../../client/console/desk/perform.ts';
import { sheetRows } from '../../client/console/desk/shortcut-sheet.ts';
import { shortcutFor, type Focus, type Key, type Shortcut } from '../../client/console/desk/shortcuts.ts';
import { loadWords, w, type Words } from '../../client/console/words.ts';

function press(key: string, focus: Focus, over: Partial<Key> = {}, letters = true): ReturnType<typeof shortcutFor> {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false };
  return shortcutFor({ key, ...plain, ...over }, focus, letters);
}

describe('promise 4: the keyboard', () => {
  it('takes no key from a text field but Esc', () => {
    for (const key of ['j', 'r', 'c', 'b', '?', 'Enter', 'ArrowDown', 'ArrowUp']) expect(press(key, 'text')).toBeNull();
    expect(press('Escape', 'text')).toBe('escape');
  });

  it('leaves the browser and the system their own: Ctrl+R, Cmd+C, Alt+B, an input method', () => {
    expect(press('r', 'page', { ctrlKey: true })).toBeNull();
    expect(press('c', 'page', { metaKey: true })).toBeNull();
    expect(press('b', 'page', { altKey: true })).toBeNull();
    expect(press('j', 'page', { isComposing: true })).toBeNull();
  });

  it('lets Enter and the arrows work a button, and opens the line that has the focus', () => {
    expect(press('Enter', 'control')).toBeNull();
    expect(press('ArrowDown', 'control')).toBeNull();
    expect(press('Enter', 'line')).toBe('open');
    expect(press('ArrowDown', 'line')).toBe('next');
  });

  it('opens the search with / outside fields, and with Ctrl+K or Cmd+K anywhere', () => {
    expect(press('/', 'page')).toBe('search');
    expect(press('/', 'text')).toBeNull();
    expect(press('/', 'page', {}, false)).toBeNull();
    for (const held of [{ ctrlKey: true }, { metaKey: true }]) expect(press('k', 'text', held, false)).toBe('search');
    expect(press('k', 'text', { ctrlKey: true, altKey: true })).toBeNull();
  });

  it('does not call again and again while C is held down, but moves on while J is', () => {
    expect(press('c', 'page', { repeat: true })).toBeNull();
    expect(press('Enter', 'line', { repeat: true })).toBeNull();
    expect(press('j', 'page', { repeat: true })).toBe('next');
  });

  it('has no single letters where the person turned them off', () => {
    expect(press('c', 'page', {}, false)).toBeNull();
    expect(press('ArrowDown', 'page', {}, false)).toBe('next');
  });
});

/** What the sheet says of each. */
const SAYS: Record<Shortcut, keyof Words> = {
  next: 'keys_next',
  previous: 'keys_previous',
  open: 'keys_open',
  search: 'keys_search',
  take: 'keys_take',
  'hand-over': 'keys_hand_over',
  reply: 'keys_reply',
  note: 'keys_note',
  call: 'keys_call',
  cobrowse: 'keys_cobrowse',
  microphone: 'keys_microphone',
  camera: 'keys_camera',
  people: 'keys_people',
  spotlight: 'keys_pointing',
  laser: 'keys_pointing',
  draw: 'keys_pointing',
  arrow: 'keys_pointing',
  wipe: 'keys_wipe',
  hands: 'keys_hands',
  ticket: 'keys_ticket',
  presence: 'keys_presence',
  escape: 'keys_escape',
  help: 'keys_help',
};

/** What each does with a conversation that is the agent's, in a call, with the page looked at. */
const DOES: Record<Shortcut, string[]> = {
  next: ['step 1', 'focus [data-line="next"]'],
  previous: ['step -1', 'focus [data-line="next"]'],
  open: ['focus [data-reply]'],
  search: ['show search'],
  take: ['take'],
  'hand-over': ['click [data-part="hand-over"] > button'],
  reply: ['write reply', 'focus [data-reply]'],
  note: ['write note', 'focus [data-reply]'],
  call: ['answer true'],
  cobrowse: ['tell cobrowse.ask c'],
  microphone: ['microphone false'],
  camera: ['camera true'],
  people: ['click [data-part="people"] > button'],
  spotlight: ['use spotlight'],
  laser: ['use point'],
  draw: ['use draw'],
  arrow: ['use arrow'],
  wipe: ['clear'],
  hands: ['tell hands.ask c'],
  ticket: ['click [data-part="mail"] > button'],
  presence: ['presence'],
  escape: ['focus [data-line="c"]'],
  help: ['show help'],
};

/** Keys of one place, which has them to itself: where the focus is then. */
const OF_A_PLACE: Partial<Record<keyof Words, Focus>> = {
  keys_saved: 'text',
  keys_send: 'text',
  keys_newline: 'text',
  keys_screen: 'control',
  keys_player: 'control',
};

const SIGNS: Record<string, string> = {
  '↓': 'ArrowDown',
  '↑': 'ArrowUp',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '␣': ' ',
  Esc: 'Escape',
};

/** Presses what stands on a key of the sheet. */
function pressSign(sign: string, focus: Focus): Shortcut | null {
  const [held, key = held ?? ''] = sign.split(' ');
  return press(SIGNS[key] ?? key, focus, { ctrlKey: held === 'Ctrl' });
}

describe('promise 4: the sheet of the keyboard', () => {
  let did: string[];
  const note = (what: string) => (given?: string | number | boolean) =>
    void did.push(given === undefined ? what : `${what} ${given}`);

  beforeAll(async () => {
    vi.stubGlobal('CSS', { escape: (text: string) => text });
    vi.stubGlobal('document', {
      documentElement: {},
      querySelector: (selector: string) => ({
        focus: () => note('focus')(selector),
        click: () => note('click')(selector),
      }),
    });
    await loadWords(['en']);
  });
  beforeEach(() => void (did = []));
  afterAll(() => vi.unstubAllGlobals());

  function desk(): Desk {
    const live = {
      set writing(what: string) {
        note('write')(what);
      },
      view: {
        id: 'c',
        status: 'active',
        agent: { id: 'ana' },
        shopper: { online: true },
        ticket: null,
        call: { status: 'ringing', video: true },
        cobrowse: { status: 'off' },
        hands: { status: 'off' },
      },
      call: {
        state: { microphone: 'on', camera: 'off' },
        setMicrophone: note('microphone'),
        setCamera: note('camera'),
        answer: note('answer'),
      },
      pageWatch: { use: note('use'), clearAll: note('clear') },
    };
    const step = (steps: number): string => {
      note('step')(steps);
      return 'next';
    };
    const tell = ({ type, conversation }: { type: string; conversation: string }): void =>
      note('tell')(`${type} ${conversation}`);
    const known = { selectedId: 'c', selected: live, you: { id: 'ana' }, media: { status: 'ready' } };
    const parts = {
      board: { summary: () => live.view },
      followed: { ringing: [live] },
      presence: { next: note('presence') },
    };
    return { ...known, ...parts, step, tell, take: note('take'), accept: note('accept') } as unknown as Desk;
  }

  const rows = (): { sign: string; words: string; place: Focus | undefined }[] => {
    const places = Object.entries(OF_A_PLACE).map(([key, place]) => ({ words: wordsOf(key as keyof Words), place }));
    return sheetRows().flatMap(([signs, words]) =>
      signs.map((sign) => ({ sign, words, place: places.find((each) => each.words === words)?.place })),
    );
  };
  const wordsOf = (key: keyof Words): string => (w[key] as () => string)();

  it('names every key that there is, with what it does', () => {
    const printable = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n));
    for (const key of [...printable, ...Object.values(SIGNS), 'Enter', 'Tab', 'Backspace']) {
      const shortcut = press(key, 'line');
      if (!shortcut) continue;
      const named = rows().filter(
        ({ sign, place }) => !place && (SIGNS[sign] ?? sign) === (key[1] ? key : key.toUpperCase()),
      );
      expect([key, ...named.map(({ words }) => words)]).toEqual([key, wordsOf(SAYS[shortcut])]);
    }
  });

  it('names no key that is not there: each, pressed, does what its row says', async () => {
    const pressed = new Set<Shortcut>();
    for (const { sign, words, place } of rows()) {
      if (place) {
        expect([sign, pressSign(sign, place)]).toEqual([sign, null]);
        continue;
      }
      const shortcut = pressSign(sign, 'line');
      if (!shortcut) throw new Error(`${sign} means nothing`);
      expect([sign, wordsOf(SAYS[shortcut])]).toEqual([sign, words]);
      did = [];
      perform(shortcut, desk(), note('show'));
      await tick();
      expect([sign, ...did]).toEqual([sign, ...DOES[shortcut]]);
      pressed.add(shortcut);
    }
    expect([...pressed].toSorted()).toEqual(Object.keys(SAYS).toSorted());
  });
});
