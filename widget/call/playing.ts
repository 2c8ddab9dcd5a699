/**
 * An attachment that plays a stream in a video element. Where the browser refuses sound before a click, it plays on
 * without sound and `onSilent` is called; unmute the element from a click.
 */
export function playing(stream: MediaStream, onSilent?: (element: HTMLVideoElement) => void) {
  return (element: HTMLVideoElement): (() => void) => {
    element.srcObject = stream;
    element.play().catch((error: unknown) => {
      // A removed element or a stream without tracks yet is no refusal.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || element.muted) return;
      element.muted = true;
      onSilent?.(element);
      element.play().catch(() => {});
    });
    return () => (element.srcObject = null);
  };
}
