import { afterEach, describe, expect, it } from 'vitest';
import type { Attributes, ElementNode, PageEvent, TreeNode } from '../../server/protocol/cobrowse-event.ts';
import { scrubAddress, scrubCss, scrubSrcset } from '../../widget/cobrowse/address.ts';
import { followShop } from '../../widget/cobrowse/rules.ts';
import { MASK, fieldKind } from '../../widget/cobrowse/field.ts';
import { sanitize, type NodeKnowledge } from '../../widget/cobrowse/sanitize.ts';
import { StyleLexicon } from '../../widget/cobrowse/style-lexicon.ts';

let last = 0;
let tokens = 0;
const token = () => `tok3n${(tokens += 1)}x`;

function element(tagName: string, attributes: Attributes = {}, childNodes: TreeNode[] = []): ElementNode {
  return { type: 2, id: (last += 1), tagName, attributes, childNodes };
}
function text(textContent: string): TreeNode {
  return { type: 3, id: (last += 1), textContent };
}
function whole(...body: TreeNode[]): PageEvent {
  const html = element('html', {}, [element('head'), element('body', {}, body)]);
  const node: TreeNode = {
    type: 0,
    id: (last += 1),
    childNodes: [{ type: 1, id: (last += 1), name: 'html', publicId: '', systemId: '' }, html],
  };
  return { type: 2, data: { node, initialOffset: { left: 0, top: 0 } } };
}
function knowledge(known: Partial<NodeKnowledge> = {}): NodeKnowledge {
  return {
    base: 'https://shop.example/things/',
    root: 1,
    lexicon: new StyleLexicon(),
    own: () => false,
    blocked: () => false,
    cover: () => 'usual',
    pageCover: 'usual',
    tag: () => 'div',
    kind: () => null,
    ...known,
  };
}
const changed = (attributes: Attributes): PageEvent => ({
  type: 3,
  data: { source: 0, adds: [], removes: [], texts: [], attributes: [{ id: 7, attributes }] },
});
const wire = (event: PageEvent, known?: Partial<NodeKnowledge>) => JSON.stringify(sanitize(event, knowledge(known)));

