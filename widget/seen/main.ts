/**
 * The shopper's window with the agent's picture: the replay that agents have, fed with the very frames that have left the
 * shopper's page. The page that opened this window hands them over; nobody signs in, and nothing is kept.
 */
import { connectReplay, type ReplayHandle } from '../../client/replay/port.ts';
import { chooseLocale, type Locale } from '../loader/locale.ts';
import type { Answer, Asking } from '../cobrowse/window-words.ts';
import { loadSentences, type Sentences } from './sentences.ts';
import './seen.css';

const ASK_EVERY_MS = 1_000;
/** A page load takes less. */
const SILENT_AFTER_MS = 4_000;

const part = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`The window has no ${selector}.`);
  return found;
};
const [title, status, close, stage] = [part('h1'), part('p'), part('button'), part('main')];
const opener = window.opener as Window | null;
const load = crypto.randomUUID();

let sentences: Sentences | null = null;
let replay: ReplayHandle | null = null;
/** The page that answered first; no other one is heard. */
let from: string | null = null;
let heardAt = performance.now();
let gap = false;

const say = (text: string): void => {
  if (status.textContent !== text) status.textContent = text;
};

async function speak(locale: Locale, name: string | null): Promise<Sentences> {
  sentences ??= await loadSentences(locale);
  document.documentElement.lang = locale;
  close.textContent = sentences.close();
  close.hidden = false;
  if (name !== null) {
    title.textContent = sentences.title({ name });
    document.title = title.textContent;
  }
  return sentences;
}

async function show(): Promise<ReplayHandle> {
  const { origin } = (await (await fetch('/api/replay')).json()) as { origin: string };
  const frame = document.createElement('iframe');
  frame.title = title.textContent ?? '';
  stage.replaceChildren(frame);
  const nothing = () => {};
  return connectReplay(
    frame,
    origin,
    {
      onApplied: nothing,
      onPointer: nothing,
      onPick: nothing,
      onStroke: nothing,
      onKey: nothing,
      onPointed: nothing,
      onPage: nothing,
      onProducts: nothing,
      onStatus: nothing,
      // What this browser cannot load the agent's asks for as well; it comes with what leaves for the agent.
      onMissing: nothing,
      onDeed: nothing,
      onHint: nothing,
      onNeedSnapshot() {
        gap = true;
        ask();
      },
    },
    sentences?.frame({ host: '{host}' }),
  );
}

let first: Promise<void> | null = null;
let waiting: ArrayBuffer[] = [];

async function begin(name: string, locale: string): Promise<void> {
  const spoken = await speak(chooseLocale(locale, []), name);
  say(spoken.how({ host: from === null ? '' : new URL(from).host }));
  replay = await show();
  for (const frame of waiting) replay.feed(frame);
  waiting = [];
}

function end(text: (spoken: Sentences) => string): void {
  document.body.toggleAttribute('data-over', true);
  void speak(chooseLocale('', navigator.languages), null).then((spoken) => say(text(spoken)));
}

function hear({ source, origin, data }: MessageEvent<Answer>): void {
  if (source !== opener || (from !== null && origin !== from)) return;
  if (typeof data !== 'object' || data === null) return;
  heardAt = performance.now();
  if ('here' in data) {
    from = origin;
    document.body.removeAttribute('data-over');
    const { name, locale } = data.here;
    first ??= begin(name, locale);
    void first.then(() => sentences && say(sentences.how({ host: new URL(origin).host })));
  } else if ('frame' in data) {
    gap = false;
    if (replay) replay.feed(data.frame);
    else waiting.push(data.frame);
  } else if ('over' in data) end((spoken) => spoken.over());
}

function ask(): void {
  const asking: Asking = { mostrador: 'seen', load, gap };
  // To whoever it is: there is nothing in it.
  if (opener && !opener.closed) opener.postMessage(asking, '*');
  if (opener && performance.now() - heardAt > SILENT_AFTER_MS) end((spoken) => spoken.silent());
}

addEventListener('message', hear);
close.addEventListener('click', () => window.close());
setInterval(ask, ASK_EVERY_MS);
ask();
if (!opener) end((spoken) => spoken.apart());
