import type { Locale } from '../loader/locale.ts';

export type Sentences = {
  title(of: { name: string }): string;
  how(of: { host: string }): string;
  over(): string;
  silent(): string;
  apart(): string;
  close(): string;
  frame(of: { host: string }): string;
};

export async function loadSentences(locale: Locale): Promise<Sentences> {
  const words =
    locale === 'es'
      ? await import('../words/compiled/messages/es.js')
      : await import('../words/compiled/messages/en.js');
  return {
    title: words.window_seen_title,
    how: words.window_seen_how,
    over: () => words.window_seen_over({}),
    silent: () => words.window_seen_silent({}),
    apart: () => words.window_seen_apart({}),
    close: () => words.window_seen_close({}),
    frame: words.window_seen_frame,
  };
}