describe('promise 6: what was typed or is secret does not leave, in a snapshot', () => {
  const places: Record<string, (secret: string) => TreeNode> = {
    'a text field': (secret) => element('input', { value: secret }),
    'a text area': (secret) => element('textarea', { value: secret }),
    'the default text of a text area': (secret) => element('textarea', {}, [text(secret)]),
    'a hidden input': (secret) => element('input', { type: 'hidden', value: secret }),
    'a password': (secret) => element('input', { type: 'password', value: secret }),
    'a shown password': (secret) => element('input', { type: 'text', 'data-rr-is-password': 'true', value: secret }),
    'a card field': (secret) => element('input', { autocomplete: 'section-pay cc-number', value: secret }),
    'a one-time code': (secret) => element('input', { autocomplete: 'one-time-code', value: secret }),
    'a select': (secret) =>
      element('select', { value: secret }, [element('option', { value: secret, selected: true })]),
    'a radio button': (secret) => element('input', { type: 'radio', value: secret }),
    'a check box': (secret) => element('input', { type: 'checkbox', value: secret }),
    'a file input': (secret) => element('input', { type: 'file', value: `C:\\fakepath\\${secret}` }),
    'a custom field': (secret) => element('shop-field', { value: secret }),
    contenteditable: (secret) => element('div', { contenteditable: '' }, [element('b', {}, [text(secret)])]),
    'a masked part': (secret) =>
      element('div', { 'data-mostrador-mask': '' }, [
        element('i', { title: secret, href: secret, 'aria-label': secret }, [text(secret)]),
      ]),
    'a comment': (secret) => ({ type: 5, id: (last += 1), textContent: secret }),
    'raw HTML in noscript': (secret) => element('noscript', {}, [text(`<img src="/pixel?u=${secret}">`)]),
    'a csrf token': (secret) => element('meta', { name: 'csrf-token', content: secret }),
    'a data attribute': (secret) => element('div', { 'data-customer': secret }),
    'an event handler': (secret) => element('div', { onclick: `buy('${secret}')` }),
    'a nonce': (secret) => element('style', { nonce: secret }),
    'a frame as text': (secret) => element('iframe', { srcdoc: `<p>${secret}</p>` }),
    'the query of a link': (secret) => element('a', { href: `https://shop.example/a?session=${secret}` }),
    'a delivery parameter of a link': (secret) => element('a', { href: `https://shop.example/a?url=/${secret}` }),
    'the fragment of a link': (secret) => element('a', { href: `https://shop.example/a#token=${secret}` }),
    'the user of a link': (secret) => element('a', { href: `https://${secret}@shop.example/` }),
    'the query of an image': (secret) =>
      element('img', { src: `https://cdn.example/a.jpg?sig=${secret}&v=${secret}&w=300` }),
    'the query in a srcset': (secret) =>
      element('img', {
        srcset: `https://cdn.example/a.jpg?sig=${secret} 1x, https://cdn.example/b.jpg?sig=${secret} 2x`,
      }),
    'the query of a form': (secret) => element('form', { action: `/pay?key=${secret}` }),
    'the query of a poster': (secret) => element('video', { poster: `still.jpg?key=${secret}` }),
    'the query in a style': (secret) => element('div', { style: `background: url("/a.png?key=${secret}")` }),
    'the query in a stylesheet': (secret) =>
      element('style', { _cssText: `@import "/x.css?key=${secret}"; a { background: url(/b.png?key=${secret}) }` }),
    'what a framework keeps in attributes of its own': (secret) =>
      element('div', { 'ng-reflect-name': secret, 'hx-vals': secret, 'x-data': secret, 'wire:snapshot': secret }),
    'a file that is a link': (secret) => element('a', { href: `data:text/csv,${secret}` }),
    'a short fragment of a link': (secret) => element('a', { href: `https://shop.example/reset#${secret}` }),
    'a field that is called like a password': (secret) =>
      element('div', { 'data-mostrador-unmask': '' }, [element('input', { name: 'new_password', value: secret })]),
    'a blocked part': (secret) => element('div', { class: 'c', rr_width: '10px', rr_height: '10px', 'data-x': secret }),
  };
  it.each(Object.entries(places))('%s', (_, make) => {
    const secret = token();
    const sent = wire(whole(make(secret)));
    expect(sent).toContain('"body"');
    expect(sent).not.toContain(secret);
  });
});

describe('promise 6: what a shop opens, and what stays shut all the same', () => {
  const opened = (...children: TreeNode[]) => element('div', { 'data-mostrador-unmask': '' }, children);
  it('what is typed, in fields and in editable parts, is seen inside `-unmask` only', () => {
    const [first, second, third] = [token(), token(), token()];
    const fields = [
      element('input', { value: first }),
      element('textarea', { value: second }),
      element('div', { contenteditable: '' }, [text(third)]),
    ];
    const closed = wire(whole(...fields));
    const sent = wire(whole(opened(...fields)));
    for (const word of [first, second, third]) {
      expect(closed).not.toContain(word);
      expect(sent).toContain(word);
    }
    expect(wire(whole(element('input', { value: first, 'data-mostrador-unmask': '' })))).toContain(first);
  });

  it('the nearest of `-mask` and `-unmask` decides, and `-mask` where both are', () => {
    const [shut, open] = [token(), token()];
    const mask = element('p', { 'data-mostrador-mask': '' }, [
      text(shut),
      element('b', { title: shut }, [text(shut)]),
      opened(text(open)),
      element('i', { 'data-mostrador-mask': '', 'data-mostrador-unmask': '' }, [text(shut)]),
    ]);
    const sent = wire(whole(opened(mask)));
    expect(sent).not.toContain(shut);
    expect(sent).toContain(open);
  });

  it('secrets are never opened', () => {
    const secret = token();
    const secrets = [
      ...['password', 'hidden', 'file', 'radio', 'checkbox'].map((type) => element('input', { type, value: secret })),
      ...['cc-number', 'cc-csc', 'one-time-code', 'new-password'].map((autocomplete) =>
        element('input', { autocomplete, value: secret }),
      ),
      element('input', { name: 'card_number', value: secret }),
      element('option', { value: secret }),
      element('meta', { name: 'csrf-token', content: secret }),
      element('div', { 'data-customer': secret }),
      element('a', { href: `/orders?id=${secret}` }),
      element('input', { name: 'other', value: '4111 1111 1111 1111' }),
    ];
    const sent = wire(whole(opened(...secrets)));
    expect(sent).not.toContain(secret);
    expect(sent).not.toContain('4111');
    const live = { kind: () => 'sealed' as const, cover: () => 'open' as const };
    expect(wire(whole(element('input', { 'data-mostrador-unmask': '', value: secret })), live)).not.toContain(secret);
    const input: PageEvent = { type: 3, data: { source: 5, id: 4, text: secret, isChecked: false } };
    expect(wire(input, live)).not.toContain(secret);
    expect(wire(input, { ...live, kind: () => 'typed' })).toContain(secret);
  });
});

