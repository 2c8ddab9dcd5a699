/** The replay page: shows the shopper's page in a frame without scripts, and knows nothing but what the console feeds it. */
import { AgentHands } from './agent-hands.ts';
import { watchAgentPointer } from './agent-pointer.ts';
import { FrameStream } from './frame-stream.ts';
import { acceptConsole, type FromReplay, type ToReplay } from './port.ts';
import './replay.css';
import { Stage } from './stage.ts';

const root = document.querySelector<HTMLElement>('#stage');
if (!root) throw new Error('The replay page has no stage.');

// In the console's language, which only it knows.
const frameSentence = decodeURIComponent(location.hash.slice(1)) || '{host}';
const port = await acceptConsole();
const tell = (message: FromReplay) => port.postMessage(message);

const stage = new Stage(root, {
  onPage: (page) => tell({ type: 'page', page }),
  onStatus: (status) => tell({ type: 'status', status }),
  onProducts: (epoch, products) => tell({ type: 'products', epoch, products }),
  onMissing: (what) => tell({ type: 'missing', ...what }),
  frameSentence: (host) => frameSentence.replace('{host}', () => host),
});
const pointer = watchAgentPointer({
  glass: stage.glass,
  page: () => stage.shown,
  toPage: (x, y) => stage.toPage(x, y),
  onPointer: (at) => tell({ type: 'pointer', at }),
  onPick: (picked) => {
    stage.mark(picked);
    tell({ type: 'pick', picked });
  },
  onStroke: (part) => {
    stage.strokes.draw(part.stroke, part.shape, part.points, part.stays);
    tell({ type: 'stroke', part });
  },
});
const hands = new AgentHands({
  glass: stage.glass,
  layer: stage.layer,
  page: () => stage.shown,
  toPage: (x, y) => stage.toPage(x, y),
  onDeed: (epoch, deed) => tell({ type: 'deed', epoch, deed }),
  onHint: (hint) => tell({ type: 'hint', hint }),
});
const stream = new FrameStream({
  onSnapshot(epoch, payload, fresh) {
    if (fresh) hands.clear();
    return stage.snapshot(epoch, payload, fresh);
  },
  onEvents: (payload) => stage.events(payload),
  onCursor: (payload) => stage.cursor(payload),
  onApplied: (epoch, seq) => tell({ type: 'applied', epoch, seq }),
  onGap: () => tell({ type: 'need-snapshot' }),
});

port.onmessage = ({ data }: MessageEvent<ToReplay>) => {
  switch (data.type) {
    case 'frame':
      stream.receive(data.frame);
      return;
    case 'reset':
      stream.reset();
      stage.reset();
      return;
    case 'rewind':
      stream.reset();
      stage.rewind();
      return;
    case 'moment':
      stage.strokes.follow(data.moment);
      return;
    // Of a recording what was pointed at comes between the frames of the page.
    case 'drawn':
      stream.afterwards(() => stage.drawn(data.part, data.moment));
      return;
    case 'mark':
      pointer.marked(data.at?.node ?? null);
      stream.afterwards(() => stage.mark(data.at));
      return;
    case 'mark-products':
      stage.markProducts(data.on);
      return;
    case 'tool':
      pointer.use(data.tool, data.stays);
      hands.use(data.tool === 'hands');
      return;
    case 'hands-words':
      hands.say(data.words);
      return;
    case 'hands-wait':
      hands.wait(data.busy);
      return;
    case 'wipe':
      stream.afterwards(() => stage.wipe());
      return;
    case 'pointed':
      stream.afterwards(() => tell({ type: 'pointed', text: stage.pointed(data.at, data.moment) }));
      return;
    default:
      data satisfies never;
  }
};

window.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey, isComposing, repeat }) => {
  if (!ctrlKey && !metaKey && !altKey && !isComposing && !repeat && key.length === 1) tell({ type: 'key', key });
});
