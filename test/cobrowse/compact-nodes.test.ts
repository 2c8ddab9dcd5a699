import { describe, expect, it } from 'vitest';
import type { ElementNode, PageEvent, TreeNode } from '../../server/protocol/cobrowse-event.ts';
import { compact, restore } from '../../server/protocol/compact-nodes.ts';

const text = (id: number): TreeNode => ({ type: 3, id, textContent: 'x' });
const box = (id: number, ...childNodes: TreeNode[]): ElementNode => ({
  type: 2,
  id,
  tagName: 'div',
  attributes: {},
  childNodes,
});
const drawing = (id: number): TreeNode => ({
  type: 2,
  id,
  tagName: 'svg',
  attributes: { viewBox: '0 0 8 8' },
  childNodes: [],
  isSVG: true,
});
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('promise 16: what says nothing stays away from the wire', () => {
  it('a tree and what is added come out as they went in', () => {
    const events: PageEvent[] = [
      {
        type: 2,
        data: {
          node: {
            type: 0,
            id: 1,
            childNodes: [box(2, text(3)), drawing(4), { ...box(5), isCustom: true }, text(9), box(10, text(4))],
          },
          initialOffset: { left: 0, top: 0 },
        },
      },
      {
        type: 3,
        data: {
          source: 0,
          adds: [
            { parentId: 10, nextId: null, node: box(20, text(21)) },
            { parentId: 10, nextId: 20, node: text(22) },
            { parentId: 10, nextId: null, node: text(5) },
            { parentId: 10, nextId: 5, node: { ...box(6, { ...text(7), rootId: 6 }), isShadow: true } },
            { parentId: 10, nextId: 5, node: { type: 5, id: 8, textContent: '' } },
            { parentId: 2, nextId: 5, node: box(23, text(24)) },
          ],
          removes: [{ parentId: 2, id: 3 }],
          texts: [],
          attributes: [],
        },
      },
      { type: 3, data: { source: 3, id: 2, x: 0, y: 4 } },
    ];
    const sent = copy(events.map(compact));
    expect(JSON.stringify(sent).length).toBeLessThan(JSON.stringify(events).length);
    expect(JSON.stringify(sent)).not.toMatch(/"id":21\b/);
    expect(restore(sent)).toEqual(events);
  });

  it('a part that is deeper than anything that is drawn shifts no number behind it', () => {
    let deep: TreeNode = text(1_200);
    for (let id = 1_199; id > 1; id -= 1) deep = box(id, deep);
    const events: PageEvent[] = [
      { type: 2, data: { node: box(1, deep, box(1_201, text(1_202))), initialOffset: { left: 0, top: 0 } } },
    ];
    expect(restore(copy(events.map(compact)))).toEqual(events);
  });

  it('a number that is none stays one, and more nodes than may be are left as they came', () => {
    const odd = [{ data: { node: { type: 2, id: { valueOf: 1, toString: 1 }, childNodes: ['x', 4] } } }];
    expect(() => restore(copy(odd))).not.toThrow();
    const many = ['div', {}, ...Array.from({ length: 300_000 }, () => '')];
    const event = { data: { node: many as unknown } };
    restore([event]);
    expect((event.data.node as { childNodes: unknown[] }).childNodes.at(-1)).toBe('');
  });

  it('what is no list of events passes as it is, however deep', () => {
    for (const value of [
      null,
      4,
      'x',
      {},
      [null],
      [{ data: null }],
      [{ data: { adds: [null, 3, {}] } }],
      [{ data: { node: [[4, 5], null] } }],
    ]) {
      expect(() => restore(copy(value))).not.toThrow();
    }
    let deep: object = { type: 3 };
    for (let level = 0; level < 50_000; level += 1) deep = { childNodes: [deep] };
    expect(() => restore([{ data: { node: deep } }])).not.toThrow();
  });
});
