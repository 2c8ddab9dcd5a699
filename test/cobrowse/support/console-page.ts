/** In the console's page of a test: a bare socket and the real connection to the replay frame. */
import {
  connectReplay,
  type HandsHint,
  type PagePlace,
  type PickedElement,
  type ReplayHandle,
  type ShownPage,
} from '../../../client/replay/port.ts';
import type { HandsDeed } from '../../../server/protocol/hands.ts';
import type { ClientFrame } from '../../../server/protocol/from-client.ts';

type Console = {
  replay: ReplayHandle;
  applied: { epoch: number; seq: number };
  appliedCount: number;
  pointer: PagePlace | null;
  picked: PickedElement | null;
  /** Goes with what is picked. */
  label: string;
  /** What the shopper points at, as the picture calls it. */
  pointed: string[];
  /** What the hands were to do, and what a click of theirs would do. */
  deeds: { epoch: number; deed: HandsDeed }[];
  hint: HandsHint | null;
  pages: ShownPage[];
  statuses: string[];
  gaps: number;
  /** How old the picture was, as the relay said. */
  ages: number[];
};

declare global {
  interface Window {
    agent: Console;
  }
}

const frame = document.querySelector('iframe');
if (!frame) throw new Error('The console has no frame.');
const socket = new WebSocket(`ws://${location.host}/socket/agent`);
socket.binaryType = 'arraybuffer';
const send = (message: ClientFrame) => socket.send(JSON.stringify(message));
const watch = () => send({ type: 'cobrowse.watch', conversation: 'c1' });

const agent: Console = {
  replay: connectReplay(frame, `http://localhost:${location.port}`, {
    onApplied(epoch, seq) {
      agent.applied = { epoch, seq };
      agent.appliedCount += 1;
      send({ type: 'cobrowse.applied', conversation: 'c1', epoch, seq });
    },
    onPointer(at) {
      agent.pointer = at;
      const place = at ?? { epoch: agent.applied.epoch, node: null, fx: 0, fy: 0 };
      send({ type: 'cobrowse.pointer', conversation: 'c1', ...place });
    },
    onPick(picked) {
      agent.picked = picked;
      const { epoch, node, tag, hash } = picked ?? { epoch: agent.applied.epoch, node: null, tag: '', hash: '' };
      const label = agent.label;
      send({ type: 'cobrowse.highlight', conversation: 'c1', epoch, node, tag, ...(hash && { hash }), label });
    },
    onStroke(part) {
      send({ type: 'cobrowse.stroke', conversation: 'c1', ...part });
    },
    onDeed(epoch, deed) {
      agent.deeds.push({ epoch, deed });
    },
    onHint(hint) {
      agent.hint = hint;
    },
    onKey() {},
    onPointed(text) {
      agent.pointed.push(text);
    },
    onPage: (page) => agent.pages.push(page),
    onNeedSnapshot() {
      agent.gaps += 1;
      watch();
    },
    onProducts() {},
    onStatus: (status) => agent.statuses.push(status),
    onMissing: (what) => send({ type: 'cobrowse.missing', conversation: 'c1', ...what }),
  }),
  applied: { epoch: 0, seq: 0 },
  appliedCount: 0,
  pointer: null,
  picked: null,
  label: '',
  pointed: [],
  deeds: [],
  hint: null,
  pages: [],
  statuses: [],
  gaps: 0,
  ages: [],
};
window.agent = agent;
socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => {
  if (typeof data !== 'string') agent.replay.feed(data);
  else agent.ages.push((JSON.parse(data) as { ms: number }).ms);
});
socket.addEventListener('open', watch, { once: true });
