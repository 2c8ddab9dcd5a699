/** In a page of a test that is shown in a frame: what the loader does there, and the real recorder. */
import { record } from '../../../widget/cobrowse/inner/inside.ts';
import { nodeMirror } from '../../../widget/cobrowse/page-recorder.ts';
import { listenAround } from '../../../widget/loader/around.ts';

declare global {
  interface Window {
    /** The number of a node, when it has one. */
    idOf(node: Node): number;
    /** What pages around it have said. */
    heard: string[];
  }
}

const settings = document.querySelector<HTMLScriptElement>('script[data-shop]')?.dataset ?? {};
const key = settings['shop'] ?? '';
window.idOf = nodeMirror.getId;
window.heard = [];
addEventListener('message', ({ data }: MessageEvent<{ word?: string } | null>) => {
  if (data?.word) window.heard.push(data.word);
});
listenAround(key, {
  here: Promise.resolve(false),
  onAround() {},
  onRecord({ data, origin: from, ports }) {
    void record({ from, port: ports[0], origin: location.origin, key, settings, invitation: data });
  },
});
