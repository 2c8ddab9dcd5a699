/** What an agent may do with an element of the shopper's page. The shopper's browser decides, whoever asks. */
import { boxOf } from '../boxes.ts';
import { BLOCKED } from '../field.ts';
import { elementValue, isInside, isMasked } from '../page-nodes.ts';
import { isSecret } from './secret.ts';

/** `null`: it may be done. */
export type Fenced = 'masked' | 'not-allowed' | 'gone' | null;

export type Rules = {
  /** On the script tag: what may be pressed though it sends a form. */
  allow: string | null;
  /** Where links may lead besides the page's own origin. */
  origins: readonly string[];
};

/** Where somebody writes. */
const EDITED = '[contenteditable]:not([contenteditable="false" i])';
const NEVER = '[data-mostrador-hands="never" i]';
const ALLOW = '[data-mostrador-hands="allow" i]';
const CONTROL = 'a[href],area[href],button,input,select,textarea,summary,label';
const LINK = 'a,area';
const XLINK = 'http://www.w3.org/1999/xlink';
const PRESSED = `${CONTROL},[role="button" i],[role="link" i],[role="menuitem" i]`;
/** What a button says that orders or pays, whether it sends a form or calls a script. */
const ORDERS =
  /\b(?:pay|payment|pay ?pal|check ?out|buy|purchase|(?:place|complete|submit|send|finish|confirm) (?:the |your |my )?order|order now|subscribe|pagar?|pago|comprar|(?:realizar|hacer|completar|enviar|confirmar) (?:el |la |mi |tu |su )?(?:pedido|compra)|tramitar|finalizar|suscribir\w*|kaufen|bestellen|bezahlen|acheter|payer|commander|acquista|ordina|pagamento|encomendar)\b/i;
const WRITTEN = /^(?:text|search|email|tel|url|number|range|date|time|month|week|datetime-local|color|textarea)$/;
/** What stands there is the shop's, not the shopper's, until somebody changes it. */
const PRESET = /^(?:number|range|search|color|date|time|month|week|datetime-local)$/;

type Field = HTMLInputElement | HTMLTextAreaElement;

/** For anything that is done to an element. */
function reach(element: Element): Fenced {
  if (isInside(element, `${BLOCKED},${EDITED}`) || isMasked(element)) return 'masked';
  if (isInside(element, NEVER)) return 'not-allowed';
  return boxOf(element) ? within(element) : 'gone';
}

/** Where the shopper could not click either: switched off, or behind a dialog. */
function within(element: Element): Fenced {
  if (around(element, ':disabled,[inert]')) return 'not-allowed';
  const dialogs = document.querySelectorAll('dialog:modal');
  return dialogs.length > 0 && !around(element, 'dialog:modal') ? 'not-allowed' : null;
}

export function mayClick(element: Element, rules: Rules): Fenced {
  const reached = reach(element);
  if (reached) return reached;
  const control = around(element, CONTROL);
  const field = control?.localName === 'label' ? (control as HTMLLabelElement).control : control;
  if (control !== field && field && reach(field) === 'masked') return 'masked';
  if (field && /^(?:input|select|textarea)$/.test(field.localName)) {
    if ((field as HTMLInputElement).type === 'file') return 'not-allowed';
    if (isSecret(field)) return 'masked';
  }
  if (field && isInside(field, NEVER)) return 'not-allowed';
  const form = formOf(field);
  if (form && holdsSecret(form)) return 'not-allowed';
  const link = linkAround(element);
  if (link && !leadsOn(link, rules.origins)) return 'not-allowed';
  if (isAllowed(field ?? element, rules.allow)) return null;
  if (form) return 'not-allowed';
  if (link && !staysHere(link)) return null;
  return ORDERS.test(saidOn(field ?? element)) ? 'not-allowed' : null;
}

/** `written`: what these hands have put in before. */
export function mayFill(element: Element, text: string, written: string | undefined): Fenced {
  if (!/^(?:input|textarea)$/.test(element.localName)) return 'not-allowed';
  const field = element as Field;
  if (field.type === 'file') return 'not-allowed';
  if (isSecret(field)) return 'masked';
  const reached = reach(field);
  if (reached) return reached;
  if (!WRITTEN.test(field.type) || field.readOnly) return 'not-allowed';
  // What the shopper has typed is masked, and it is theirs, unless the shop has opened the field.
  const preset = PRESET.test(field.type) && field.value === field.defaultValue;
  const shown = elementValue(field) === field.value;
  if (!shown && field.value !== written && !preset) return 'masked';
  return field.maxLength >= 0 && text.length > field.maxLength ? 'not-allowed' : null;
}

export function mayChoose(element: Element, option: HTMLOptionElement | undefined): Fenced {
  if (element.localName !== 'select') return 'not-allowed';
  if (isSecret(element)) return 'masked';
  const reached = reach(element);
  if (reached) return reached;
  if (!option) return 'gone';
  return option.disabled || isInside(option, ':disabled') ? 'not-allowed' : null;
}

/** Whether a form that is about to be sent may be: by the button that was pressed, where there is one. */
export function maySend(form: HTMLFormElement, submitter: Element | null, rules: Rules): boolean {
  return !holdsSecret(form) && !isInside(form, NEVER) && isAllowed(submitter ?? form, rules.allow);
}

