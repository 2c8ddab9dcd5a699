/** Pages, changes and events as somebody would write them who wants more from the replay than to be looked at. */

let id = 100;
/** A number that no other node has. */
export const newId = () => (id += 1);
type Fields = Record<string, unknown>;
export const element = (tagName: string, attributes: Fields = {}, ...childNodes: unknown[]) => ({
  type: 2,
  id: newId(),
  tagName,
  attributes,
  childNodes,
});
export const text = (textContent: string) => ({ type: 3, id: newId(), textContent });
const svg = (tagName: string, attributes: Fields = {}, ...childNodes: unknown[]) => ({
  ...element(tagName, attributes, ...childNodes),
  isSVG: true,
});
const BODY = 5;
export const page = (...children: unknown[]) => [
  { type: 4, data: { href: 'https://shop.example/', width: 800, height: 600 } },
  {
    type: 2,
    data: {
      node: {
        type: 0,
        id: 1,
        childNodes: [
          { type: 1, id: 2, name: 'html', publicId: '', systemId: '' },
          {
            type: 2,
            id: 3,
            tagName: 'html',
            attributes: {},
            childNodes: [
              { type: 2, id: 4, tagName: 'head', attributes: {}, childNodes: [] },
              {
                type: 2,
                id: BODY,
                tagName: 'body',
                attributes: {},
                childNodes: [
                  {
                    type: 2,
                    id: 6,
                    tagName: 'output',
                    attributes: { id: 'alive' },
                    childNodes: [{ type: 3, id: 7, textContent: 'start' }],
                  },
                  ...children,
                ],
              },
            ],
          },
        ],
      },
      initialOffset: { left: 0, top: 0 },
    },
  },
];
export const add = (...nodes: unknown[]) => ({
  type: 3,
  data: {
    source: 0,
    texts: [],
    attributes: [],
    removes: [],
    adds: nodes.map((node) => ({ parentId: BODY, nextId: null, node })),
  },
});
export const attributes = (target: number, changed: Fields) => ({
  type: 3,
  data: { source: 0, texts: [], adds: [], removes: [], attributes: [{ id: target, attributes: changed }] },
});
export const say = (value: string) => ({
  type: 3,
  data: { source: 0, adds: [], removes: [], attributes: [], texts: [{ id: 7, value }] },
});

export const RUN =
  "for (const w of [self, parent, top]) { try { w.pwned = 1 } catch {} } new Image().src = '/evil-ran'";
/** Of each kind: nodes that would do something where they are put. `DOC` and `SCRIPT` addresses must not even be asked for. */
export function hostileNodes(origin: string): Record<string, unknown[]> {
  const doc = `${origin}/evil-doc`;
  const script = `${origin}/evil-script.js`;
  return {
    script: [
      element('script', {}, text(RUN)),
      element('SCRIPT', { src: script }),
      element('script', { type: 'module', src: script }),
    ],
    'script in SVG': [svg('svg', {}, svg('script', { href: script, 'xlink:href': script }, text(RUN)))],
    'an image with a handler': [element('img', { src: '/none', onerror: RUN, ONLOAD: RUN })],
    'SVG with a handler': [svg('svg', { onload: RUN }, svg('image', { href: '/none', onerror: RUN }))],
    'SVG animation': [
      svg(
        'svg',
        {},
        svg(
          'a',
          { id: 'x' },
          svg('animate', { attributeName: 'href', values: `javascript:${RUN}`, onbegin: RUN }),
          svg('set', { attributeName: 'onmouseover', to: RUN }),
        ),
      ),
    ],
    'SVG use of data': [
      svg(
        'svg',
        {},
        svg('use', {
          href: `data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><image href='1' onerror='${RUN}'/></svg>#x`,
        }),
      ),
    ],
    'a foreign object': [
      svg('svg', {}, svg('foreignObject', {}, element('iframe', { srcdoc: `<script>${RUN}</script>` }))),
    ],
    'a frame with a script address': [
      element('iframe', { src: `javascript:${RUN}` }),
      element('iframe', { src: ` \tjava\nscript:${RUN}` }),
    ],
    'a frame with a document as text': [
      element('iframe', { srcdoc: `<script>${RUN}</script><img src=x onerror="${RUN}">` }),
    ],
    'a frame of another page': [
      element('iframe', { src: doc }),
      element('frame', { src: doc }),
      element('fencedframe', { src: doc }),
    ],
    'a frame with data': [element('iframe', { src: `data:text/html,<script>${RUN}</script>` })],
    'an object': [
      element('object', { data: doc, type: 'text/html' }),
      element('object', { data: `data:text/html,<script>${RUN}</script>` }),
    ],
    'an embed': [element('embed', { src: doc, type: 'text/html' }), element('applet', { code: script })],
    'a link with a script address': [element('a', { href: `javascript:${RUN}`, id: 'click-me' }, text('x'))],
    'a form': [
      element(
        'form',
        { action: doc, id: 'send-me' },
        element('button', { formaction: `javascript:${RUN}`, id: 'press-me' }),
      ),
    ],
    'meta refresh': [
      element('meta', { 'http-equiv': 'refresh', content: `0;url=${doc}` }),
      element('META', { 'HTTP-EQUIV': 'Refresh', content: `0;url=javascript:${RUN}` }),
    ],
    'a policy': [element('meta', { 'http-equiv': 'Content-Security-Policy', content: "script-src 'unsafe-inline'" })],
    base: [element('base', { href: `${origin}/evil-base/` }), element('img', { src: 'relative.png' })],
    'links that load': ['import', 'preload', 'modulepreload', 'prefetch', 'manifest', 'prerender'].map((rel) =>
      element('link', { rel, as: 'script', href: script }),
    ),
    'style that runs': [
      element('style', {
        _cssText: `@import 'javascript:${RUN}'; * { behavior: url(${script}); -moz-binding: url(${script}); background: url("javascript:${RUN}"); width: expression(${RUN}) }`,
      }),
    ],
    'things that focus or open': [
      element('input', { autofocus: '', onfocus: RUN }),
      element('details', { open: '', ontoggle: RUN }),
      element('dialog', { open: '', rr_open_mode: 'modal', onfocus: RUN }),
    ],
    media: [
      element('video', { onerror: RUN, autoplay: '' }, element('source', { src: '/none', onerror: RUN })),
      element('audio', { src: '/none', onerror: RUN, rr_mediaState: 'played' }),
    ],
    'a template and a shadow root': [
      element('template', {}, element('script', {}, text(RUN))),
      { ...element('img', { onerror: RUN }), isShadowHost: true },
    ],
    'an animated body': [element('body', { onload: RUN, onpageshow: RUN }), element('marquee', { onstart: RUN })],
    'custom elements': [
      { ...element('font-face'), isCustom: true },
      { ...element('x-y', { onclick: RUN }), isCustom: true },
      { ...element('-'), isCustom: true },
    ],
    'a canvas': [element('canvas', { rr_dataURL: 'data:image/png;base64,AAAA', onclick: RUN })],
  };
}

