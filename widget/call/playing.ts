import { heardThrough } from '../../client/core/call/devices.ts';

/**
 * An attachment that plays a stream in a media element. Name the stream by a `$derived` or `{@const}`: an expression that is
 * made anew is attached anew, and an element that gets its stream again is dark and silent meanwhile. Where the browser refuses sound before a click, it plays on
 * without sound and `onSilent` is called; `onGone` when the element goes.
 */
export function playing(
  stream: MediaStream,
  onSilent?: (element: HTMLMediaElement) => void,
  onGone?: (element: HTMLMediaElement) => void,
) {
  return (element: HTMLMediaElement): (() => void) => {
    element.srcObject = stream;
    element.play().catch((error: unknown) => {
      // A removed element or a stream without tracks yet is no refusal.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || element.muted) return;
      element.muted = true;
      onSilent?.(element);
      element.play().catch(() => {});
    });
    return () => {
      element.srcObject = null;
      onGone?.(element);
    };
  };
}

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
