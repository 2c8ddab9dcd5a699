import { describe, expect, it } from 'vitest';
import english from '../../widget/words/en.json' with { type: 'json' };
import spanish from '../../widget/words/es.json' with { type: 'json' };
import callEnglish from '../../widget/call/words/en.json' with { type: 'json' };
import callSpanish from '../../widget/call/words/es.json' with { type: 'json' };
import handsEnglish from '../../widget/panel/hands/words/en.json' with { type: 'json' };
import handsSpanish from '../../widget/panel/hands/words/es.json' with { type: 'json' };
import ticketsEnglish from '../../widget/panel/tickets/words/en.json' with { type: 'json' };
import ticketsSpanish from '../../widget/panel/tickets/words/es.json' with { type: 'json' };
import helpEnglish from '../../widget/help/words/en.json' with { type: 'json' };
import helpSpanish from '../../widget/help/words/es.json' with { type: 'json' };
import { REFUSALS } from '../../server/protocol/refusals.ts';
import { loadWords, words } from '../../widget/panel/words.ts';
import { refusalSentence } from '../../widget/panel/sentences.ts';

/** The inputs that a sentence asks for, in any of its forms. */
function inputs(message: unknown): string[] {
  return [...new Set(JSON.stringify(message).match(/\{[a-z]+\}/g))].toSorted();
}

describe('the catalogue', () => {
  it('says everything in English and in Spanish, with the same inputs', () => {
    expect(Object.keys(spanish)).toEqual(Object.keys(english));
    for (const [key, message] of Object.entries(english)) {
      expect([key, inputs(spanish[key as keyof typeof spanish])]).toEqual([key, inputs(message)]);
    }
  });

  it.each([
    ['with a call', callEnglish, callSpanish],
    ['beside the chat', helpEnglish, helpSpanish],
  ])('and so does the part that comes %s', (_, en: Record<string, unknown>, es: Record<string, unknown>) => {
    expect(Object.keys(es)).toEqual(Object.keys(en));
    for (const [key, message] of Object.entries(en)) expect([key, inputs(es[key])]).toEqual([key, inputs(message)]);
  });

  it('and so does the part that comes with helping hands', () => {
    expect(Object.keys(handsSpanish)).toEqual(Object.keys(handsEnglish));
    for (const [key, message] of Object.entries(handsEnglish)) {
      expect([key, inputs(handsSpanish[key as keyof typeof handsSpanish])]).toEqual([key, inputs(message)]);
    }
  });

  it('and so does the part that comes with tickets', () => {
    expect(Object.keys(ticketsSpanish)).toEqual(Object.keys(ticketsEnglish));
    for (const [key, message] of Object.entries(ticketsEnglish)) {
      expect([key, inputs(ticketsSpanish[key as keyof typeof ticketsSpanish])]).toEqual([key, inputs(message)]);
    }
  });

  it('counts as the language does', async () => {
    await loadWords('en');
    expect(words.launcher_unread({ count: 1 })).toBe('1 new message');
    expect(words.launcher_unread({ count: 2 })).toBe('2 new messages');
    await loadWords('es');
    expect(words.launcher_unread({ count: 1 })).toBe('1 mensaje nuevo');
    expect(words.composer_over({ count: 1_000_000 })).toContain('Sobran');
  });

  it('has a sentence for every refusal', async () => {
    for (const language of ['en', 'es'] as const) {
      await loadWords(language);
      for (const reason of REFUSALS) expect(refusalSentence(reason)).toMatch(/\S+ \S+/);
    }
  });
});