describe('promise 6: a page all of whose text is masked', () => {
  const all: Partial<NodeKnowledge> = { pageCover: 'words', cover: () => 'words' };
  it('says nothing, word by word, and keeps its layout', () => {
    const secret = token();
    const attributes = {
      title: secret,
      alt: secret,
      placeholder: secret,
      'aria-label': `two ${secret}`,
      label: secret,
    };
    const page = whole(
      element('p', attributes, [text(` ${secret} and ${secret}\n`)]),
      element('input', { type: 'submit', value: secret }),
      element('select', {}, [element('option', { label: secret }, [text(secret)])]),
      element('a', { href: `mailto:${secret}@shop.example`, caption: secret }),
      element('a', { class: 'card', style: 'color: red', href: 'https://shop.example/lamps', 'aria-hidden': 'true' }),
      element('img', { src: 'https://shop.example/lamp.jpg', width: '3', role: 'img' }),
      element('style', { _cssText: '[data-name] { content: attr(data-name) }' }),
      element('b', { 'data-name': secret }),
    );
    const sent = wire(page, all);
    expect(sent).not.toContain(secret);
    expect(sent).toContain(`"textContent":" ${MASK} ${MASK} ${MASK}\\n"`);
    for (const kept of ['"class":"card"', 'color: red', 'shop.example/lamps', '"aria-hidden":"true"', 'lamp.jpg'])
      expect(sent).toContain(kept);
  });

  it('opens where the shop says so, and masks more where it says that', () => {
    const [open, shut] = [token(), token()];
    const sent = wire(
      whole(
        element('h1', { 'data-mostrador-unmask': '' }, [text(open)]),
        element('p', { 'data-mostrador-mask': '', title: shut }, [text(`${shut} ${shut}`)]),
      ),
      all,
    );
    expect(sent).toContain(open);
    expect(sent).not.toContain(shut);
    expect(sent).not.toContain(`${MASK} ${MASK}`);
  });

  it('in changes, and nothing that is drawn', () => {
    const secret = token();
    expect(wire(changed({ title: secret, 'aria-label': secret }), all)).not.toContain(secret);
    const picture: PageEvent = {
      type: 5,
      data: { tag: 'picture', payload: { id: 4, width: 1, height: 1, data: 'data:image/webp;base64,AAAA' } },
    };
    expect(sanitize(picture, knowledge(all))).toBeNull();
    expect(sanitize(picture, knowledge())).toEqual(picture);
  });
});

describe('promise 6: the parameters of addresses that a shop opens', () => {
  afterEach(() => followShop({}));
  it('stay, and no others', () => {
    followShop({ queryAllow: 'page, sort' });
    const event: PageEvent = {
      type: 4,
      data: { href: 'https://shop.example/lamps?page=2&key=abc&sort=price#abc', width: 1, height: 1 },
    };
    expect(sanitize(event, knowledge())).toMatchObject({
      data: { href: 'https://shop.example/lamps?page=2&sort=price' },
    });
    const sent = wire(whole(element('a', { href: '/lamps?sort=name&token=abc&page=3' })));
    expect(sent).toContain('"href":"https://shop.example/lamps?sort=name&page=3"');
  });
});

