import type { Chime } from './chime.ts';
import { rememberChoice, rememberedChoice } from './remembered.ts';

export const SOUND_KINDS = ['waits', 'message', 'ring'] as const;
export type SoundKind = (typeof SOUND_KINDS)[number];

export type Alert = {
  title: string;
  body: string;
  /** A newer one of the same replaces it. */ tag: string;
  go: () => void;
};

/** Whether notifications are shown on the desktop: wanted by the person, and let by the browser. */
export type Notifying = 'on' | 'off' | 'denied' | 'unsupported';

/** How the console makes itself noticed: sounds of its kinds, and notifications while nobody looks at it. All remembered. */
export class Alerts {
  sounds = $state<Record<SoundKind, boolean>>({
    waits: rememberedChoice('sound-waits'),
    message: rememberedChoice('sound-message'),
    ring: rememberedChoice('sound-ring'),
  });
  sound = $state(rememberedChoice('sound'));
  notifying = $state<Notifying>('off');
  #chime: Chime;
  #shown = new Map<string, Notification>();
  #looked = (): void => {
    if (isLookedAt()) this.#closeAll();
  };

  constructor(chime: Chime) {
    this.#chime = chime;
    this.#tellChime();
    this.#ask();
    addEventListener('focus', this.#looked);
    document.addEventListener('visibilitychange', this.#looked);
  }

  setSound(on: boolean): void {
    this.sound = on;
    rememberChoice('sound', on);
    this.#tellChime();
    if (on) this.#chime.message();
  }

  setKind(kind: SoundKind, on: boolean): void {
    this.sounds[kind] = on;
    rememberChoice(`sound-${kind}`, on);
    this.#tellChime();
    if (on) this.#chime.sample(kind);
  }

  /** From a click: the browser asks the person the first time. */
  async setNotifying(on: boolean): Promise<void> {
    if (on && 'Notification' in window && Notification.permission === 'default') await Notification.requestPermission();
    rememberChoice('notify', on);
    this.#ask();
  }

  /** Shown where nobody looks at the console; a click on it brings the person there. */
  tell({ title, body, tag, go }: Alert): void {
    if (this.notifying !== 'on' || isLookedAt()) return;
    this.#shown.get(tag)?.close();
    const notification = new Notification(title, { body, tag, silent: true });
    this.#shown.set(tag, notification);
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
      go();
    });
    notification.addEventListener('close', () => this.#shown.delete(tag));
  }

  close(): void {
    this.#closeAll();
    removeEventListener('focus', this.#looked);
    document.removeEventListener('visibilitychange', this.#looked);
  }

  #closeAll(): void {
    for (const notification of this.#shown.values()) notification.close();
    this.#shown.clear();
  }

  #ask(): void {
    const wanted = rememberedChoice('notify');
    if (!('Notification' in window)) this.notifying = 'unsupported';
    else if (Notification.permission === 'denied') this.notifying = 'denied';
    else this.notifying = wanted && Notification.permission === 'granted' ? 'on' : 'off';
  }

  #tellChime(): void {
    this.#chime.enabled = this.sound;
    this.#chime.kinds = { ...this.sounds };
  }
}

function isLookedAt(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
