/** Document Picture-in-Picture, as far as it is used here. */
type Pictures = { requestWindow(size: { width: number; height: number }): Promise<Window> };

function pictures(): Pictures | undefined {
  return (globalThis as { documentPictureInPicture?: Pictures }).documentPictureInPicture;
}

export function canKeepOnTop(): boolean {
  return pictures() !== undefined;
}

/** A small window on top of all others, from a click. It belongs to the page that opens it, and goes with that. */
export async function openOnTop(): Promise<Window | null> {
  const top = await pictures()?.requestWindow({ width: 400, height: 300 });
  if (!top) return null;
  top.document.documentElement.lang = document.documentElement.lang;
  return top;
}

/**
 * Moves an element into a small window on top of all others, from a click, and back when that is closed. It belongs to
 * the window that the call is in, so it lives as long as the call does.
 * `moved` is called after each move: style sheets and playing stay behind.
 */
export async function keepOnTop(element: HTMLElement, moved: (onTop: boolean) => void): Promise<void> {
  const home = element.parentElement;
  const top = await openOnTop();
  if (!top || !home) return;
  top.document.title = document.title;
  top.document.body.append(element);
  moved(true);
  top.addEventListener('pagehide', () => {
    home.append(element);
    moved(false);
  });
}
