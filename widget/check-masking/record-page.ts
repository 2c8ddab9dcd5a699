/**
 * Runs in a shop's page for `mostrador check-masking`: fills its fields, records it with the recorder that shoppers have,
 * and gives back what would leave the browser. Nothing is sent anywhere, and no event tells the page that it was filled.
 */
import { encodeCobrowseFrame, readCobrowseHeader } from '../../server/protocol/cobrowse-frame.ts';
import { elementKind } from '../cobrowse/field.ts';
import { KnownSheets } from '../cobrowse/known-sheets.ts';
import { nodeMirror } from '../cobrowse/page-recorder.ts';
import { Recording } from '../cobrowse/recording.ts';
import { followShop } from '../cobrowse/rules.ts';
import { samples, type Sample } from './samples.ts';

export type Recorded = {
  /** Whole frames as base64, in order. */
  frames: string[];
  fields: (Sample & { node: number; kind: string | null })[];
};

declare global {
  interface Window {
    mostradorCheck(settings: Record<string, string>): Promise<Recorded>;
  }
}

/** Nothing more has left for this long: that was all. */
const QUIET_MS = 1_500;
const LONGEST_MS = 20_000;
const EPOCH = 1;

window.mostradorCheck = async (settings) => {
  const tag = document.querySelector<HTMLScriptElement>('script[data-shop]');
  followShop(Object.assign({}, tag?.dataset, settings));
  const filled = samples(document);
  const widget = document.querySelector('mostrador-widget');
  widget?.setAttribute('data-mostrador-block', '');
  const frames: Uint8Array[] = [];
  let bytes = 0;
  let last = performance.now();
  const recording = new Recording({
    epoch: EPOCH,
    sheets: new KnownSheets({ get: () => null, set: () => {} }, EPOCH),
    own: widget ? [widget] : [],
    scrollbar: 0,
    // They are boxes here: a page inside is checked by its own address.
    inner: null,
    // As the server would, which takes whatever comes.
    send(part) {
      const header = readCobrowseHeader(part);
      if (!header || header.seq === 0) return;
      last = performance.now();
      bytes = header.more ? bytes + part.byteLength : 0;
      const seq = header.more ? header.seq - 1 : header.seq;
      const so = { epoch: EPOCH, seq, bytes };
      setTimeout(() => recording.acknowledge(so));
    },
    onLeft: ({ payload, ...header }) => void frames.push(encodeCobrowseFrame({ ...header, channel: 0 }, payload)),
  });
  const began = performance.now();
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      const now = performance.now();
      if ((frames.length === 0 || now - last < QUIET_MS) && now - began < LONGEST_MS) return;
      clearInterval(look);
      resolve();
    }, 100);
  });
  const fields = filled.map(({ element, ...sample }) => ({
    ...sample,
    node: nodeMirror.getId(element),
    kind: elementKind(element),
  }));
  recording.close();
  return { frames: frames.map(base64), fields };
};

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