/** The element or the nearest one around it that matches. */
export function around(element: Element, selector: string): Element | null {
  for (const each of outwards(element)) if (each.matches(selector)) return each;
  return null;
}

/** The way of a click: through slots, and out of shadow roots and of frames. */
export function* outwards(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; at = next(at)) yield at;
}

function next(element: Element): Element | null {
  if (element.assignedSlot ?? element.parentElement) return element.assignedSlot ?? element.parentElement;
  const root = element.getRootNode();
  return 'host' in root ? (root.host as Element) : (element.ownerDocument.defaultView?.frameElement ?? null);
}

/** The form that pressing a button sends or empties. */
function formOf(control: Element | null): HTMLFormElement | null {
  if (control?.localName !== 'button' && control?.localName !== 'input') return null;
  const { type, form } = control as HTMLButtonElement | HTMLInputElement;
  return /^(?:submit|image|reset)$/.test(type) ? form : null;
}

/** A form with a password, a card or a code is sent by the shopper alone, whatever the shop allows. */
function holdsSecret(form: HTMLFormElement): boolean {
  // Not `form.elements`: a field of that name would stand in for it.
  const fields = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, 'elements')?.get?.call(form) as
    HTMLFormControlsCollection | undefined;
  return [...(fields ?? [])].some(
    (field) =>
      /^(?:input|select|textarea)$/.test(field.localName) &&
      !/^(?:hidden|file)$/.test((field as HTMLInputElement).type) &&
      isSecret(field),
  );
}

function isAllowed(element: Element, selector: string | null): boolean {
  if (isInside(element, ALLOW)) return true;
  try {
    return selector !== null && selector !== '' && around(element, selector) !== null;
  } catch {
    // The shop's selector is none: nothing is allowed by it.
    return false;
  }
}

/**
 * Only to pages of the shop, in this tab. A tab that a script opens is blocked by browsers, because nobody has clicked, and
 * would be another one than both look at.
 */
function leadsOn(link: Element, origins: readonly string[]): boolean {
  const url = addressOf(link);
  if (!url || link.hasAttribute('download')) return false;
  const target =
    link.getAttribute('target') ?? link.ownerDocument.querySelector('base[target]')?.getAttribute('target') ?? '';
  const here = target === '' || /^_(?:self|top|parent)$/i.test(target);
  return here && /^https?:$/.test(url.protocol) && [location.origin, ...origins].includes(url.origin);
}

function staysHere(link: Element): boolean {
  const url = addressOf(link);
  return url !== null && url.href.split('#')[0] === location.href.split('#')[0];
}

function linkAround(element: Element): Element | null {
  for (const each of outwards(element)) if (each.matches(LINK) && hrefOf(each) !== null) return each;
  return null;
}

/** A link in a drawing may have it in the older way. */
function hrefOf(link: Element): string | null {
  return link.getAttribute('href') ?? link.getAttributeNS(XLINK, 'href');
}

function addressOf(link: Element): URL | null {
  const href = hrefOf(link) ?? '';
  return URL.canParse(href, link.baseURI) ? new URL(href, link.baseURI) : null;
}

/** A whole card or section may speak of paying. */
const SAID_MAX = 60;

/**
 * Whatever of it may be shown to the agent: what a button does it does under a mask as well. Where nothing around it is known
 * to be pressed, a script may listen to any of the short things around it.
 */
function saidOn(element: Element): string {
  const pressed = around(element, PRESSED);
  const said: string[] = [];
  for (const each of outwards(element)) {
    const text = shortened(textOf(each));
    if (!pressed && text.length > SAID_MAX) break;
    if (!pressed || each === pressed) said.push(text, ...namesOf(each));
    if (each === pressed) break;
  }
  return said.filter((each) => each.length <= SAID_MAX).join(' ');
}

function namesOf(element: Element): string[] {
  const value = element.localName === 'input' ? (element as HTMLInputElement).value : '';
  const root = element.getRootNode() as Document | ShadowRoot;
  const ids = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
  const labels = ids.map((id) => shortened(root.getElementById(id)?.textContent ?? ''));
  const named = ['aria-label', 'title', 'alt'].map((name) => element.getAttribute(name) ?? '');
  const pictures = Array.from(element.querySelectorAll('img[alt]'), (image) => image.getAttribute('alt') ?? '');
  return [value, ...labels, ...named, ...pictures];
}

function shortened(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** As it is read: what stands in a shadow root, with what is put into its slots. */
function textOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.nodeValue ?? '';
  if (!(node.nodeType === Node.ELEMENT_NODE) || /^(?:script|style|template)$/.test((node as Element).localName))
    return '';
  const element = node as Element;
  const slotted = element.localName === 'slot' ? (element as HTMLSlotElement).assignedNodes() : [];
  const inside = slotted.length > 0 ? slotted : [...(element.shadowRoot ?? element).childNodes];
  let text = '';
  for (const each of inside) {
    text += textOf(each);
    if (text.length > 20 * SAID_MAX) break;
  }
  return text;
}
