const LOOK_EVERY_MS = 100;
/** A window that is there by then and has said nothing has another reason. */
const LOOK_FOR_MS = 15_000;

/**
 * Looks whether a window of ours that was just opened is cut off from this page, as a page with
 * `Cross-Origin-Opener-Policy: same-origin` is from all that are not the shop's: its handle says `closed` before the window has said
 * a word.
 */
export function whenApart(opened: Window, apart: () => void): void {
  const until = performance.now() + LOOK_FOR_MS;
  const end = (): void => {
    clearInterval(look);
    removeEventListener('message', hear);
  };
  const hear = ({ source }: MessageEvent): void => {
    if (source === opened) end();
  };
  const look = setInterval(() => {
    if (opened.closed || performance.now() > until) end();
    if (opened.closed) apart();
  }, LOOK_EVERY_MS);
  addEventListener('message', hear);
}
