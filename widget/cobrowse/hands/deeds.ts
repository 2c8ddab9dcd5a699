/**
 * Does what the agent asks for, with the events that a person's hands would cause. Their `isTrusted` is false, as of all
 * events that scripts make: browsers give them no right to open windows, file dialogs, full screen or the clipboard, and a
 * shop's own script that asks for trusted events does not answer to them. That is as it should be.
 */
import type { HandsDid } from '../../../server/protocol/hands.ts';
import { around, outwards } from './fences.ts';

/** What was done, or why not. `did` null: nothing has changed. */
export type Done = { did: HandsDid | null } | 'not-allowed' | 'gone';

type Field = HTMLInputElement | HTMLTextAreaElement;

/** `allowed`: looked at again after the pointer's events, which may have changed the page. */
export function click(element: Element, place: { fx: number; fy: number }, allowed: () => boolean): Done {
  const view = element.ownerDocument.defaultView;
  if (!view) return 'gone';
  const control = around(element, 'a[href],area[href],button,input,label');
  const box = element.getBoundingClientRect();
  const at = { clientX: box.left + place.fx * box.width, clientY: box.top + place.fy * box.height };
  const common = { bubbles: true, cancelable: true, composed: true, view, detail: 1, ...at };
  const pointer = { ...common, pointerId: 1, pointerType: 'mouse', isPrimary: true };
  for (const name of ['over', 'move', 'down', 'up']) {
    const buttons = name === 'down' ? 1 : 0;
    element.dispatchEvent(new view.PointerEvent(`pointer${name}`, { ...pointer, buttons }));
    element.dispatchEvent(new view.MouseEvent(`mouse${name}`, { ...common, buttons }));
  }
  if (!element.isConnected) return 'gone';
  if (!allowed()) return 'not-allowed';
  if ('click' in element) (element as HTMLElement).click();
  else element.dispatchEvent(new view.MouseEvent('click', common));
  return { did: didBy(control) };
}

function didBy(control: Element | null): HandsDid {
  const field = control?.localName === 'label' ? (control as HTMLLabelElement).control : control;
  if (field?.localName === 'input') {
    const { type, checked } = field as HTMLInputElement;
    if (type === 'radio') return 'chose';
    if (type === 'checkbox') return checked ? 'ticked' : 'unticked';
  }
  return control?.hasAttribute('href') ? 'followed' : 'clicked';
}

/** A framework's own `value` on the element would hide the change from it: the browser's setter is the one that counts. */
export function fill(field: Field, text: string): Done {
  const view = field.ownerDocument.defaultView;
  if (!view) return 'gone';
  const before = field.value;
  const owner = field.localName === 'input' ? view.HTMLInputElement : view.HTMLTextAreaElement;
  const write = (value: string) => Object.getOwnPropertyDescriptor(owner.prototype, 'value')?.set?.call(field, value);
  write(text);
  // A number field takes no letters, a range nothing beyond its ends.
  if (field.value.replaceAll('\r\n', '\n') !== text.replaceAll('\r\n', '\n')) {
    write(before);
    return 'not-allowed';
  }
  if (text === before) return { did: null };
  const how = { bubbles: true, composed: true, inputType: 'insertReplacementText', data: text };
  field.dispatchEvent(new view.InputEvent('input', how));
  field.dispatchEvent(new view.Event('change', { bubbles: true }));
  return { did: 'filled' };
}

export function choose(select: HTMLSelectElement, option: HTMLOptionElement): Done {
  const view = select.ownerDocument.defaultView;
  if (!view) return 'gone';
  if (select.multiple) option.selected = !option.selected;
  else if (option.selected) return { did: null };
  else select.selectedIndex = option.index;
  select.dispatchEvent(new view.Event('input', { bubbles: true, composed: true }));
  select.dispatchEvent(new view.Event('change', { bubbles: true }));
  return { did: 'chose' };
}

/** In windows of whatever scrolls around the element in that direction. */
export function scroll(element: Element, across: number, down: number): Done {
  for (const at of outwards(element)) {
    const root = at.ownerDocument.scrollingElement;
    if (at !== root && !scrolls(at, across !== 0, down !== 0)) continue;
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = at;
    at.scrollBy({ left: across * clientWidth, top: down * clientHeight, behavior: 'instant' });
    if (at.scrollLeft !== scrollLeft || at.scrollTop !== scrollTop) return { did: 'scrolled' };
  }
  return { did: null };
}

function scrolls(element: Element, across: boolean, down: boolean): boolean {
  const style = getComputedStyle(element);
  const can = (overflow: string): boolean => /^(?:auto|scroll)$/.test(overflow);
  return (
    (across && element.scrollWidth > element.clientWidth && can(style.overflowX)) ||
    (down && element.scrollHeight > element.clientHeight && can(style.overflowY))
  );
}

/** Never out of the shop: where the browser does not say what the page before is, only to one that linked here. */
export function back(): Done {
  if ('navigation' in window) {
    if (!window.navigation.canGoBack) return 'not-allowed';
    // It may be cut short by the next click; that is nobody's error.
    window.navigation.back().finished?.catch(() => {});
    return { did: 'went-back' };
  }
  const from = document.referrer;
  if (history.length < 2 || !URL.canParse(from) || new URL(from).origin !== location.origin) return 'not-allowed';
  history.back();
  return { did: 'went-back' };
}
