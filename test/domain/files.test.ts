import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../server/domain/view.ts';
import { served } from './play.ts';

const file = { id: 'f1', name: 'vase.png', type: 'image/png', bytes: 9, width: 3, height: 2 };

describe('promise 23: a file in a message', () => {
  it('needs no text, is shown to both sides, and is named in the lists', () => {
    const play = served().on({ type: 'message-sent', socket: 's1', id: 'm2', text: '', file, known: null });
    const append = play.effects.find((effect) => effect.type === 'append');
    expect(append).toMatchObject({ entries: [{ id: 'm2', text: '', file }], sockets: ['s1', 'a1'] });
    expect(summaryOf(play.state)).toMatchObject({
      preview: { side: 'shopper', text: '', file: 'vase.png' },
      unread: 2,
    });
  });

  it('stays when the file is deleted, also after the end, and what was deleted is an entry of its own', () => {
    const by = { side: 'agent', id: 'ana', name: 'Ana' } as const;
    const play = served().on(
      { type: 'message-sent', socket: 's1', id: 'm2', text: '', file, known: null },
      { type: 'closed', socket: 'a1' },
      { type: 'file-deleted', by, file: 'f1' },
    );
    const append = play.effects.find((effect) => effect.type === 'append');
    expect(append).toMatchObject({ entries: [{ type: 'file-deleted', by, file: 'f1', seq: 5 }] });
    expect(play.state.status).toBe('closed');
    expect(summaryOf(play.state).unread).toBe(2);
  });
});
