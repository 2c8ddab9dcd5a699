import { describe, expect, it } from 'vitest';
import { SharedScreens } from '../../server/rooms/shared-screens.ts';

const [ana, luis, shopper] = ['agent.1.tab', 'agent.2.tab', 'shopper.tab'];

describe('promise 13: one shared screen for each side', () => {
  it('a colleague waits until the first one has stopped; the other side shares meanwhile', () => {
    const screens = new SharedScreens();
    screens.take(ana);
    screens.sent(ana, 'p1');
    expect(screens.otherThan(luis)).toEqual({ member: ana, producer: 'p1' });
    expect(screens.otherThan(ana)).toBeNull();
    expect(screens.otherThan(shopper)).toBeNull();
    screens.free(ana, 'her microphone');
    expect(screens.otherThan(luis)).not.toBeNull();
    screens.free(ana, 'p1');
    expect(screens.otherThan(luis)).toBeNull();
  });

  it('is taken from the first question on, and only its owner frees it', () => {
    const screens = new SharedScreens();
    screens.take(ana);
    expect(screens.otherThan(luis)).toEqual({ member: ana, producer: null });
    screens.free(luis);
    expect(screens.has(ana)).toBe(true);
    screens.take(ana);
    screens.free(ana);
    expect(screens.has(ana)).toBe(false);
  });
});
