/** No form is sent because of what the agent does, whatever the page's scripts make of it, at once or a moment later. */
import { maySend, outwards, type Rules } from './fences.ts';

type View = Window & typeof globalThis;

/** What a script does later than this, after a look at what was written or a word with its server, is its own. */
const AFTER_MS = 5_000;

export class SendingGuard {
  #lift: (() => void) | null = null;

  /** `held`: a form would have been sent by `act`. The guard stays for a while, or until the shopper's own hands are on the page. */
  during<Done>(element: Element, rules: Rules, act: () => Done): { done: Done; held: boolean } {
    this.lift();
    let held = false;
    this.#lift = guard(
      element,
      rules,
      () => {
        held = true;
      },
      () => this.lift(),
    );
    return { done: act(), held };
  }

  /** Nothing of it stays in the page. */
  lift(): void {
    this.#lift?.();
    this.#lift = null;
  }
}

function guard(element: Element, rules: Rules, hold: () => void, own: () => void): () => void {
  const views = new Set<View>([window, element.ownerDocument.defaultView ?? window]);
  const over = new AbortController();
  const how = { capture: true, signal: over.signal };
  const asked = (form: HTMLFormElement, by: Element | null): boolean => {
    const may = maySend(form, by, rules);
    if (!may) hold();
    return may;
  };
  const onSubmit = (event: Event): void => {
    if (asked(event.target as HTMLFormElement, (event as SubmitEvent).submitter)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  // The event does not leave a shadow root.
  for (const root of new Set([...views, ...[...outwards(element)].map((each) => each.getRootNode())])) {
    root.addEventListener('submit', onSubmit, how);
  }
  const onOwn = (event: Event): void => {
    if (event.isTrusted) own();
  };
  for (const view of views)
    for (const name of ['pointerdown', 'keydown', 'click']) view.addEventListener(name, onOwn, how);
  const late = setTimeout(own, AFTER_MS);
  const restored = [...views].flatMap(({ HTMLFormElement: { prototype } }) => [
    checked(prototype, 'submit', over.signal, asked),
    checked(prototype, 'requestSubmit', over.signal, asked),
  ]);
  return () => {
    clearTimeout(late);
    over.abort();
    for (const restore of restored) restore();
  };
}

/** `submit` has no event, and the event of `requestSubmit` may be in another shadow root: both are taken meanwhile. */
function checked(
  prototype: HTMLFormElement,
  name: 'submit' | 'requestSubmit',
  over: AbortSignal,
  may: (form: HTMLFormElement, by: Element | null) => boolean,
): () => void {
  const before = Object.getOwnPropertyDescriptor(prototype, name);
  if (!before?.configurable) return () => {};
  const value = function (this: HTMLFormElement, ...given: [HTMLElement?]): void {
    // Whoever has kept it, or put their own before it, has what it was.
    if (over.aborted || may(this, given[0] ?? null)) before.value.apply(this, given);
  };
  Object.defineProperty(prototype, name, { ...before, value });
  return () => {
    if (Object.getOwnPropertyDescriptor(prototype, name)?.value === value)
      Object.defineProperty(prototype, name, before);
  };
}
