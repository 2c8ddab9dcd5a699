import * as en from '../words/compiled/messages/en.js';
import * as es from '../words/compiled/messages/es.js';
import type { Words } from '../words/words.ts';
import type { Locale } from './locale.ts';

type LauncherWords = Pick<
  Words,
  'launcher_open' | 'launcher_close' | 'launcher_call' | 'launcher_failed' | 'launcher_unread'
>;

/** The few sentences of the launcher, named one by one so that the rest of the catalogue stays out of the loader. */
export const LAUNCHER_WORDS: Record<Locale, LauncherWords> = {
  en: {
    launcher_open: en.launcher_open,
    launcher_close: () => en.launcher_close({}),
    launcher_call: () => en.launcher_call({}),
    launcher_failed: () => en.launcher_failed({}),
    launcher_unread: en.launcher_unread,
  },
  es: {
    launcher_open: es.launcher_open,
    launcher_close: () => es.launcher_close({}),
    launcher_call: () => es.launcher_call({}),
    launcher_failed: () => es.launcher_failed({}),
    launcher_unread: es.launcher_unread,
  },
};
