import type { Attachment } from 'svelte/attachments';
import { heardThrough } from '../../core/call/devices.ts';

/**
 * Shows a stream in a media element. `onBlocked`: the browser wants a click before it plays sound. Name both by what
 * stays the same (a `$derived`, an `{@const}`, a function of the component): an expression that is made anew is attached
 * anew, and an element that gets its stream again is dark and silent meanwhile.
 */
export function play(stream: MediaStream | null, onBlocked?: (blocked: boolean) => void): Attachment<HTMLMediaElement> {
  return (element) => {
    element.srcObject = stream;
    if (!stream) return;
    element.play().then(
      () => onBlocked?.(false),
      (error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked?.(true);
      },
    );
    return () => {
      element.srcObject = null;
    };
  };
}

/** The element is heard through that speaker. */
export function through(speaker: string): Attachment<HTMLMediaElement> {
  return (element) => heardThrough(element, speaker);
}
