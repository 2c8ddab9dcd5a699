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

type FedEvent = Parameters<Replayer['addEvent']>[0];

declare global {
  interface Window {
    probe: Document;
    startRecorder?: () => unknown;
    feedReplayer?: (events: object[]) => Promise<void>;
  }
}

const ends: Ends = {
  limitShopper() {
    const socket = connect('in');
    const probe = document.querySelector('#probe');
    if (!probe) throw new Error('The page has no probe.');
    new MutationObserver(() => socket.send(probe.getAttribute('title') ?? '')).observe(probe, { attributes: true });
  },
  limitConsole() {
    const probe = document.body.appendChild(document.createElement('p'));
    probe.id = 'probe';
    window.probe = document;
    connect('out').addEventListener('message', ({ data }: MessageEvent<string>) => probe.setAttribute('title', data));
  },
  rrwebShopper() {
    const socket = connect('in');
    socket.addEventListener('open', () => void record({ emit: (event) => socket.send(JSON.stringify(event)) }));
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
    replayer.on('fullsnapshot-rebuilded', () => {
      if (replayer.iframe.contentDocument) window.probe = replayer.iframe.contentDocument;
    });
  },
};

function connect(end: 'in' | 'out'): WebSocket {
  return new WebSocket(`ws://${location.host}/plain/${end}`);
}

ends[document.documentElement.dataset['end'] as keyof Ends]();
