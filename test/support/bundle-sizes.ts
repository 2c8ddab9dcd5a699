import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { staticFiles, type Manifest } from '../../client/build.ts';

/** Parts that are loaded while the chat, the call or the co-browsing they belong to is on already: nobody waits for them. */
const LATER = new RegExp(
  [
    'panel/line/index\\.ts$',
    'messages/en\\.js\\?line$',
    '/call-watch\\.ts$',
    'products/index\\.ts$',
    'cobrowse/marks/index\\.ts$',
    'cobrowse/pointing-desk\\.ts$',
    'cobrowse/feed-window\\.ts$',
    'cobrowse/record/pictures\\.ts$',
    '/QualitySign\\.svelte$',
    'quality-words\\.ts$',
    'call/words/.*/en\\.js$',
    'call/recording/index\\.ts$',
    'call/pop-out/page-on-top\\.ts$',
    '/hands/index\\.ts$',
    'hands/words/.*/en\\.js$',
  ].join('|'),
);
/** Parts that are loaded when a file is sent or shown. */
const FILES = /panel\/files\/index\.ts$|messages\/en\.js\?files$/;
/** What a shop has beside a person (articles, the question how it was): loaded in the open panel, where the shop has any. */
const BESIDE = /(^|\/)help\/|minisearch/;
/** What goes on when nobody is there: loaded in the open panel, where that is so. */
const TICKETS = /panel\/tickets\//;
/** Pages inside frames of other origins: loaded while co-browsing is on, where a page has such frames. */
const INNER = /cobrowse\/inner\/inner-pages\.ts$/;
const dist = join(import.meta.dirname, '..', '..', 'dist');

/** What a shopper's browser loads, gzipped, in bytes; one language. */
export type BundleSizes = {
  /** On every page of the shop. */
  loader: number;
  /** With the chat opened. */
  panel: number;
  /** With a call and co-browsing as well; of mediasoup-client's handlers, of which a browser loads one, the largest. */
  all: number;
  /** What co-browsing needs before the first picture. */
  recorder: number;
  /** What comes while those are on already. */
  later: number;
  /** What comes with the first file. */
  files: number;
  /** Beside the chat, where a shop has articles. */
  beside: number;
  /** Where nobody is there. */
  tickets: number;
  /** In a page with frames of other origins, and in each page of the shop inside one. */
  inner: number;
  inside: number;
};

function gzipped(file: string): number {
  return gzipSync(readFileSync(join(dist, file)), { level: 9 }).byteLength;
}

const weight = (chunk: { file: string } | undefined): number => (chunk ? gzipped(`widget/${chunk.file}`) : 0);

/** Reads the build in `dist/`. */
export function bundleSizes(): BundleSizes {
  const manifest = JSON.parse(readFileSync(join(dist, 'widget/.vite/manifest.json'), 'utf8')) as Manifest;
  const words = Object.keys(manifest).filter((key) => /messages\/\w+\.js(\?\w+)?$/.test(key));
  const english = words.find((key) => key === 'words/compiled/messages/en.js');
  const panel = staticFiles(manifest, 'panel/main.ts');
  if (english) staticFiles(manifest, english, panel);
  const later = Object.keys(manifest).filter((key) => LATER.test(key));
  const files = Object.keys(manifest).filter((key) => FILES.test(key));
  const tickets = Object.keys(manifest).filter((key) => TICKETS.test(key));
  const beside = Object.keys(manifest).filter((key) => BESIDE.test(key));
  const inner = Object.keys(manifest).filter((key) => INNER.test(key));
  const inside = JSON.parse(readFileSync(join(dist, 'inside/.vite/manifest.json'), 'utf8')) as Manifest;
  const handlers = Object.keys(manifest).filter((key) => /handlers\/\w+\.js$/.test(key));
  const [, ...smaller] = handlers.toSorted((a, b) => weight(manifest[b]) - weight(manifest[a]));
  const others = new Set(
    [...words.filter((key) => !key.includes('/en.js')), ...smaller].map((key) => manifest[key]?.file),
  );
  const all = new Set(
    Object.entries(manifest)
      .filter(([key]) => ![later, files, tickets, beside, inner].some((part) => part.includes(key)))
      .map(([, { file }]) => file)
      .filter((file) => !others.has(file)),
  );
  const sum = (files: Iterable<string>): number =>
    [...files].reduce((total, file) => total + gzipped(`widget/${file}`), 0);
  const filesOf = (keys: string[]) => new Set(keys.flatMap((key) => manifest[key]?.file ?? []));
  const loader = gzipped('loader/widget.js');
  return {
    loader,
    panel: loader + sum(panel),
    all: loader + sum(all),
    recorder: sum([...staticFiles(manifest, 'cobrowse/index.ts')].filter((file) => !panel.has(file))),
    later: sum(filesOf(later)),
    files: sum(filesOf(files)),
    inner: sum(filesOf(inner)),
    inside: Object.values(inside).reduce((total, { file }) => total + gzipped(`inside/${file}`), 0),
    tickets: sum(filesOf(tickets.filter((key) => !key.endsWith('/es.js')))),
    beside: sum(filesOf(beside.filter((key) => !key.endsWith('/es.js')))),
  };
}
