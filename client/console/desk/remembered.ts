import type { DeviceMemory } from '../../core/call/devices.ts';
import type { Presence } from '../../../server/protocol/views.ts';
import type { PendingMessage, PendingStore } from '../../core/thread.ts';
import type { Visit } from '../../../server/protocol/journey.ts';

/** What a browser tab remembers over a reload. A browser that refuses storage forgets; nothing else breaks. */
function read(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(`mostrador.${key}`);
  } catch {
    return null;
  }
}

function write(storage: () => Storage, key: string, value: string | null): void {
  try {
    if (value === null) storage().removeItem(`mostrador.${key}`);
    else storage().setItem(`mostrador.${key}`, value);
  } catch {
    // Full or forbidden: it is only remembering.
  }
}

const tabStorage = (): Storage => sessionStorage;
const browserStorage = (): Storage => localStorage;

/** Lives as long as the browser tab. */
export function tabId(): string {
  const known = read(tabStorage, 'tab');
  if (known) return known;
  const made = crypto.randomUUID();
  write(tabStorage, 'tab', made);
  return made;
}

export const rememberedDraft = (conversation: string): string => read(tabStorage, `draft.${conversation}`) ?? '';
export const rememberDraft = (conversation: string, text: string): void =>
  write(tabStorage, `draft.${conversation}`, text || null);

export const rememberedNote = (conversation: string): string => read(tabStorage, `note.${conversation}`) ?? '';
export const rememberNote = (conversation: string, text: string): void =>
  write(tabStorage, `note.${conversation}`, text || null);

export const rememberedSelection = (): string | null => read(tabStorage, 'selected');
export const rememberSelection = (conversation: string | null): void => write(tabStorage, 'selected', conversation);

/** The pages that a shopper was seen on. */
export const rememberedJourney = (conversation: string): readonly Visit[] =>
  JSON.parse(read(tabStorage, `journey.${conversation}`) ?? '[]') as Visit[];
export const rememberJourney = (conversation: string, visits: readonly Visit[]): void =>
  write(tabStorage, `journey.${conversation}`, JSON.stringify(visits));

/** A conversation is closed: nothing of it is needed again. */
export function forgetConversation(conversation: string): void {
  for (const what of ['draft', 'note', 'journey', 'pending']) write(tabStorage, `${what}.${conversation}`, null);
}

export function rememberedPending(conversation: string): PendingStore {
  const key = `pending.${conversation}`;
  return {
    load: () => JSON.parse(read(tabStorage, key) ?? '[]') as PendingMessage[],
    save: (pending) => write(tabStorage, key, pending.length > 0 ? JSON.stringify(pending) : null),
  };
}

/** Which devices were on in a call (before it was put on hold), so that a reload of the console brings back just these. */
export type DevicesOn = { microphone: boolean; camera: boolean };
export type RememberedDevices = DevicesOn & { held: boolean };
export function rememberedDevices(call: string): RememberedDevices {
  const known = read(tabStorage, `devices.${call}`);
  return known ? (JSON.parse(known) as RememberedDevices) : { microphone: true, camera: false, held: false };
}
export const rememberDevices = (call: string, devices: RememberedDevices): void =>
  write(tabStorage, `devices.${call}`, JSON.stringify(devices));
/** The call is over. */
export const forgetDevices = (call: string): void => write(tabStorage, `devices.${call}`, null);

export function rememberedPresence(): Presence | null {
  const known = read(browserStorage, 'presence');
  return known === 'available' || known === 'busy' || known === 'away' ? known : null;
}
export const rememberPresence = (presence: Presence): void => write(browserStorage, 'presence', presence);

const AGENT = 'mostrador.agent';

/**
 * Whose work this browser remembers from now on. Of anybody else's nothing is left, however their session ended.
 * False: somebody else's was here.
 */
export function rememberAgent(id: string): boolean {
  const same = [tabStorage, browserStorage].every((storage) => (read(storage, 'agent') ?? id) === id);
  if (!same) forgetWork();
  write(tabStorage, 'agent', id);
  write(browserStorage, 'agent', id);
  return same;
}

/** Whether something is written, or on its way, that signing out would lose. */
export function remembersWriting(): boolean {
  try {
    return Object.keys(sessionStorage).some((key) => /^mostrador\.(draft|note|pending)\./.test(key));
  } catch {
    return false;
  }
}

/** After signing out: nothing of this person's work stays for the next one at this browser. */
export function forgetWork(): void {
  try {
    const keys = Object.keys(sessionStorage).filter((key) => key.startsWith('mostrador.') && key !== 'mostrador.tab');
    for (const key of keys) sessionStorage.removeItem(key);
    localStorage.removeItem('mostrador.presence');
    localStorage.removeItem(AGENT);
  } catch {
    // There was nothing to forget.
  }
}

/** Calls back when another tab of this browser signs out, or somebody else in. Returns how to stop. */
export function onOtherAgent(callback: () => void): () => void {
  const changed = ({ key, newValue }: StorageEvent): void => {
    if (key === AGENT && newValue !== read(tabStorage, 'agent')) callback();
  };
  addEventListener('storage', changed);
  return () => removeEventListener('storage', changed);
}

/** Choices of the person, for every tab of the browser. */
export type Choice = 'sound' | 'sound-waits' | 'sound-message' | 'sound-ring' | 'letters' | 'notify';
/** On until the person says otherwise; notifications only once they have asked for them. */
export const rememberedChoice = (name: Choice): boolean =>
  name === 'notify' ? read(browserStorage, name) === 'on' : read(browserStorage, name) !== 'off';
export const rememberChoice = (name: Choice, on: boolean): void =>
  write(browserStorage, name, on ? (name === 'notify' ? 'on' : null) : 'off');

/** Which camera, microphone and speaker the person chose, for every call in this browser. */
export const chosenDevices: DeviceMemory = {
  get: (kind) => read(browserStorage, `device.${kind}`),
  set: (kind, id) => write(browserStorage, `device.${kind}`, id),
};