export const FORGED: Record<string, unknown> = {
  'a mouse interaction of type 99': { type: 3, data: { source: 2, type: 99, id: 6, x: 1, y: 1 } },
  'canvas commands': {
    type: 3,
    data: { source: 9, id: 6, type: 0, commands: [{ property: 'constructor', args: [RUN] }] },
  },
  'a font': { type: 3, data: { source: 10, family: 'x', fontSource: `url(javascript:${RUN})`, buffer: true } },
  'a plug-in': { type: 6, data: { plugin: 'rrweb/console', payload: RUN } },
  'an asset': { type: 7, data: { url: 'x', payload: { rr_type: 'CssText', cssTexts: [RUN] } } },
  'a custom event': { type: 5, data: { tag: 'constructor', payload: { id: '__proto__' } } },
  'a kind that does not exist': { type: 77, data: {} },
  'a node of no type': add({ type: 9, id: 900, tagName: 'script', attributes: {} }),
  'a node without attributes': add({ type: 2, id: 901, tagName: 'div' }),
  'a document inside the body': add({ type: 0, id: 902, childNodes: [element('script', {}, text(RUN))] }),
  'a doctype inside the body': add({ type: 1, id: 903, name: '<x>', publicId: '', systemId: '' }),
  'a parent of itself': {
    type: 3,
    data: {
      source: 0,
      texts: [],
      attributes: [],
      removes: [],
      adds: [{ parentId: 904, nextId: 904, node: { ...element('div'), id: 904 } }],
    },
  },
  'the document put into itself': {
    type: 3,
    data: {
      source: 0,
      texts: [],
      attributes: [],
      removes: [],
      adds: [{ parentId: BODY, nextId: null, node: { ...element('html'), id: 3 } }],
    },
  },
  'an unknown parent': {
    type: 3,
    data: {
      source: 0,
      texts: [],
      attributes: [],
      removes: [],
      adds: [{ parentId: 77_777, nextId: 88_888, node: element('div') }],
    },
  },
  'no lists': { type: 3, data: { source: 0, adds: 'x', removes: null, texts: 7, attributes: {} } },
  'ids of no kind': { type: 3, data: { source: 3, id: '__proto__', x: 1, y: 1 } },
  'a scroll to nowhere': { type: 3, data: { source: 3, id: 1, x: null, y: 'a' } },
  'an endless window': { type: 4, data: { href: 'x', width: 1e9, height: 1e9 } },
  'a negative window': { type: 3, data: { source: 4, width: -5, height: 0 } },
  'rules of no stylesheet': {
    type: 3,
    data: { source: 8, id: 6, adds: [{ rule: '}{', index: [99, 99] }], replaceSync: '}}' },
  },
  'adopted sheets of nobody': {
    type: 3,
    data: { source: 15, id: 7, styleIds: [1, 2], styles: [{ styleId: 1, rules: [{ rule: 'x' }] }] },
  },
  'a declaration nowhere': {
    type: 3,
    data: { source: 13, id: 6, index: [0, 0, 0], set: { property: 'x', value: 'y' } },
  },
  'a selection outside': {
    type: 3,
    data: { source: 14, ranges: [{ start: 6, startOffset: 9e9, end: 7, endOffset: -1 }] },
  },
  'a handler by attribute': attributes(6, {
    onclick: RUN,
    ONFOCUS: RUN,
    style: `background:url(javascript:${RUN})`,
    srcdoc: 'x',
    'bad name': 'x',
    __proto__: { polluted: 1 },
  }),
  null: null,
  'a list': [[]],
};
