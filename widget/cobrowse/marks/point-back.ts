/** How long the shopper sees where they pointed. */
const SHOWN_FOR = 2_500;

/** Asks the shopper to show what they mean: the next click or tap is not the page's. */
export function askForPlace(
  root: ShadowRoot,
  words: { pointNow: string; cancel: string },
  onPlace: (x: number, y: number) => void,
  onEnd: () => void,
): { close(): void } {
  const pane = document.createElement('div');
  pane.className = 'pane';
  const question = document.createElement('div');
  question.className = 'question';
  question.setAttribute('role', 'status');
  const cancel = document.createElement('button');
  cancel.type = 'button';
  cancel.className = 'stop cancel';
  cancel.textContent = words.cancel;
  question.append(words.pointNow, cancel);
  // Below the bar with its Stop button.
  root.prepend(pane);
  root.append(question);
  const over = new AbortController();
  const close = () => {
    if (over.signal.aborted) return;
    over.abort();
    pane.remove();
    question.remove();
    onEnd();
  };
  cancel.addEventListener('click', (event) => {
    event.stopPropagation();
    close();
  });
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') return;
      event.stopImmediatePropagation();
      event.preventDefault();
      close();
    },
    { capture: true, signal: over.signal },
  );
  for (const name of ['pointerdown', 'mousedown', 'touchstart']) {
    pane.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
  }
  pane.addEventListener('click', (event) => {
    event.stopPropagation();
    const { clientX: x, clientY: y } = event;
    close();
    showRing(root, x, y);
    onPlace(x, y);
  });
  return { close };
}

function showRing(root: ShadowRoot, x: number, y: number): void {
  const ring = document.createElement('div');
  ring.className = 'ring';
  ring.style.transform = `translate(${x}px, ${y}px)`;
  root.append(ring);
  setTimeout(() => ring.remove(), SHOWN_FOR);
}
