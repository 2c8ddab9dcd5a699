import { describe, expect, it } from 'vitest';
import { shortcutFor, type Focus, type Key } from '../../client/console/desk/shortcuts.ts';

function press(key: string, focus: Focus, over: Partial<Key> = {}, letters = true): ReturnType<typeof shortcutFor> {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false };
  return shortcutFor({ key, ...plain, ...over }, focus, letters);
}

describe('promise 4: the keyboard', () => {
  it('takes no key from a text field but Esc', () => {
    for (const key of ['j', 'r', 'c', 'b', '?', 'Enter', 'ArrowDown', 'ArrowUp']) expect(press(key, 'text')).toBeNull();
    expect(press('Escape', 'text')).toBe('escape');
  });

  it('leaves the browser and the system their own: Ctrl+R, Cmd+C, Alt+B, an input method', () => {
    expect(press('r', 'page', { ctrlKey: true })).toBeNull();
    expect(press('c', 'page', { metaKey: true })).toBeNull();
    expect(press('b', 'page', { altKey: true })).toBeNull();
    expect(press('j', 'page', { isComposing: true })).toBeNull();
  });

  it('lets Enter and the arrows work a button, and opens the line that has the focus', () => {
    expect(press('Enter', 'control')).toBeNull();
    expect(press('ArrowDown', 'control')).toBeNull();
    expect(press('Enter', 'line')).toBe('open');
    expect(press('ArrowDown', 'line')).toBe('next');
  });

  it('opens the search with / outside fields, and with Ctrl+K or Cmd+K anywhere', () => {
    expect(press('/', 'page')).toBe('search');
    expect(press('/', 'text')).toBeNull();
    expect(press('/', 'page', {}, false)).toBeNull();
    for (const held of [{ ctrlKey: true }, { metaKey: true }]) expect(press('k', 'text', held, false)).toBe('search');
    expect(press('k', 'text', { ctrlKey: true, altKey: true })).toBeNull();
  });

  it('does not call again and again while C is held down, but moves on while J is', () => {
    expect(press('c', 'page', { repeat: true })).toBeNull();
    expect(press('Enter', 'line', { repeat: true })).toBeNull();
    expect(press('j', 'page', { repeat: true })).toBe('next');
  });

  it('has no single letters where the person turned them off', () => {
    expect(press('c', 'page', {}, false)).toBeNull();
    expect(press('ArrowDown', 'page', {}, false)).toBe('next');
  });
});