describe('promise 6: nor in a change', () => {
  it('attributes', () => {
    const secret = token();
    const event = changed({
      'data-user': secret,
      href: `/x?y=${secret}`,
      onclick: secret,
      style: { 'background-image': `url(/a?b=${secret})` },
    });
    expect(wire(event)).not.toContain(secret);
    expect(wire(changed({ value: secret }), { tag: () => 'input', kind: () => 'typed' })).toContain(MASK);
    expect(wire(changed({ content: secret }), { tag: () => 'meta' })).toBe('null');
    expect(wire(changed({ title: secret }), { cover: () => 'masked' })).toBe('null');
  });

  it('texts of masked parts, and white space stays', () => {
    const secret = token();
    const event: PageEvent = {
      type: 3,
      data: {
        source: 0,
        adds: [],
        removes: [],
        attributes: [],
        texts: [
          { id: 5, value: secret },
          { id: 6, value: ' \n ' },
        ],
      },
    };
    const sent = sanitize(event, knowledge({ cover: () => 'masked' }));
    expect(sent).toMatchObject({
      data: {
        texts: [
          { id: 5, value: MASK },
          { id: 6, value: ' \n ' },
        ],
      },
    });
  });

  it('what happens inside a blocked part, and how long masked text is', () => {
    const blocked = knowledge({ blocked: () => true });
    const events: PageEvent[] = [
      {
        type: 3,
        data: {
          source: 0,
          adds: [{ parentId: 9, nextId: null, node: text('x') }],
          removes: [{ parentId: 9, id: 4 }],
          texts: [{ id: 4, value: 'y' }],
          attributes: [{ id: 4, attributes: { class: 'z' } }],
        },
      },
      { type: 3, data: { source: 3, id: 4, x: 1, y: 2 } },
      { type: 3, data: { source: 5, id: 4, text: 'x', isChecked: false } },
      { type: 3, data: { source: 2, type: 2, id: 4, x: 1, y: 1 } },
      { type: 3, data: { source: 15, id: 4, styleIds: [1], styles: [{ styleId: 1, rules: [{ rule: 'a{}' }] }] } },
      { type: 5, data: { tag: 'popover', payload: { id: 4, open: true } } },
    ];
    for (const event of events) expect(sanitize(event, blocked)).toBeNull();
    const selection: PageEvent = {
      type: 3,
      data: { source: 14, ranges: [{ start: 4, startOffset: 0, end: 4, endOffset: 17 }] },
    };
    expect(sanitize(selection, knowledge({ cover: () => 'masked' }))).toMatchObject({ data: { ranges: [] } });
  });

  it('the values of fields, by what kind of field it is', () => {
    const input: PageEvent = { type: 3, data: { source: 5, id: 4, text: 'abc', isChecked: true } };
    const sent = (kind: 'label' | 'typed' | 'sealed' | null) => sanitize(input, knowledge({ kind: () => kind }));
    expect(sent('typed')).toMatchObject({ data: { text: MASK, isChecked: true } });
    expect(sent('sealed')).toMatchObject({ data: { text: '' } });
    expect(sent('label')).toMatchObject({ data: { text: 'abc' } });
    expect(sent(null)).toMatchObject({ data: { text: '' } });
  });

  it('addresses of pages', () => {
    const secret = token();
    const href = `https://shop.example/things?id=${secret}#${secret}`;
    expect(wire({ type: 4, data: { href, width: 1, height: 1 } })).not.toContain(secret);
    expect(wire({ type: 5, data: { tag: 'page', payload: { href } } })).not.toContain(secret);
  });
});

