import { join } from 'node:path';
import { bundleScript, type ServedFile } from './bundle.ts';

const SNIPPET = '<script src="/framed.js" type="module" data-shop="demo"></script>';
/** Frames on the other name of the same machine: another origin. */
const FRAMES = `<script>
for (const frame of document.querySelectorAll('iframe[data-page]')) {
  const host = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  frame.src = 'http://' + host + ':' + location.port + '/pages/' + frame.dataset.page;
}</script>`;
const head = (title: string, css = '') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,"><style>body { font: 16px/1.5 sans-serif } ${css}</style></head>`;

const OUTER = `${head('A shop', 'iframe { width: 600px; height: 300px; border: 3px solid #888; display: block }')}
<body><h1>A shop</h1><p id="around">Around</p><iframe id="adviser" data-page="adviser.html" title="adviser"></iframe>
<iframe id="foreign" data-page="foreign.html" title="foreign"></iframe>
<div data-mostrador-mask><iframe id="covered" data-page="covered.html" title="covered"></iframe></div>
<output id="step">0</output><div id="widget-host"></div>${FRAMES}<script src="/shopper.js" type="module"></script></body></html>`;

/** Long enough to travel by its hash. */
const CSS = `h2 { color: rgb(10, 120, 90) } .tall { height: 900px } ${'.unused { margin: 1px } '.repeat(600)}`;
const ADVISER = `${head('Size adviser', CSS)}
<body><h2>Size adviser</h2><p id="said">Which size?</p><button id="size">Size M</button>
<input id="typed" value="SECRET-typed"><input type="password" value="SECRET-password"><input type="hidden" value="SECRET-hidden">
<input autocomplete="cc-number" value="4111 1111 1111 1111"><textarea>SECRET-note</textarea><div contenteditable>SECRET-letter</div>
<p data-mostrador-mask>SECRET-masked</p><div data-mostrador-block>SECRET-blocked</div>
<a href="/pages/small.html?session=SECRET-link#SECRET-hash">Small</a><p data-owner="SECRET-owner">Of somebody</p>
<select id="cut"><option>Wide</option><option>Narrow</option></select><div id="shadow"></div>
<iframe id="same" srcdoc="<p>In a frame of its own</p><input value='SECRET-same'>"></iframe>
<iframe id="nested" data-page="nested.html" title="nested"></iframe><div class="tall"></div><p id="deep">Far down</p>
<script>const root = document.querySelector('#shadow').attachShadow({ mode: 'open' });
root.innerHTML = '<p>In a shadow</p>'; const sheet = new CSSStyleSheet();
sheet.replaceSync('p { color: rgb(1, 2, 3) }'); root.adoptedStyleSheets = [sheet];</script>${FRAMES}${SNIPPET}</body></html>`;

const PAGES: Record<string, string> = {
  'outer.html': OUTER,
  'quiet.html': OUTER.replace('<html', '<html id="no-start"'),
  'adviser.html': ADVISER,
  'nested.html': `${head('Nested')}<body><p id="innermost">Innermost</p><input value="SECRET-nested">${SNIPPET}</body></html>`,
  'small.html': `${head('Small')}<body><h2>Only small</h2>${SNIPPET}</body></html>`,
  'covered.html': `${head('Covered')}<body><h2>SECRET-covered</h2>${SNIPPET}</body></html>`,
  'foreign.html': `${head('Foreign')}<body><h2>SECRET-foreign</h2></body></html>`,
};

/** By whole path, for `openLab`. */
export async function framedPages(): Promise<Map<string, ServedFile>> {
  const script = await bundleScript(join(import.meta.dirname, 'framed-page.ts'));
  const html = 'text/html; charset=utf-8';
  return new Map<string, ServedFile>([
    ...Object.entries(PAGES).map(([name, body]) => [`/pages/${name}`, { body, type: html }] as const),
    ['/framed.js', { body: script, type: 'text/javascript' }],
    ['/api/shops/demo/together', { body: '{"allowed":true}', type: 'application/json' }],
  ]);
}
