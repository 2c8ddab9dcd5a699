/** An attachment: when the element goes while it has the focus, the chat gets it, not the shop's page behind. */
export function keepFocus(element: HTMLElement): () => void {
  const root = element.getRootNode() as ShadowRoot;
  let focused = false;
  element.addEventListener('focusin', () => (focused = true));
  // Browsers differ in whether a removed element still says that it lost the focus.
  element.addEventListener('focusout', () => queueMicrotask(() => (focused &&= !element.isConnected)));
  return () => {
    if (!focused) return;
    queueMicrotask(() => {
      const touch = matchMedia('(pointer: coarse)').matches;
      if (!root.activeElement) root.querySelector<HTMLElement>(touch ? '.panel' : '.composer textarea')?.focus();
    });
  };
}