describe('what stays as it is', () => {
  it('the look of the page', () => {
    const node = element(
      'a',
      {
        class: 'card',
        style: 'color: red',
        href: 'https://shop.example/things/1',
        title: 'A lamp',
        'aria-label': 'Lamp',
      },
      [text('Lamp')],
    );
    const event = whole(
      node,
      element('input', { type: 'submit', value: 'Buy now' }),
      element('li', { value: '3' }),
      element('meta', { name: 'viewport', content: 'width=device-width' }),
    );
    expect(sanitize(event, knowledge())).toEqual(event);
  });

  it('data attributes as far as the stylesheets speak of them', () => {
    const css =
      '[data-state="open"] { color: red } [data-kind^=sale] {} [data-tags~="new"] {} a::after { content: attr(data-label) }';
    const node = element('i', {
      'data-state': 'open',
      'data-kind': 'sale-for-ana',
      'data-tags': 'ana new',
      'data-label': 'Hot',
      'data-id': '17',
    });
    const sent = sanitize(whole(element('style', { _cssText: css }), node), knowledge());
    const body = JSON.stringify(sent);
    expect(body).toContain('"data-state":"open","data-kind":"sale","data-tags":"new","data-label":"Hot","data-id":""');
    expect(wire(whole(node))).toContain('"data-state":""');
  });

  it('our own elements are a place without a look', () => {
    const own = element('shop-chat', { class: 'x', style: 'position: fixed' }, [text('hello')]);
    own.isShadowHost = true;
    const sent = sanitize(whole(own), knowledge({ own: (id) => id === own.id }));
    expect(JSON.stringify(sent)).toContain(
      `{"type":2,"id":${own.id},"tagName":"shop-chat","childNodes":[],"attributes":{"style":"display: none !important"}}`,
    );
  });

  it('a document says its number only where it is not the page itself', () => {
    const node = text('x');
    node.rootId = 1;
    const other = { ...node, rootId: 2 };
    const sent = JSON.stringify(sanitize(whole(node, other), knowledge()));
    expect(sent).not.toContain('"rootId":1');
    expect(sent).toContain('"rootId":2');
  });

  it('the given event is not touched', () => {
    const event = whole(element('input', { value: 'abc', 'data-x': 'y' }));
    const before = structuredClone(event);
    sanitize(event, knowledge());
    expect(event).toEqual(before);
  });
});

describe('addresses', () => {
  it.each([
    ['https://cdn.example/a.jpg?w=300&h=2x&token=abc', 'resource', 'https://cdn.example/a.jpg?w=300'],
    ['/_next/image?url=%2Fa.jpg&w=640&q=75', 'resource', 'https://shop.example/_next/image?url=%2Fa.jpg&w=640&q=75'],
    [
      'https://fonts.example/css2?family=Inter:wght@400;700&display=swap',
      'resource',
      'https://fonts.example/css2?family=Inter:wght@400;700&display=swap',
    ],
    ['#icon-cart', 'resource', '#icon-cart'],
    ['#reviews', 'link', '#'],
    ['#access_token=abc', 'link', '#'],
    ['mailto:ana@shop.example?subject=secret', 'link', 'mailto:ana@shop.example'],
    ['javascript:alert(1)', 'link', ''],
    ['data:image/png;base64,AAAA', 'resource', 'data:image/png;base64,AAAA'],
    ['../cart?id=1', 'link', 'https://shop.example/cart'],
    ['http://[bad?x=1', 'link', 'http://[bad'],
  ] as const)('%s as a %s', (address, use, expected) => {
    expect(scrubAddress(address, use, 'https://shop.example/things/')).toBe(expected);
  });

  it('lists of pictures and stylesheets', () => {
    expect(scrubSrcset('https://a.example/x,y.jpg?k=1 1x, https://a.example/z.jpg?w=2&k=1 2x')).toBe(
      'https://a.example/x,y.jpg 1x, https://a.example/z.jpg?w=2 2x',
    );
    const css = `a{b:url('i.png?k=1');c:url(data:image/svg+xml,<svg?>)} @font-face{src:url(f.woff?v=4.7.0#iefix)}`;
    expect(scrubCss(css, 'https://a.example/s/')).toBe(
      `a{b:url("https://a.example/s/i.png");c:url(data:image/svg+xml,<svg?>)} @font-face{src:url("https://a.example/s/f.woff?v=4.7.0#iefix")}`,
    );
  });
});

describe('fields', () => {
  const kind = (tag: string, attributes: Record<string, string> = {}) =>
    fieldKind(tag, (name) => attributes[name] ?? null);
  it('card fields are known without autocomplete, and words that only look alike are not', () => {
    for (const name of ['cardnumber', 'card-number', 'cc_exp', 'cvc', 'card_cvv2', 'iban', 'otp'])
      expect(kind('input', { name }), name).toBe('sealed');
    for (const name of ['discard', 'account', 'opinion', 'shipping', 'postcard', 'city'])
      expect(kind('input', { name }), name).toBe('typed');
  });
  it('numbers of lists and meters are nobody’s input', () => {
    expect([kind('li'), kind('meter'), kind('progress'), kind('div')]).toEqual([null, null, null, null]);
  });
});
