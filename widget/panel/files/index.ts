/** Sending and showing files; loaded when one is chosen, or when the thread has one. */
import { addWords } from '../words.ts';
import FileBubble from './FileBubble.svelte';
import css from './files.css?inline';
import { Files, type FilesDesk } from './files.svelte.ts';
import OnTheWay from './OnTheWay.svelte';
import { problemSentence } from './problem-sentence.ts';

export type Filing = {
  files: Files;
  FileBubble: typeof FileBubble;
  OnTheWay: typeof OnTheWay;
  problemSentence: typeof problemSentence;
};

export async function openFiles(desk: FilesDesk): Promise<Filing> {
  const { root, locale } = desk.host;
  addWords(
    locale === 'es'
      ? await import('../../words/compiled/messages/es.js?files')
      : await import('../../words/compiled/messages/en.js?files'),
  );
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  return { files: new Files(desk), FileBubble, OnTheWay, problemSentence };
}
