/**
 * The two things that co-browsing is measured against, each as a script for both ends: the limit (a MutationObserver, a
 * socket, setAttribute), and rrweb's live mode as its guide shows it.
 */
import { record } from '@rrweb/record';
import { Replayer } from '@rrweb/replay';

type Ends = {
  limitShopper(): void;
  limitConsole(): void;
  rrwebShopper(): void;
  rrwebConsole(): void;
  rrwebLater(): void;
  rrwebFed(): void;
};

/** All that the limit knows to say. `back`: from the console. */
type Said = { html?: string; title?: string; top?: number; x?: number; y?: number; back?: boolean };
type FedEvent = Parameters<Replayer['addEvent']>[0];

declare global {
  interface Window {
    probe: Document;
    /** When a whole page was there. */
    shownAt: number[];
    startRecorder?: () => unknown;
    feedReplayer?: (events: object[]) => Promise<void>;
  }
}

const ends: Ends = {
  limitShopper() {
    const socket = connect('in');
    const tell = (said: Said) => socket.send(JSON.stringify(said));
    const probe = document.querySelector('#probe');
    if (!probe) throw new Error('The page has no probe.');
    socket.addEventListener('open', () => tell({ html: document.body.outerHTML }));
    new MutationObserver(() => tell({ title: probe.getAttribute('title') ?? '' })).observe(probe, { attributes: true });
    addEventListener('scroll', () => tell({ top: scrollY }));
    addEventListener('pointermove', ({ clientX: x, clientY: y }) => tell({ x, y }));
    window.startRecorder = () => tell({ html: document.body.outerHTML });
    drawCursor(connect('out'));
  },
  limitConsole() {
    window.probe = document;
    window.shownAt = [];
    const socket = connect('out');
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const { html, title, top } = JSON.parse(data) as Said;
      if (title !== undefined) document.querySelector('#probe')?.setAttribute('title', title);
      if (top !== undefined) window.scrollTo({ top, behavior: 'instant' });
      if (html === undefined) return;
      document.body.innerHTML = html;
      window.shownAt.push(performance.timeOrigin + performance.now());
    });
    drawCursor(socket);
    const back = connect('in');
    addEventListener('pointermove', ({ clientX: x, clientY: y }) => back.send(JSON.stringify({ x, y, back: true })));
  },
  rrwebShopper() {
    const socket = connect('in');
    const start = () => record({ emit: (event) => socket.send(JSON.stringify(event)) });
    let stop: ReturnType<typeof start>;
    socket.addEventListener('open', () => (stop = start()));
    window.startRecorder = () => {
      stop?.();
      stop = start();
    };
  },
  rrwebFed() {
    const replayer = new Replayer([], { liveMode: true, root: document.body });
    const began = Date.now() - 1_000;
    replayer.startLive(began);
    window.feedReplayer = async (events) => {
      for (const event of events) replayer.addEvent({ ...event, timestamp: Date.now() } as FedEvent);
      await new Promise((resolve) => setTimeout(resolve, 300));
    };
  },
  rrwebLater() {
    const socket = connect('in');
    window.startRecorder = () => record({ emit: (event) => socket.send(JSON.stringify(event)) });
  },
  rrwebConsole() {
    const replayer = new Replayer([], { liveMode: true, root: document.body });
    replayer.startLive();
    connect('out').addEventListener('message', ({ data }: MessageEvent<string>) => {
      replayer.addEvent(JSON.parse(data) as Parameters<Replayer['addEvent']>[0]);
    });
    window.shownAt = [];
    replayer.on('fullsnapshot-rebuilded', () => {
      window.shownAt.push(performance.timeOrigin + performance.now());
      if (replayer.iframe.contentDocument) window.probe = replayer.iframe.contentDocument;
    });
  },
};

/** A cursor that goes where the other side says. */
function drawCursor(socket: WebSocket): void {
  const here = document.documentElement.dataset['end'] === 'limitShopper';
  const cursor = document.createElement('div');
  cursor.className = 'cursor';
  document.documentElement.append(cursor);
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const { x, y, back = false } = JSON.parse(data) as Said;
    if (x !== undefined && back === here) cursor.style.transform = `translate(${x}px, ${y}px)`;
  });
}

function connect(end: 'in' | 'out'): WebSocket {
  return new WebSocket(`ws://${location.host}/plain/${end}`);
}

ends[document.documentElement.dataset['end'] as keyof Ends]();
