/** What our mails say, in the shopper's language. Plain text; nothing a stranger wrote goes to an address that a stranger gave, but a transcript. */
import { REPLY_LINE } from './reply-text.ts';

export type Language = 'en' | 'es';
export type Draft = { subject: string; text: string };

/** `zone`: the shop's, where it has hours; null: only how many hours it is can be said. */
export type Expected = { hours: number; dueAt: number | null; zone: string | null };

/** Somebody's words for a letter. `file`: the name of one that is in the chat. */
export type Said = { name: string | null; text: string; file: string | null; at: number };

const QUOTED_MAX = 400;

export function languageOf(locale: string | null): Language {
  return locale?.toLowerCase().startsWith('es') ? 'es' : 'en';
}

type About = { shop: string; number: number; language: Language };

export function acknowledgementLetter(about: About, expected: Expected): Draft {
  const w = WORDS[about.language];
  const text = [w.hello, w.received(about.number, w.expected(expected, about.language)), w.more, about.shop];
  return { subject: subjectOf(about), text: aboveWhich(w, text) };
}

/** Agents' words, in one mail; `before`: what the shopper wrote last; `notTaken`: files of theirs, by name. */
export function answerLetter(
  about: About,
  { said, before, notTaken }: { said: readonly Said[]; before: Said | null; notTaken: readonly string[] },
): Draft {
  const w = WORDS[about.language];
  const missing = notTaken.length > 0 ? [w.notTaken(notTaken.join(', '))] : [];
  const names = [...new Set(said.map(({ name }) => name ?? about.shop))];
  const words = said.map((each) => wordsOf(each, w));
  const quote = before ? [`${w.youWrote}\n${quoted(wordsOf(before, w))}`] : [];
  const text = [...words, ...missing, `${names.join(', ')} · ${about.shop} · #${about.number}`, ...quote];
  return { subject: subjectOf(about), text: aboveWhich(w, text) };
}

/** Not every conversation can be answered by mail: it says where anybody can write more. */
export function transcriptLetter(
  { shop, zone, language }: { shop: string; zone: string | null; language: Language },
  said: readonly Said[],
): Draft {
  const w = WORDS[language];
  const day = said[0] ? dateOf(said[0].at, zone, language) : '';
  const lines = said.map((each) => `[${clockOf(each.at, zone, language)}] ${each.name ?? w.you}: ${wordsOf(each, w)}`);
  const text = [`${w.transcript(shop)}, ${day}`, ...lines, w.moreInChat];
  return { subject: w.transcript(shop), text: text.join('\n\n') };
}

function subjectOf({ shop, number }: About): string {
  return `[#${number}] ${shop}`;
}

function aboveWhich(w: Words, parts: readonly string[]): string {
  return [`${REPLY_LINE}\n${w.above}`, ...parts].join('\n\n');
}

function wordsOf({ text, file }: Said, w: Words): string {
  return [text, file === null ? '' : w.file(file)].filter(Boolean).join('\n');
}

function quoted(text: string): string {
  const short = text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX).replace(/[\uD800-\uDBFF]$/, '')} …` : text;
  return short
    .split('\n')
    .slice(0, 8)
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Where the shop has no hours its zone is not known: then it is told in the world's. */
function dateOf(at: number, zone: string | null, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone ?? 'UTC',
  }).format(at);
}

function clockOf(at: number, zone: string | null, language: Language): string {
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return `${new Intl.DateTimeFormat(language, { ...clock, timeZone: zone ?? 'UTC' }).format(at)}${zone ? '' : ' UTC'}`;
}

function momentOf(at: number, zone: string, language: Language): { day: string; time: string } {
  const date = { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone } as const;
  return { day: new Intl.DateTimeFormat(language, date).format(at), time: clockOf(at, zone, language) };
}

function hoursOf(hours: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'hour', unitDisplay: 'long' }).format(hours);
}

type Words = {
  above: string;
  hello: string;
  received: (number: number, expected: string) => string;
  expected: (expected: Expected, language: Language) => string;
  more: string;
  moreInChat: string;
  youWrote: string;
  you: string;
  file: (name: string) => string;
  notTaken: (names: string) => string;
  transcript: (shop: string) => string;
};

const WORDS: Record<Language, Words> = {
  en: {
    above: 'Write your answer above this line.',
    hello: 'Hello,',
    received: (number, expected) => `we have your message. Its number is ${number}, and we mean to answer ${expected}.`,
    expected({ hours, dueAt, zone }, language) {
      if (zone === null) return `within ${hoursOf(hours, language)}`;
      if (dueAt === null) return 'when we are back';
      const { day, time } = momentOf(dueAt, zone, language);
      return `by ${day} at ${time} (${zone})`;
    },
    more: 'If you want to add something, answer this mail, or write in the chat on our pages.',
    moreInChat: 'If you want to add something, write in the chat on our pages.',
    youWrote: 'You wrote:',
    you: 'You',
    file: (name) => `[File: ${name}. It is in the chat on our pages.]`,
    notTaken: (names) =>
      `We could not take these files of yours: ${names}. You can send others with your answer, or in the chat on our pages.`,
    transcript: (shop) => `Your conversation with ${shop}`,
  },
  es: {
    above: 'Escribe tu respuesta encima de esta línea.',
    hello: 'Hola:',
    received: (number, expected) =>
      `Hemos recibido tu mensaje. Su número es el ${number}, y te responderemos ${expected}.`,
    expected({ hours, dueAt, zone }, language) {
      if (zone === null) return `en un plazo de ${hoursOf(hours, language)}`;
      if (dueAt === null) return 'cuando volvamos';
      const { day, time } = momentOf(dueAt, zone, language);
      return `como muy tarde el ${day} a las ${time} (${zone})`;
    },
    more: 'Si quieres añadir algo, responde a este correo o escribe en el chat de nuestras páginas.',
    moreInChat: 'Si quieres añadir algo, escribe en el chat de nuestras páginas.',
    youWrote: 'Escribiste:',
    you: 'Tú',
    file: (name) => `[Archivo: ${name}. Está en el chat de nuestras páginas.]`,
    notTaken: (names) =>
      `No pudimos aceptar estos archivos tuyos: ${names}. Puedes enviar otros con tu respuesta o en el chat de nuestras páginas.`,
    transcript: (shop) => `Tu conversación con ${shop}`,
  },
};
