import type { Attachment } from 'svelte/attachments';
import { heardThrough } from '../../core/call/devices.ts';
import { sameForStream } from '../../core/call/same-for-stream.ts';

/** Shows a stream in a media element. `onBlocked`: the browser wants a click before it plays sound. */
export const play = sameForStream((stream, onBlocked?: (blocked: boolean) => void): Attachment<HTMLMediaElement> => {
  return (element) => {
    element.srcObject = stream;
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
});

/** The element is heard through that speaker. */
export function through(speaker: string): Attachment<HTMLMediaElement> {
  return (element) => heardThrough(element, speaker);
}
