/**
 * A dialog that opens takes the focus, even out of the console's text field across frames and origins: the agent would go
 * on typing into nowhere. An inert element takes none.
 */
export function withoutFocus(element: HTMLElement, act: () => void): void {
  const before = element.inert;
  element.inert = true;
  try {
    act();
  } finally {
    element.inert = before;
  }
}

/** Makes a replayed window's dialogs open without taking the focus. */
export function keepFocusOut(view: Window | null): void {
  let prototype: HTMLDialogElement | undefined;
  try {
    prototype = (view as (Window & typeof globalThis) | null)?.HTMLDialogElement.prototype;
  } catch {
    // A frame of another origin: nothing of it is replayed.
  }
  if (!prototype) return;
  for (const name of ['show', 'showModal'] as const) {
    const open = prototype[name];
    prototype[name] = function (this: HTMLDialogElement) {
      withoutFocus(this, () => open.call(this));
    };
  }
}
