export type Shortcut =
  | 'next'
  | 'previous'
  | 'open'
  | 'reply'
  | 'note'
  | 'call'
  | 'cobrowse'
  | 'microphone'
  | 'camera'
  | 'people'
  | 'take'
  | 'hand-over'
  | 'ticket'
  | 'presence'
  | 'spotlight'
  | 'laser'
  | 'draw'
  | 'arrow'
  | 'wipe'
  | 'hands'
  | 'search'
  | 'help'
  | 'escape';

/** The part of a KeyboardEvent that decides. */
export type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'repeat'>;

/** Where the keyboard is: in a text field, on a line of the lists, on another control, or nowhere in particular. */
export type Focus = 'text' | 'line' | 'control' | 'page';

const LETTERS: Record<string, Shortcut> = {
  j: 'next',
  k: 'previous',
  r: 'reply',
  n: 'note',
  c: 'call',
  b: 'cobrowse',
  m: 'microphone',
  v: 'camera',
  p: 'people',
  t: 'take',
  g: 'hand-over',
  e: 'ticket',
  o: 'presence',
  s: 'spotlight',
  l: 'laser',
  d: 'draw',
  a: 'arrow',
  x: 'wipe',
  h: 'hands',
  '/': 'search',
  '?': 'help',
};

/** What a key means here, or null where it is somebody else's: a text field's, a button's, the browser's. */
export function shortcutFor(key: Key, focus: Focus, letters: boolean): Shortcut | null {
  // As everywhere else; also from within a text field.
  const controlled = key.ctrlKey !== key.metaKey && !key.altKey && !key.isComposing;
  if (controlled && key.key.toLowerCase() === 'k') return key.repeat ? null : 'search';
  if (key.ctrlKey || key.metaKey || key.altKey || key.isComposing) return null;
  if (key.key === 'Escape') return 'escape';
  if (focus === 'text') return null;
  if (key.key === 'ArrowDown') return focus === 'control' ? null : 'next';
  if (key.key === 'ArrowUp') return focus === 'control' ? null : 'previous';
  if (key.key === 'Enter') return focus === 'control' || key.repeat ? null : 'open';
  if (!letters) return null;
  const shortcut = LETTERS[key.key.toLowerCase()] ?? null;
  const moves = shortcut === 'next' || shortcut === 'previous';
  return key.repeat && !moves ? null : shortcut;
}

const TEXT = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]';
const CONTROL = 'button, a[href], summary, input, [role="button"], [tabindex]:not([tabindex="-1"])';

export function focusOf(element: Element | null): Focus {
  if (!element || element === document.body) return 'page';
  if (element.matches(TEXT)) return 'text';
  if (element.matches('[data-line]')) return 'line';
  return element.matches(CONTROL) ? 'control' : 'page';
}
