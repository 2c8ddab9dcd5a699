import { describe, expect, it } from 'vitest';
import { acknowledgementLetter, transcriptLetter, type Expected, type Language } from '../../server/mail/letters.ts';

/** In Madrid it is Monday already, half past midnight. */
const DUE = Date.parse('2026-11-29T23:30:00Z');
const open: Expected = { hours: 24, dueAt: null, zone: null };
const back: Expected = { hours: 24, dueAt: DUE, zone: 'Europe/Madrid' };

describe('promise 25: when to expect an answer, in the acknowledgement', () => {
  const about = (language: Language) => ({ shop: 'Casa Lumbre', number: 12, language });
  const english = (when: string): string => `Its number is 12, and we mean to answer ${when}.\n`;
  const spanish = (when: string): string => `Su número es el 12, y te responderemos ${when}.\n`;

  it.each<[string, Language, Expected, string]>([
    ['a shop without hours', 'en', open, english('within 24 hours')],
    ['a shop without hours', 'es', open, spanish('en un plazo de 24 horas')],
    ['a shop that answers within the hour', 'en', { ...open, hours: 1 }, english('within 1 hour')],
    ['a shop that answers within the hour', 'es', { ...open, hours: 1 }, spanish('en un plazo de 1 hora')],
    ['a shop with hours', 'en', back, english('by Monday, November 30 at 00:30 (Europe/Madrid)')],
    ['a shop with hours', 'es', back, spanish('como muy tarde el lunes, 30 de noviembre a las 00:30 (Europe/Madrid)')],
    [
      'one in another zone',
      'en',
      { ...back, zone: 'America/Bogota' },
      english('by Sunday, November 29 at 18:30 (America/Bogota)'),
    ],
    [
      'one in another zone',
      'es',
      { ...back, zone: 'America/Bogota' },
      spanish('como muy tarde el domingo, 29 de noviembre a las 18:30 (America/Bogota)'),
    ],
    ['one that does not open again', 'en', { ...back, dueAt: null }, english('when we are back')],
    ['one that does not open again', 'es', { ...back, dueAt: null }, spanish('cuando volvamos')],
  ])('%s, %s', (_, language, expected, sentence) => {
    const { subject, text } = acknowledgementLetter(about(language), expected);
    expect(subject).toBe('[#12] Casa Lumbre');
    expect(text).toContain(sentence);
  });
});

describe('promise 25: a transcript says where its reader can write more', () => {
  it.each<[Language, string]>([
    [
      'en',
      'Your conversation with Casa Lumbre, November 30, 2026\n\n[00:30] You: Hello\n\nIf you want to add something, write in the chat on our pages.',
    ],
    [
      'es',
      'Tu conversación con Casa Lumbre, 30 de noviembre de 2026\n\n[00:30] Tú: Hello\n\nSi quieres añadir algo, escribe en el chat de nuestras páginas.',
    ],
  ])('%s', (language, text) => {
    const said = [{ name: null, text: 'Hello', file: null, at: DUE }];
    expect(transcriptLetter({ shop: 'Casa Lumbre', zone: 'Europe/Madrid', language }, said).text).toBe(text);
  });
});
