import { heardThrough } from '../../client/core/call/devices.ts';
import { sameForStream } from '../../client/core/call/same-for-stream.ts';

/** Told of an element that the browser refused sound before a click, and of one that goes. */
export type Sound = { refused: (element: HTMLMediaElement) => void; gone: (element: HTMLMediaElement) => void };

/** An attachment that plays a stream in a media element; without sound where the browser refuses it. */
export const playing = sameForStream((stream, sound?: Sound) => {
  return (element: HTMLMediaElement): (() => void) => {
    element.srcObject = stream;
    element.play().catch((error: unknown) => {
      // A removed element or a stream without tracks yet is no refusal.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || element.muted) return;
      element.muted = true;
      sound?.refused(element);
      element.play().catch(() => {});
    });
    return () => {
      element.srcObject = null;
      sound?.gone(element);
    };
  };
});

/** Plays an element with its sound; where the browser still refuses, it goes on without. True when it can be heard. */
export async function tryAloud(element: HTMLMediaElement): Promise<boolean> {
  element.muted = false;
  try {
    await element.play();
    return true;
  } catch {
    element.muted = true;
    await element.play().catch(() => {});
    return false;
  }
}

/** An attachment: the element is heard through that speaker. */
export function through(speaker: string) {
  return (element: HTMLMediaElement) => heardThrough(element, speaker);
}
