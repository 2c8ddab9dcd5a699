import { describe, expect, it } from 'vitest';
import type { PageEvent } from '../../server/protocol/cobrowse-event.ts';
import { readEvents, type TagOf } from '../../server/protocol/cobrowse-read/read-events.ts';
import { readAttributes } from '../../server/protocol/cobrowse-read/read-node.ts';
import { add, attributes, element, page } from './support/hostile-pages.ts';

function read(events: unknown[], tagOf: TagOf = () => null): { read: PageEvent[]; tooLarge: number } {
  let tooLarge = 0;
  const onTooLarge = () => {
    tooLarge += 1;
  };
  return { read: [...readEvents(JSON.parse(JSON.stringify(events)), { tagOf, onTooLarge })], tooLarge };
}

/** The attributes that rrweb would set, which it looks for with for…in. */
function set(event: PageEvent | undefined): string[] {
  if (event?.type !== 3 || event.data.source !== 0) return [];
  const names: string[] = [];
  for (const change of event.data.attributes) for (const name in change.attributes) names.push(name);
  return names;
}

/** One event that adds an element and changes its attributes. */
function addAndChange(tag: string, changed: object) {
  const node = element(tag);
  const { data } = add(node);
  return { type: 3, data: { ...data, attributes: [{ id: node.id, attributes: changed }] } };
}

describe('promise 6: what the replay reads', () => {
  it('names on a prototype are not set, neither as attributes nor as styles', () => {
    const evil = '{"onclick":"x","http-equiv":"refresh","srcdoc":"x"}';
    const hostile = JSON.parse(`{"__proto__":${evil},"style":{"__proto__":["a","b"],"color":"red"}}`) as object;
    const clean = readAttributes(['p'], { ...hostile, ...JSON.parse(`{"class":"c"}`) });
    const names: string[] = [];
    for (const name in clean) names.push(name);
    expect(names).toEqual(['style', 'class']);
    const inherited: string[] = [];
    for (const name in clean['style'] as object) inherited.push(name);
    expect(inherited).toEqual(['color']);
    const raw = `[{"type":3,"data":{"source":0,"adds":[],"removes":[],"texts":[],"attributes":[{"id":7,"attributes":{"__proto__":${evil}}}]}}]`;
    const [event] = readEvents(JSON.parse(raw), { tagOf: () => 'p', onTooLarge: () => undefined });
    expect(event?.type).toBe(3);
    expect(set(event)).toEqual([]);
  });

  it.each([
    ['base', { href: '/evil' }],
    ['link', { rel: 'prefetch' }],
    ['iframe', { src: '/evil' }],
    ['object', { data: '/evil' }],
  ])('a %s that the same event adds gets no address', (tag, changed) => {
    expect(set(read([addAndChange(tag, { ...changed, class: 'c' })]).read[0])).toEqual(['class']);
    // Nor where a number is used again, in either direction.
    expect(set(read([addAndChange('p', { ...changed, class: 'c' })], () => tag).read[0])).toEqual(['class']);
    expect(set(read([addAndChange(tag, { ...changed, class: 'c' })], () => 'p').read[0])).toEqual(['class']);
  });

  it('changes of nodes that nobody knows are left out', () => {
    expect(read([attributes(99, { class: 'c' })]).read).toMatchObject([{ data: { attributes: [] } }]);
  });

  it('a video stays muted', () => {
    const { read: events } = read([addAndChange('video', { muted: null, class: 'c' })]);
    expect(events).toMatchObject([{ data: { attributes: [{ attributes: { muted: '', class: 'c' } }] } }]);
  });

  it('no prefix hides a script, and what stands in other prefixed elements stays', () => {
    const svg = (tag: string) => ({ ...element(tag), isSVG: true });
    const nodes = [svg('svg:script'), svg('a:b:SCRIPT'), svg('script'), element('script'), element('svg:script')];
    const { read: events } = read([add(...nodes, svg('svg:rect'), element('o:p', {}, element('b')))]);
    expect(events).toMatchObject([
      {
        data: {
          adds: [{ node: { tagName: 'svg-script' } }, { node: { tagName: 'rect' } }, { node: { tagName: 'o-p' } }],
        },
      },
    ]);
  });

  it('an event with too many nodes is left out as a whole, and what comes after it', () => {
    const many = (count: number) => Array.from({ length: count }, () => element('i'));
    expect(read(page(...many(99_000)))).toMatchObject({ read: [{ type: 4 }, { type: 2 }], tooLarge: 0 });
    expect(read([...page(...many(101_000)), add(element('p'))])).toMatchObject({ read: [{ type: 4 }], tooLarge: 1 });
  });

  it('one number for very many elements is no work; for many kinds of them it is left out', () => {
    const same = (count: number, tag: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => ({ ...element(tag(at)), id: 7 }));
    // One copy of a list for each of them would take hours.
    expect(read([add(...same(90_000, () => 'i'))]).read).toHaveLength(1);
    expect(read([add(...same(9, (at) => `x-${at}`))]).read).toEqual([]);
  });

  it('a name longer than any attribute has is none', () => {
    expect(Object.keys(readAttributes(['p'], { ['a'.repeat(129)]: '1', ['b'.repeat(128)]: '2' }))).toEqual([
      'b'.repeat(128),
    ]);
  });
});
